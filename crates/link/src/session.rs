//! One connection: greeting, liveness and end.

use renkei_model::statement::RECORD_VERSION;

use crate::border::{Border, Event};
use crate::class::{Class, Cursor};
use crate::clock::Elapsed;
use crate::compact::{self, Packer, Unpacker, Writer};
use crate::flow::Flow;
use crate::frame::Reader;
use crate::message::{
    ClassCursor, DOMAIN, Hello, HelloPrefix, PROTOCOL_OLDEST, PROTOCOL_VERSION, read,
};
use crate::refusal::{Refusal, RefusalCode};
use crate::shares::Shares;
use crate::status::Greeting;

/// No whole frame for this long ends a session, in milliseconds: ten heartbeats. Shorter would cut
/// a link that TCP is about to mend (three retransmissions at 600 ms round trip take 8 s); with no
/// limit a half-open connection starves the reconnect for ever.
pub(crate) const IDLE_MS_MAX: u64 = 10_000;
/// Bytes on their way without any credit for this long end a session, in milliseconds: the partner
/// speaks but does not listen.
const STALL_MS_MAX: u64 = 30_000;
/// A heartbeat leaves this long after the one before, in milliseconds.
pub(crate) const HEARTBEAT_MS: u64 = 1_000;

#[derive(Debug)]
enum Phase {
    /// The partner's HELLO has not come.
    Greeting,
    /// Both accepted.
    Open(Greeting),
    /// Ended; the farewell is still to be sent when there is one.
    Over(Option<Refusal>),
}

/// One connection to the partner.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) number: u64,
    phase: Phase,
    pub(crate) reader: Reader,
    pub(crate) hello_sent: bool,
    pub(crate) flow: Flow,
    pub(crate) shares: Shares,
    /// What of the picture this session has told, and what it was told.
    pub(crate) writer: Writer,
    pub(crate) picture: compact::Reader,
    /// What packs and unpacks the pieces of the logs.
    pub(crate) packer: Packer,
    pub(crate) unpacker: Unpacker,
    /// Bytes of CHUNK and OBSERVATIONS frames taken in, and how many of them were told.
    pub(crate) taken: u64,
    pub(crate) taken_told: u64,
    pub(crate) heartbeat_sent: Option<Elapsed>,
    /// `sent_at` of the partner's last heartbeat and when it came.
    pub(crate) heartbeat_heard: Option<(i64, Elapsed)>,
    pub(crate) last_frame: Elapsed,
}

impl Session {
    pub(crate) fn new(number: u64, now: Elapsed) -> Self {
        Self {
            number,
            phase: Phase::Greeting,
            reader: Reader::default(),
            hello_sent: false,
            flow: Flow::default(),
            shares: Shares::default(),
            writer: Writer::default(),
            picture: compact::Reader::default(),
            packer: Packer::default(),
            unpacker: Unpacker::default(),
            taken: 0,
            taken_told: 0,
            heartbeat_sent: None,
            heartbeat_heard: None,
            last_frame: now,
        }
    }

    /// What the partner said, while both accept each other.
    pub(crate) fn greeting(&self) -> Option<&Greeting> {
        match &self.phase {
            Phase::Open(greeting) => Some(greeting),
            Phase::Greeting | Phase::Over(_) => None,
        }
    }

    /// The protocol version it speaks; 0 before both have accepted each other.
    pub(crate) fn protocol(&self) -> u16 {
        self.greeting().map_or(0, |greeting| greeting.protocol)
    }

    pub(crate) fn is_over(&self) -> bool {
        matches!(self.phase, Phase::Over(_))
    }

    pub(crate) fn is_finished(&self) -> bool {
        matches!(self.phase, Phase::Over(None))
    }

    /// Ends it; whether it was open.
    pub(crate) fn end(&mut self, farewell: Option<Refusal>) -> bool {
        let was_open = self.greeting().is_some();
        self.phase = Phase::Over(farewell);
        was_open
    }

    /// The farewell, once.
    pub(crate) fn take_farewell(&mut self) -> Option<Refusal> {
        match &mut self.phase {
            Phase::Over(farewell) => farewell.take(),
            Phase::Greeting | Phase::Open(_) => None,
        }
    }

    pub(crate) fn silent_ms(&self, now: Elapsed) -> u64 {
        now.since(self.last_frame)
    }

    pub(crate) fn held_bytes(&self) -> usize {
        self.reader.held_bytes() + self.writer.held_bytes() + self.picture.held_bytes()
    }
}

impl Border {
    /// Our first frame.
    pub(crate) fn hello(&self, session: u64) -> Hello {
        let cursor = |class: Class| ClassCursor {
            class: class.code(),
            cursor: self.inboxes.get(class).cursor(),
        };
        Hello {
            domain: DOMAIN.into(),
            newest: PROTOCOL_VERSION,
            oldest: PROTOCOL_OLDEST,
            record_version: RECORD_VERSION,
            policy_version: self.config.policy_version,
            policy: self.config.policy,
            nation: self.config.own,
            partner: self.config.partner,
            partition: self.config.partition.clone(),
            epoch: self.config.epoch,
            boot: self.config.boot,
            session,
            cursors: Class::ALL.map(cursor).to_vec(),
        }
    }

    /// Ends a session that has been silent or stuck for too long.
    pub(crate) fn check_time_outs(&mut self) {
        let now = self.clock.elapsed();
        let Some(session) = &self.session else { return };
        let (silent, stalled) = (session.silent_ms(now), session.flow.stalled_ms(now));
        if silent > IDLE_MS_MAX {
            let words = format!("no whole frame for {silent} ms; the network path is broken");
            self.refuse(Refusal::new(RefusalCode::Silent, words));
        } else if stalled > STALL_MS_MAX {
            let words = format!("nothing of what was sent was taken in for {stalled} ms");
            self.refuse(Refusal::new(RefusalCode::Stalled, words));
        }
    }

    /// The partner's HELLO: accepts it and opens the session, or says why not.
    pub(crate) fn greet(&mut self, body: &[u8]) -> Result<(), Refusal> {
        let protocol = common_version(body)?;
        let hello: Hello = read(body, "HELLO").map_err(malformed)?;
        self.check_identity(&hello)?;
        let resume = self.check_history(&hello)?;
        let now = self.clock.elapsed();
        self.partner_session = Some((hello.boot, hello.session));
        let greeting = Greeting {
            protocol,
            record_version: hello.record_version,
            policy_version: hello.policy_version,
            policy: hello.policy,
            epoch: hello.epoch,
        };
        if let Some(session) = self.session.as_mut() {
            session.phase = Phase::Open(greeting.clone());
        }
        self.note_up();
        self.events.push(Event::Up(greeting));
        self.latest.resend_all(now);
        for (class, seq) in resume {
            self.inboxes.get_mut(class).resume(hello.epoch);
            let outbox = self.outboxes.get_mut(class);
            if outbox.partner_holds() != seq {
                self.events.push(Event::PartnerApplied { class, seq });
            }
            outbox.resume(seq, now);
        }
        Ok(())
    }

    /// The right partner, in the right world, on its newest connection.
    fn check_identity(&self, hello: &Hello) -> Result<(), Refusal> {
        let config = &self.config;
        if (hello.nation, hello.partner) != (config.partner, config.own) {
            return Err(Refusal::new(
                RefusalCode::Nation,
                format!(
                    "{} speaks to {}; this is {} and expects {}",
                    hello.nation, hello.partner, config.own, config.partner
                ),
            ));
        }
        if hello.partition != config.partition {
            return Err(Refusal::new(
                RefusalCode::Partition,
                format!(
                    "the partner is in `{}`, this node in `{}`; both must name the same",
                    hello.partition, config.partition
                ),
            ));
        }
        match self.partner_session {
            Some((boot, newest)) if boot == hello.boot && hello.session <= newest => {
                Err(Refusal::new(RefusalCode::Superseded, "a newer connection stands"))
            }
            _ => Ok(()),
        }
    }

    /// From where each of our logs goes on, unless one of the two nodes lost what the other holds.
    fn check_history(&self, hello: &Hello) -> Result<[(Class, u64); 3], Refusal> {
        let known = Class::ALL.map(|class| self.inboxes.get(class).cursor().epoch);
        let known = known.into_iter().max().unwrap_or(0);
        if hello.epoch < known {
            return Err(rolled_back(hello.nation, hello.epoch, known));
        }
        let mut resume = Class::ALL.map(|class| (class, 0));
        for (class, seq) in &mut resume {
            let stated = hello.cursors.iter().find(|stated| stated.class == class.code());
            let Cursor { epoch, seq: held } = stated.map(|s| s.cursor).unwrap_or_default();
            let head = self.outboxes.get(*class).head();
            if epoch > self.config.epoch {
                return Err(rolled_back(self.config.own, self.config.epoch, epoch));
            }
            if epoch == self.config.epoch {
                *seq = held;
            }
            if *seq > head {
                return Err(Refusal::new(
                    RefusalCode::LogRolledBack,
                    format!(
                        "{} holds entry {held} of class {}, {} only has {head}; restore opens a \
                         new epoch",
                        hello.nation,
                        class.code(),
                        self.config.own
                    ),
                ));
            }
        }
        Ok(resume)
    }
}

/// The newest version that both speak.
fn common_version(body: &[u8]) -> Result<u16, Refusal> {
    let theirs: HelloPrefix = read(body, "HELLO").map_err(malformed)?;
    if theirs.domain != DOMAIN {
        return Err(Refusal::new(
            RefusalCode::Malformed,
            "the first frame is no HELLO of a border",
        ));
    }
    let version = theirs.newest.min(PROTOCOL_VERSION);
    if version >= theirs.oldest.max(PROTOCOL_OLDEST) {
        return Ok(version);
    }
    Err(Refusal::new(
        RefusalCode::Version,
        format!(
            "the partner speaks protocol {} to {}, this node {PROTOCOL_OLDEST} to \
             {PROTOCOL_VERSION}; upgrade the older one",
            theirs.oldest, theirs.newest
        ),
    ))
}

fn rolled_back(who: renkei_model::id::Nation, epoch: u32, known: u32) -> Refusal {
    Refusal::new(
        RefusalCode::EpochRolledBack,
        format!("{who} runs in epoch {epoch}, its partner has seen {known}; use `renkei restore`"),
    )
}

pub(crate) fn malformed(error: impl std::fmt::Display) -> Refusal {
    Refusal::new(RefusalCode::Malformed, error.to_string())
}
