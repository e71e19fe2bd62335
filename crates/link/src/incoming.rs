//! What arrives: frames to events.

use renkei_policy::ObservationRelease;

use crate::border::{Border, Event};
use crate::class::Class;
use crate::frame::{Frame, HEADER_BYTES, IGNORABLE_FROM, Kind};
use crate::message::{Ack, Chunk, Credit, Entry, Heartbeat, Observations, Observed, read};
use crate::refusal::{Refusal, RefusalCode};
use crate::session::{Session, malformed};

impl Border {
    /// Cuts `bytes` into frames and acts on each until the session ends.
    pub(crate) fn read(&mut self, mut bytes: &[u8]) {
        while let Some(session) = self.session.as_mut().filter(|session| !session.is_over()) {
            let outcome = match session.reader.next(&mut bytes) {
                Ok(None) => return,
                Ok(Some(frame)) => {
                    session.last_frame = self.clock.elapsed();
                    self.counters.frames_in += 1;
                    self.take(&frame)
                }
                Err(error) => Err(malformed(error)),
            };
            if let Err(refusal) = outcome {
                self.refuse(refusal);
            }
        }
    }

    fn take(&mut self, frame: &Frame) -> Result<(), Refusal> {
        let Some(kind) = Kind::from_code(frame.kind) else { return self.take_unknown(frame.kind) };
        let protocol = self.session.as_ref().map_or(0, Session::protocol);
        if protocol > 0 && protocol < kind.since() {
            return self.take_unknown(frame.kind);
        }
        let is_open = protocol > 0;
        let body = frame.body.as_slice();
        match (kind, is_open) {
            (Kind::Refuse, _) => {
                let Refusal { code, words } = read(body, "REFUSE").map_err(malformed)?;
                self.refused(Refusal::new(code, words));
                Ok(())
            }
            (Kind::Hello, false) => self.greet(body),
            (Kind::Hello, true) | (_, false) => {
                Err(Refusal::new(RefusalCode::Malformed, "HELLO comes first and once"))
            }
            (Kind::Heartbeat, true) => self.take_heartbeat(body),
            (Kind::Ack, true) => self.take_ack(body),
            (Kind::Credit, true) => self.take_credit(body),
            (Kind::Chunk, true) => self.take_chunk(body),
            (Kind::Observations, true) => self.take_observations(body),
            (Kind::Picture, true) => self.take_picture(body),
            (Kind::Pieces, true) => self.take_pieces(body),
        }
    }

    fn take_unknown(&mut self, kind: u8) -> Result<(), Refusal> {
        if kind >= IGNORABLE_FROM {
            self.counters.frames_unknown += 1;
            return Ok(());
        }
        let words = format!("a frame of kind {kind}, which this version does not know");
        Err(Refusal::new(RefusalCode::UnknownFrame, words))
    }

    fn take_heartbeat(&mut self, body: &[u8]) -> Result<(), Refusal> {
        let heartbeat: Heartbeat = read(body, "HEARTBEAT").map_err(malformed)?;
        let now = self.clock.wall();
        if let (Some(echo), Some(held_ms)) = (heartbeat.echo, heartbeat.held_ms) {
            let echo = renkei_model::time::Timestamp(echo);
            self.offset.sample(now, echo, held_ms, heartbeat.sent_at);
        }
        let half_trip = self.offset.round_trip_ms().unwrap_or(0) / 2;
        let age = heartbeat.behind_ms.saturating_add(half_trip);
        let as_of = now.plus_ms(i64::try_from(age).unwrap_or(i64::MAX).saturating_neg());
        self.as_of = Some(self.as_of.map_or(as_of, |known| known.max(as_of)));
        if let Some(session) = self.session.as_mut() {
            session.heartbeat_heard = Some((heartbeat.sent_at, self.clock.elapsed()));
        }
        Ok(())
    }

    fn take_ack(&mut self, body: &[u8]) -> Result<(), Refusal> {
        let ack: Ack = read(body, "ACK").map_err(malformed)?;
        let now = self.clock.elapsed();
        for stated in ack.cursors {
            let Some(class) = Class::from_code(stated.class) else { continue };
            if stated.cursor.epoch != self.config.epoch {
                continue;
            }
            let seq = stated.cursor.seq;
            match self.outboxes.get_mut(class).acknowledged(seq, now) {
                Some(true) => self.events.push(Event::PartnerApplied { class, seq }),
                Some(false) => {}
                None => {
                    return Err(malformed(format!(
                        "entry {seq} acknowledged, which was never sent"
                    )));
                }
            }
        }
        Ok(())
    }

    fn take_credit(&mut self, body: &[u8]) -> Result<(), Refusal> {
        let Credit { taken } = read(body, "CREDIT").map_err(malformed)?;
        let now = self.clock.elapsed();
        let Some(session) = self.session.as_mut() else { return Ok(()) };
        if session.flow.credit(taken, now) {
            return Ok(());
        }
        Err(malformed(format!("credit for {taken} bytes, more than were sent")))
    }

    fn take_chunk(&mut self, body: &[u8]) -> Result<(), Refusal> {
        self.count_taken(body);
        self.take_piece(read(body, "CHUNK").map_err(malformed)?)
    }

    fn take_pieces(&mut self, body: &[u8]) -> Result<(), Refusal> {
        self.count_taken(body);
        let Some(session) = self.session.as_mut() else { return Ok(()) };
        let unpacked = session.unpacker.unpack(body);
        let (raw, _) = unpacked.map_err(|error| malformed(format!("read PIECES: {error}")))?;
        let mut pieces = minicbor::Decoder::new(&raw);
        while pieces.position() < raw.len() {
            let piece = pieces.decode();
            self.take_piece(piece.map_err(|error| malformed(format!("read PIECES: {error}")))?)?;
        }
        Ok(())
    }

    fn take_piece(&mut self, chunk: Chunk) -> Result<(), Refusal> {
        let class = Class::from_code(chunk.class)
            .ok_or_else(|| malformed(format!("class {} keeps no log", chunk.class)))?;
        let inbox = self.inboxes.get_mut(class);
        if let Some(bytes) = inbox.take(&chunk)? {
            let cursor = inbox.received();
            let Entry { seen, record } = read(&bytes, "a log entry").map_err(malformed)?;
            self.events.push(Event::Record { class, cursor, seen, record });
        }
        Ok(())
    }

    fn take_observations(&mut self, body: &[u8]) -> Result<(), Refusal> {
        self.count_taken(body);
        let observations: Observations = read(body, "OBSERVATIONS").map_err(malformed)?;
        for Observed { version: _, release } in observations.items {
            self.take_observation(&release);
        }
        Ok(())
    }

    fn take_picture(&mut self, body: &[u8]) -> Result<(), Refusal> {
        self.count_taken(body);
        let partner = self.config.partner;
        let Some(session) = self.session.as_mut() else { return Ok(()) };
        let releases = session.picture.read(body, partner);
        let releases = releases.map_err(|error| malformed(format!("read PICTURE: {error}")))?;
        for release in releases {
            // Written and read again: the rules for what may stand in a release are in one place.
            self.take_observation(&release.to_bytes());
        }
        Ok(())
    }

    fn take_observation(&mut self, bytes: &[u8]) {
        match ObservationRelease::from_bytes(bytes, self.config.partner) {
            Ok(release) => {
                self.counters.observations_in += 1;
                self.events.push(Event::Observation { release: Box::new(release) });
            }
            Err(error) => {
                self.counters.observations_dropped += 1;
                self.last_dropped = Some(error.to_string());
            }
        }
    }

    fn count_taken(&mut self, body: &[u8]) {
        if let Some(session) = self.session.as_mut() {
            session.taken += (HEADER_BYTES + body.len()) as u64;
        }
    }
}
