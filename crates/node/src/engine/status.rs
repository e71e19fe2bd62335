//! The `status` message, the health answer, and the publication of the picture and the affairs.

use std::collections::BTreeMap;
use std::sync::Arc;

use renkei_core::affairs::AffairsInput;
use renkei_link::status::LinkStatus;
use renkei_model::id::Nation;
use renkei_model::time::Timestamp;
use serde_json::{Value, json};

use super::Engine;
use super::border::words;
use crate::clock;
use crate::keeper::ToKeeper;
use crate::published::{ByViewer, Frame};

impl Engine {
    /// Steps the picture on every screen.
    pub(super) fn publish_picture(&mut self, now: Timestamp) {
        self.seq = self.seq.wrapping_add(1);
        let seq = self.seq;
        let frame = |rows: Arc<[crate::published::Row]>| Frame { seq, at: now, rows };
        let own = frame(self.rows.refresh(&self.picture, self.base, now));
        let told = self.rows.take_told();
        if !told.is_empty() && !self.keeper.ask(ToKeeper::Told(told)) {
            self.store_error = Some("the disk is too slow for the track history".into());
        }
        let mut released = BTreeMap::new();
        for (partner, rows) in &mut self.released_rows {
            for number in self.picture.take_shared_changes(*partner) {
                rows.changed(number);
            }
            if self.borders.contains_key(partner) {
                released.insert(*partner, frame(rows.refresh(&self.picture, self.base, now)));
            }
        }
        self.publisher.frames.send_replace(ByViewer { own, released });
    }

    /// Puts the newest affairs on every screen, and notes what was shown first.
    pub(super) fn publish_affairs(&mut self, now: Timestamp) {
        let text = |view: &renkei_core::affairs::view::AffairsView| -> Arc<str> {
            let mut value = serde_json::to_value(view).unwrap_or(Value::Null);
            value["type"] = "affairs".into();
            value.to_string().into()
        };
        let view = self.affairs.snapshot(now);
        let own = text(&view);
        let released = self.borders.keys().filter_map(|partner| {
            let view = self.affairs.snapshot_for(*partner, now)?;
            Some((*partner, text(&view)))
        });
        let released = released.collect();
        let screens = self.publisher.affairs.receiver_count() > 1;
        self.publisher.affairs.send_replace(ByViewer { own, released });
        for incident in view.incidents.iter().filter(|i| screens && i.times.own.t2.is_none()) {
            if self.shown.insert(incident.id.clone())
                && let Ok(id) = incident.id.parse()
            {
                let shown = AffairsInput::Shown { incident: id };
                self.affairs_input(incident.partner, shown, now);
            }
        }
    }

    /// Says how the node fares. A liaison hears of its own nation's link alone.
    pub(super) fn publish_status(&mut self, now: Timestamp) {
        let links: BTreeMap<Nation, LinkStatus> =
            self.borders.iter().map(|(partner, b)| (*partner, b.status())).collect();
        let first = self.affairs.first();
        let tracks = self.rows.len();
        let uptime_s = now.since_ms(self.base) / 1_000;
        let store = json!({"ok": self.store_error.is_none(), "error": self.store_error});
        let mut text = json!({
            "type": "status", "now_ms": now, "tracks": tracks,
            "feeds": self.feeds.view(now), "approach": self.picture.approach_coverage(),
            "words": self.words.view(), "clock_speed": clock::speed(), "store": store,
            "uptime_s": uptime_s,
        });
        let mut of = |partner: Nation, all: bool| -> Arc<str> {
            let link = links.get(&partner);
            text["link"] = link.map_or(Value::Null, link_json);
            text["clock"] = json!({"offset_ms": link.and_then(|s| s.clock_offset_ms)});
            match text.as_object_mut() {
                Some(text) if all && links.len() > 1 => {
                    text.insert("links".into(), by_nation(&links, link_json));
                }
                Some(text) => {
                    text.remove("links");
                }
                None => {}
            }
            text.to_string().into()
        };
        let own = of(first, true);
        let released = links.keys().map(|partner| (*partner, of(*partner, false))).collect();
        self.publisher.status.send_replace(ByViewer { own, released });
        let word = if self.store_error.is_some() { "store" } else { "ok" };
        let link = links.get(&first);
        let down = json!({"state": "down", "lag_ms": null, "queued": 0});
        let mut health = json!({
            "status": word, "nation": self.nation, "partition": self.config.partition,
            "tracks": tracks, "link": link.map_or(down, brief_json),
            "clock": {"offset_ms": link.and_then(|s| s.clock_offset_ms)}, "uptime_s": uptime_s,
        });
        if links.len() > 1 {
            health["links"] = by_nation(&links, brief_json);
        }
        self.publisher.health.send_replace(health.to_string().into());
    }
}

fn by_nation(links: &BTreeMap<Nation, LinkStatus>, json: fn(&LinkStatus) -> Value) -> Value {
    links.iter().map(|(partner, status)| (partner.to_string(), json(status))).collect()
}

/// A link as the screens need it.
fn link_json(s: &LinkStatus) -> Value {
    json!({
        "partner": s.partner, "state": if s.up { "up" } else { "down" }, "since_ms": s.since,
        "lag_ms": s.lag_ms, "queued": s.queued, "as_of_ms": s.as_of,
        "round_trip_ms": s.round_trip_ms, "memory_bytes": s.memory_bytes,
        "last_error": s.last_error.as_ref().map(|e| json!({"at_ms": e.at, "text": words(&e.why)})),
    })
}

/// A link as the health answer has it.
fn brief_json(s: &LinkStatus) -> Value {
    json!({
        "state": if s.up { "up" } else { "down" }, "lag_ms": s.up.then_some(s.lag_ms),
        "queued": s.queued.iter().sum::<u64>(), "memory_bytes": s.memory_bytes,
    })
}
