//! What leaves: control first, then by urgency within the credit window.

use renkei_model::cbor::{from_canonical, to_canonical};

use crate::border::Border;
use crate::class::Class;
use crate::clock::Elapsed;
use crate::frame::{self, COMPACT_VERSION, Kind};
use crate::message::{Ack, ClassCursor, Credit, Heartbeat, Observations, send};
use crate::outbox::CHUNK_DATA_MAX;
use crate::session::{HEARTBEAT_MS, Session};
use crate::shares::Lane;

/// A frame with less room than this takes no further piece of an entry.
const PIECE_ROOM: usize = 128;

impl Border {
    /// Appends what the session may send now.
    pub(crate) fn write(&mut self, out: &mut Vec<u8>, bytes_max: usize) {
        let Some(mut session) = self.session.take() else { return };
        if !session.hello_sent {
            session.hello_sent = true;
            send(out, Kind::Hello, &self.hello(session.number));
            Class::ALL.into_iter().for_each(|class| self.inboxes.get_mut(class).told());
        }
        if session.greeting().is_some() {
            self.write_control(&mut session, out);
            while out.len() < bytes_max && self.write_next(&mut session, out) {}
        }
        if let Some(farewell) = session.take_farewell() {
            send(out, Kind::Refuse, &farewell);
        }
        self.session = Some(session);
    }

    /// Class 0: built from what stands now, so that nothing of it can pile up.
    fn write_control(&mut self, session: &mut Session, out: &mut Vec<u8>) {
        let now = self.clock.elapsed();
        if session.heartbeat_sent.is_none_or(|sent| now.since(sent) >= HEARTBEAT_MS) {
            session.heartbeat_sent = Some(now);
            let heard = session.heartbeat_heard;
            send(out, Kind::Heartbeat, &self.heartbeat(heard, now));
        }
        let acknowledged = |class: Class| {
            let cursor = self.inboxes.get_mut(class).take_acknowledgement()?;
            Some(ClassCursor { class: class.code(), cursor })
        };
        let cursors: Vec<_> = Class::ALL.into_iter().filter_map(acknowledged).collect();
        if !cursors.is_empty() {
            send(out, Kind::Ack, &Ack { cursors });
        }
        if session.taken > session.taken_told {
            session.taken_told = session.taken;
            send(out, Kind::Credit, &Credit { taken: session.taken });
        }
    }

    /// Appends one frame of classes 1 to 4; false when none may go.
    fn write_next(&mut self, session: &mut Session, out: &mut Vec<u8>) -> bool {
        let now = self.clock.elapsed();
        if session.flow.has_room(true) && self.outboxes.decisions.is_ready() {
            let bytes = self.write_chunk(session, Class::Decisions, out);
            session.flow.sent(bytes, now);
            return true;
        }
        if !session.flow.has_room(false) {
            return false;
        }
        let waiting = |lane| match lane {
            Lane::Incidents => self.outboxes.incidents.is_ready(),
            Lane::Observations => self.latest.is_ready(),
            Lane::Documents => self.outboxes.documents.is_ready(),
        };
        let Some(lane) = session.shares.next(waiting) else { return false };
        let bytes = match lane {
            Lane::Incidents => self.write_chunk(session, Class::Incidents, out),
            Lane::Observations if session.protocol() >= COMPACT_VERSION => {
                self.write_picture(session, out)
            }
            Lane::Observations => {
                let items = self.latest.take(CHUNK_DATA_MAX);
                send(out, Kind::Observations, &Observations { items })
            }
            Lane::Documents => self.write_chunk(session, Class::Documents, out),
        };
        session.shares.charge(lane, bytes);
        session.flow.sent(bytes, now);
        true
    }

    fn write_chunk(&mut self, session: &mut Session, class: Class, out: &mut Vec<u8>) -> usize {
        let outbox = self.outboxes.get_mut(class);
        if session.protocol() < COMPACT_VERSION {
            let chunk = outbox.next_chunk(CHUNK_DATA_MAX);
            return chunk.map_or(0, |chunk| send(out, Kind::Chunk, &chunk));
        }
        let most = session.packer.raw_bytes();
        let mut raw = Vec::new();
        while raw.len() + PIECE_ROOM <= most {
            let Some(chunk) = outbox.next_chunk(most - raw.len()) else { break };
            raw.extend(to_canonical(&chunk));
        }
        frame::send(out, Kind::Pieces, &session.packer.pack(&raw, &[]))
    }

    fn write_picture(&mut self, session: &mut Session, out: &mut Vec<u8>) -> usize {
        let values = self.latest.first(session.writer.values());
        // They were written by `to_bytes` when they were offered, so that each reads.
        let releases: Vec<_> = values.filter_map(|bytes| from_canonical(bytes).ok()).collect();
        let (body, count) = session.writer.frame(&releases);
        self.latest.sent(count);
        frame::send(out, Kind::Picture, &body)
    }

    fn heartbeat(&self, heard: Option<(i64, Elapsed)>, now: Elapsed) -> Heartbeat {
        Heartbeat {
            sent_at: self.clock.wall().0,
            behind_ms: self.latest.waiting_ms(now).unwrap_or(0),
            echo: heard.map(|(sent_at, _)| sent_at),
            held_ms: heard.map(|(_, at)| now.since(at)),
        }
    }
}
