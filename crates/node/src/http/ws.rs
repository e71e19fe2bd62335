//! The live connection of one screen: the newest frame as a difference to what this screen has.
//!
//! Binary message (little endian), the kinematics of the picture:
//!
//! | bytes | field | unit |
//! |---|---|---|
//! | 1 | version = 1 | |
//! | 1 | kind: 0 snapshot, 1 difference | |
//! | 2 | reserved, 0 | |
//! | 4 | sequence | frames |
//! | 8 | server time, IEEE 754 | ms since 1970 |
//! | 4 | n | rows |
//! | 4·n | handle | |
//! | 4·n, 4·n | latitude, longitude, signed | 1e-6 degree |
//! | 2·n | course, 65535 = none | 0.01 degree |
//! | 2·n | speed, 65535 = none | 0.1 knot |
//! | 4·n | event time since `base_ms` | 0.1 s |
//! | 2·n | flags, see [`crate::published::flags`] | |

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::ws::{Message, WebSocket};
use renkei_model::id::Nation;
use serde::Deserialize;
use serde_json::json;

use crate::published::{Frame, Kinematics, Published, Row};

/// Longest text a screen may send.
pub(crate) const CLIENT_MESSAGE_BYTES_MAX: usize = 4_096;

/// What a screen may send.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
enum ClientMessage {
    /// Limits the picture to `[west, south, east, north]` in degrees; west > east crosses 180°.
    Subscribe { bbox: [f64; 4] },
}

/// Who looks, and where the engine's time begins.
pub(crate) struct Viewer {
    /// The viewer's nation.
    pub(crate) nation: Nation,
    /// The floor's nation.
    pub(crate) floor: Nation,
    /// The `hello` message.
    pub(crate) hello: String,
}

/// Serves one screen until it goes away.
pub(crate) async fn serve(mut socket: WebSocket, mut published: Published, viewer: Viewer) {
    if socket.send(Message::Text(viewer.hello.clone().into())).await.is_err() {
        return;
    }
    let mut screen = Screen::default();
    published.frames.mark_changed();
    published.affairs.mark_changed();
    published.status.mark_changed();
    loop {
        let messages = tokio::select! {
            changed = published.frames.changed() => {
                if changed.is_err() { return; }
                let frame = published.frames.borrow_and_update().view(viewer.nation, viewer.floor);
                screen.update(&frame)
            }
            changed = published.affairs.changed() => {
                if changed.is_err() { return; }
                let text = published.affairs.borrow_and_update().view(viewer.nation, viewer.floor);
                texts(&text)
            }
            changed = published.status.changed() => {
                if changed.is_err() { return; }
                let text: Arc<str> =
                    published.status.borrow_and_update().view(viewer.nation, viewer.floor);
                texts(&text)
            }
            received = socket.recv() => match received {
                Some(Ok(Message::Text(text))) => {
                    let Ok(ClientMessage::Subscribe { bbox }) = serde_json::from_str(&text) else {
                        return;
                    };
                    screen.bbox = Some(bbox);
                    published.frames.mark_changed();
                    continue;
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
                _ => return,
            },
        };
        for message in messages {
            if socket.send(message).await.is_err() {
                return;
            }
        }
    }
}

fn texts(text: &str) -> Vec<Message> {
    if text.is_empty() { Vec::new() } else { vec![Message::Text(text.to_owned().into())] }
}

/// What this screen already has.
#[derive(Default)]
pub(crate) struct Screen {
    bbox: Option<[f64; 4]>,
    started: bool,
    rows: BTreeMap<u32, (u64, Option<Kinematics>)>,
}

impl Screen {
    /// A screen that shows `[west, south, east, north]` in degrees and nothing else.
    pub(crate) fn limited_to(bbox: [f64; 4]) -> Self {
        Self { bbox: Some(bbox), ..Self::default() }
    }

    /// The messages that bring this screen to `frame`.
    pub(crate) fn update(&mut self, frame: &Frame) -> Vec<Message> {
        let mut add = String::new();
        let mut moved: Vec<(u32, Kinematics)> = Vec::new();
        let mut remaining = std::mem::take(&mut self.rows);
        let bbox = self.bbox;
        for row in frame.rows.iter().filter(|row| shows(bbox, row)) {
            let had = remaining.remove(&row.number);
            if had.is_none_or(|(version, _)| version != row.meta_version) {
                if !add.is_empty() {
                    add.push(',');
                }
                add.push_str(&row.meta);
            }
            if let Some(k) = row.kinematics
                && had.is_none_or(|(_, before)| before != Some(k))
            {
                moved.push((row.number, k));
            }
            self.rows.insert(row.number, (row.meta_version, row.kinematics));
        }
        let remove: Vec<u32> = remaining.into_keys().collect();
        let mut messages = Vec::new();
        if !add.is_empty() || !remove.is_empty() {
            let text = format!(r#"{{"type":"tracks","add":[{add}],"remove":{}}}"#, json!(remove));
            messages.push(Message::Text(text.into()));
        }
        messages.push(Message::Binary(encode(frame, &moved, !self.started).into()));
        self.started = true;
        messages
    }
}

/// Whether a screen limited to `bbox` shows `row`; what has no position is shown.
fn shows(bbox: Option<[f64; 4]>, row: &Row) -> bool {
    let (Some([west, south, east, north]), Some(k)) = (bbox, row.kinematics) else { return true };
    let (lat, lon) = (f64::from(k.latitude_udeg) / 1e6, f64::from(k.longitude_udeg) / 1e6);
    let across = if west <= east { west <= lon && lon <= east } else { lon >= west || lon <= east };
    across && south <= lat && lat <= north
}

fn encode(frame: &Frame, rows: &[(u32, Kinematics)], snapshot: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(20 + rows.len() * 22);
    out.extend([1, u8::from(!snapshot), 0, 0]);
    out.extend(frame.seq.to_le_bytes());
    #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 fit 53 bits")]
    out.extend((frame.at.0 as f64).to_le_bytes());
    out.extend(u32::try_from(rows.len()).unwrap_or(u32::MAX).to_le_bytes());
    rows.iter().for_each(|(handle, _)| out.extend(handle.to_le_bytes()));
    rows.iter().for_each(|(_, k)| out.extend(k.latitude_udeg.to_le_bytes()));
    rows.iter().for_each(|(_, k)| out.extend(k.longitude_udeg.to_le_bytes()));
    rows.iter().for_each(|(_, k)| out.extend(k.course_cdeg.to_le_bytes()));
    rows.iter().for_each(|(_, k)| out.extend(k.speed_dkn.to_le_bytes()));
    rows.iter().for_each(|(_, k)| out.extend(k.time_ds.to_le_bytes()));
    rows.iter().for_each(|(_, k)| out.extend(k.flags.to_le_bytes()));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn row(number: u32, meta_version: u64, latitude_udeg: i32) -> Row {
        let kinematics = Kinematics {
            latitude_udeg,
            longitude_udeg: 125_000_000,
            course_cdeg: 9_000,
            speed_dkn: 100,
            time_ds: 1,
            flags: 0,
        };
        let meta = format!(r#"{{"handle":{number}}}"#).into();
        Row { number, meta, meta_version, kinematics: Some(kinematics) }
    }

    fn check(screen: &mut Screen, rows: Vec<Row>, expect: &Expect) {
        let frame = Frame { seq: 1, at: renkei_model::time::Timestamp(0), rows: rows.into() };
        let told: Vec<String> = screen
            .update(&frame)
            .into_iter()
            .map(|m| match m {
                Message::Text(t) => t.to_string(),
                Message::Binary(b) => format!("kind {} rows {}", b[1], b[16]),
                other => format!("{other:?}"),
            })
            .collect();
        expect.assert_eq(&told.join("\n"));
    }

    #[test]
    fn a_screen_gets_a_snapshot_then_only_what_changed() {
        let mut screen = Screen::default();
        check(
            &mut screen,
            vec![row(1, 1, 25_000_000), row(2, 1, 26_000_000)],
            &expect![[r#"
            {"type":"tracks","add":[{"handle":1},{"handle":2}],"remove":[]}
            kind 0 rows 2"#]],
        );
        check(
            &mut screen,
            vec![row(1, 1, 25_000_100), row(2, 1, 26_000_000)],
            &expect!["kind 1 rows 1"],
        );
        check(
            &mut screen,
            vec![row(2, 2, 26_000_000)],
            &expect![[r#"
            {"type":"tracks","add":[{"handle":2}],"remove":[1]}
            kind 1 rows 0"#]],
        );
    }

    #[test]
    fn a_viewport_removes_what_lies_outside() {
        let mut screen = Screen::limited_to([124.0, 24.0, 126.0, 25.5]);
        check(
            &mut screen,
            vec![row(1, 1, 25_000_000), row(2, 1, 26_000_000)],
            &expect![[r#"
            {"type":"tracks","add":[{"handle":1}],"remove":[]}
            kind 0 rows 1"#]],
        );
    }
}
