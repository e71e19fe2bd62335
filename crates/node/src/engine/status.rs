//! The `status` message, the health answer, and the publication of the picture and the affairs.

use std::collections::BTreeMap;
use std::sync::Arc;

use renkei_core::affairs::AffairsInput;
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
        let released = self.border.as_ref().map(|b| b.partner);
        for number in self.picture.take_shared_changes() {
            self.released_rows.changed(number);
        }
        let released = released.map(|partner| {
            (partner, frame(self.released_rows.refresh(&self.picture, self.base, now)))
        });
        let released: BTreeMap<_, _> = released.into_iter().collect();
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
        let released = self.border.as_ref().map(|b| b.partner);
        let released =
            released.map(|n| (n, text(&self.affairs.snapshot_for(n, now)))).into_iter().collect();
        let screens = self.publisher.affairs.receiver_count() > 1;
        self.publisher.affairs.send_replace(ByViewer { own, released });
        for incident in view.incidents.iter().filter(|i| screens && i.times.own.t2.is_none()) {
            if self.shown.insert(incident.id.clone())
                && let Ok(id) = incident.id.parse()
            {
                self.affairs_input(AffairsInput::Shown { incident: id }, now);
            }
        }
    }

    /// Says how the node fares.
    pub(super) fn publish_status(&mut self, now: Timestamp) {
        let status = self.border.as_ref().map(super::border::BorderSide::status);
        let tracks = self.rows.len();
        let up = status.as_ref().is_some_and(|s| s.up);
        let offset = status.as_ref().and_then(|s| s.clock_offset_ms);
        let queued: u64 = status.as_ref().map_or(0, |s| s.queued.iter().sum());
        let link = status.as_ref().map(|s| {
            json!({
                "partner": s.partner, "state": if s.up { "up" } else { "down" }, "since_ms": s.since,
                "lag_ms": s.lag_ms, "queued": s.queued, "as_of_ms": s.as_of,
                "round_trip_ms": s.round_trip_ms, "memory_bytes": s.memory_bytes,
                "last_error": s.last_error.as_ref().map(|e| json!({"at_ms": e.at, "text": words(&e.why)})),
            })
        });
        let uptime_s = now.since_ms(self.base) / 1_000;
        let store = json!({"ok": self.store_error.is_none(), "error": self.store_error});
        let text = json!({
            "type": "status", "now_ms": now, "tracks": tracks, "link": link,
            "feeds": self.feeds.view(now), "approach": self.picture.approach_coverage(),
            "words": self.words.view(), "clock_speed": clock::speed(), "clock": {"offset_ms": offset}, "store": store,
            "uptime_s": uptime_s,
        });
        self.publisher.status.send_replace(text.to_string().into());
        let word = if self.store_error.is_some() { "store" } else { "ok" };
        let lag = status.as_ref().filter(|s| s.up).map(|s| s.lag_ms);
        let health = json!({
            "status": word, "nation": self.nation, "partition": self.config.partition,
            "tracks": tracks,
            "link": {"state": if up { "up" } else { "down" }, "lag_ms": lag, "queued": queued},
            "clock": {"offset_ms": offset}, "uptime_s": uptime_s,
        });
        self.publisher.health.send_replace(health.to_string().into());
    }
}
