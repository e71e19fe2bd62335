//! The link to one partner, as its owner drives it.
//!
//! The owner is the node's engine. It
//! 1. calls [`Border::restore`] at start with what its ledger holds;
//! 2. for every record: [`Border::offer_record`], makes the bytes durable, then
//!    [`Border::committed`];
//! 3. for every [`Event::Record`]: makes effect and cursor durable in one transaction, then
//!    [`Border::applied`]; when the disk refuses, [`Border::not_stored`];
//! 4. answers [`Event::Wanted`] with [`Border::supply`] from its ledger;
//! 5. tells connections ([`Border::connected`], [`Border::disconnected`]), hands over what arrives
//!    ([`Border::receive`]), and calls [`Border::tick`] four times a second;
//! 6. after each of these sends what [`Border::transmit`] gives, and hangs up when
//!    [`Border::finished`] says so.
//!
//! Refuses: to send what is not durable, to acknowledge what is not durable, and to trust a
//! connection number that is not the newest.

use renkei_model::cbor::{Digest, to_canonical};
use renkei_model::id::{BorderAlias, Nation, Partition};
use renkei_model::statement::SignedRecord;
use renkei_model::time::Timestamp;
use renkei_policy::{ObservationRelease, Released};

use crate::class::{Class, Cursor, PerClass, Seen};
use crate::clock::{Clock, Offset};
use crate::inbox::Inbox;
use crate::latest::{Aspect, KEYS_MAX, Latest, OBSERVATION_BYTES_MAX};
use crate::message::Entry;
use crate::outbox::{ENTRY_BYTES_MAX, Outbox, WANTED_BYTES};
use crate::refusal::{Refusal, RefusalCode};
use crate::session::Session;
use crate::status::{Counters, Ended, Greeting, LinkError, LinkStatus};

/// Who we are and whom we speak with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BorderConfig {
    /// Our nation.
    pub own: Nation,
    /// The partner's.
    pub partner: Nation,
    /// The one partition both must be in.
    pub partition: Partition,
    /// Epoch of our logs: raised at every restore from backup.
    pub epoch: u32,
    /// Any number that differs at every start of this process, for example the time of the start:
    /// the partner then knows that our connection numbers begin again.
    pub boot: u64,
    /// Version of our release policy's vocabulary.
    pub policy_version: u16,
    /// Names our policy set without telling it: hashed with a secret of the node, for a plain hash
    /// of a policy could be guessed.
    pub policy: Digest,
}

/// What the owner's ledger holds when the process starts. Entries themselves are asked for when
/// their turn comes ([`Event::Wanted`]).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Restored {
    /// Our logs in the present epoch.
    pub logs: PerClass<LogState>,
    /// What of the partner's logs is durable here.
    pub cursors: PerClass<Cursor>,
}

/// How far one of our logs is. Sequence numbers begin with 1; 0 = none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LogState {
    /// Last durable entry.
    pub committed: u64,
    /// Last entry that the partner is known to hold; 0 when not known, the partner will tell.
    pub partner_holds: u64,
}

/// An entry of one of our logs, to be made durable before it may go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outbound {
    /// Which log.
    pub class: Class,
    /// Its place.
    pub cursor: Cursor,
    /// Exactly what will be sent, and what [`Border::supply`] must give back.
    pub bytes: Vec<u8>,
}

/// What the owner must act on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Both sides have accepted each other.
    Up(Greeting),
    /// An accepted session ended.
    Down(Ended),
    /// A session was ended on purpose; [`Event::Down`] follows when it had been accepted.
    Refused {
        /// Who ended it.
        by: Nation,
        /// Why.
        refusal: Refusal,
    },
    /// An entry of a partner's log, once and in order. Not acknowledged before
    /// [`Border::applied`].
    Record {
        /// Which log.
        class: Class,
        /// Its place: make this durable together with the effect.
        cursor: Cursor,
        /// What the partner held of our logs when it made this.
        seen: Seen,
        /// The record; its signature is not yet verified.
        record: SignedRecord,
    },
    /// The newest observation of one thing.
    Observation {
        /// What the partner released.
        release: Box<ObservationRelease>,
    },
    /// The partner holds our log up to here durably. Lower than before only when the partner was
    /// restored from a backup.
    PartnerApplied {
        /// Which log.
        class: Class,
        /// Up to and including.
        seq: u64,
    },
    /// Entries of our log are needed: answer with [`Border::supply`].
    Wanted {
        /// Which log.
        class: Class,
        /// First number.
        first: u64,
        /// About how many bytes of entries are useful; at least one entry.
        bytes: usize,
    },
}

/// Why something was not taken for sending. Nothing has changed then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OfferError {
    /// Released, but to somebody else.
    #[error("offer to {partner}: it is released to {to} only")]
    NotForPartner {
        /// To whom it is released.
        to: Nation,
        /// Whose link this is.
        partner: Nation,
    },
    /// An observation under an alias that another nation gave.
    #[error("offer: {0} is not an alias of ours")]
    NotOurs(BorderAlias),
    /// Longer than an entry or an observation may be.
    #[error("offer: {bytes} bytes are more than the {most} that cross in one piece; shorten it")]
    TooLong {
        /// How long it is.
        bytes: usize,
        /// How long it may be.
        most: usize,
    },
    /// As many things as are kept for one partner.
    #[error("offer: {KEYS_MAX} things are kept for one partner; forget some")]
    Full,
}

/// The state of the link to one partner.
#[derive(Debug)]
pub struct Border {
    pub(crate) config: BorderConfig,
    pub(crate) clock: Clock,
    pub(crate) outboxes: PerClass<Outbox>,
    pub(crate) inboxes: PerClass<Inbox>,
    pub(crate) latest: Latest,
    pub(crate) session: Option<Session>,
    /// Boot and connection number of the partner's newest accepted HELLO.
    pub(crate) partner_session: Option<(u64, u64)>,
    pub(crate) events: Vec<Event>,
    pub(crate) offset: Offset,
    pub(crate) as_of: Option<Timestamp>,
    pub(crate) counters: Counters,
    pub(crate) last_dropped: Option<String>,
    newest: u64,
    since: Option<Timestamp>,
    last_error: Option<LinkError>,
}

impl Border {
    /// The link as the ledger left it.
    #[must_use]
    pub fn restore(config: BorderConfig, restored: &Restored) -> Self {
        let outbox = |class| {
            let LogState { committed, partner_holds } = *restored.logs.get(class);
            Outbox::new(class, committed, partner_holds)
        };
        // A class in which nothing came since the partner's last restore still names the old epoch.
        let epoch = Class::ALL.map(|class| restored.cursors.get(class).epoch).into_iter().max();
        let inbox = |class| {
            let cursor = *restored.cursors.get(class);
            let epoch = epoch.unwrap_or(cursor.epoch);
            let seq = if cursor.epoch == epoch { cursor.seq } else { 0 };
            Inbox::new(Cursor { epoch, seq })
        };
        Self {
            config,
            clock: Clock::default(),
            outboxes: PerClass::of(outbox),
            inboxes: PerClass::of(inbox),
            latest: Latest::default(),
            session: None,
            partner_session: None,
            events: Vec::new(),
            offset: Offset::default(),
            as_of: None,
            counters: Counters::default(),
            last_dropped: None,
            newest: 0,
            since: None,
            last_error: None,
        }
    }

    /// Puts `record` at the end of our log of `class`. It goes only after [`Border::committed`].
    ///
    /// # Errors
    /// [`OfferError`] when it is released to another nation or too long.
    pub fn offer_record(
        &mut self,
        class: Class,
        record: Released<SignedRecord>,
    ) -> Result<Outbound, OfferError> {
        self.check_addressee(record.to())?;
        let bytes = to_canonical(&Entry { seen: self.seen(), record: record.into_item() });
        check_length(bytes.len(), ENTRY_BYTES_MAX)?;
        let now = self.clock.elapsed();
        let seq = self.outboxes.get_mut(class).offer(&bytes, now);
        Ok(Outbound { class, cursor: Cursor { epoch: self.config.epoch, seq }, bytes })
    }

    /// Puts `record` in place of entry `seq` of our log of `class`, where that has not been sent: what
    /// was recalled before it went does not go. The bytes that go in its stead, to be made durable
    /// under the same number; `None` where the entry has begun to go or is held over there.
    ///
    /// # Errors
    /// [`OfferError`] when it is released to another nation or too long.
    pub fn replace_record(
        &mut self,
        class: Class,
        seq: u64,
        record: Released<SignedRecord>,
    ) -> Result<Option<Vec<u8>>, OfferError> {
        self.check_addressee(record.to())?;
        let bytes = to_canonical(&Entry { seen: self.seen(), record: record.into_item() });
        check_length(bytes.len(), ENTRY_BYTES_MAX)?;
        Ok(self.outboxes.get_mut(class).replace(seq, &bytes).then_some(bytes))
    }

    /// Our log of `class` is durable up to and including `seq`: it may go.
    pub fn committed(&mut self, class: Class, seq: u64) {
        self.outboxes.get_mut(class).committed(seq);
        self.want_entries();
    }

    /// Entries of our log of `class` from number `first` on, as [`Outbound::bytes`] had them: the
    /// answer to [`Event::Wanted`].
    pub fn supply(&mut self, class: Class, first: u64, entries: Vec<Vec<u8>>) {
        let now = self.clock.elapsed();
        self.outboxes.get_mut(class).supply(first, entries, now);
    }

    /// Puts the newest observation of one thing; an older one that was not sent yet is dropped,
    /// unless only one of the two has a position: where a thing is and what it says of itself do
    /// not overtake one another.
    ///
    /// # Errors
    /// [`OfferError`] when it is released to another nation, too long, or one thing too many.
    pub fn offer_observation(
        &mut self,
        observation: Released<ObservationRelease>,
    ) -> Result<(), OfferError> {
        self.check_addressee(observation.to())?;
        let alias = observation.item().alias;
        if alias.nation != self.config.own {
            return Err(OfferError::NotOurs(alias));
        }
        let bytes = observation.item().to_bytes();
        check_length(bytes.len(), OBSERVATION_BYTES_MAX)?;
        let release = observation.item();
        let aspect = if release.has_position() { Aspect::Position } else { Aspect::Other };
        let taken = self.latest.put((release.alias, aspect), bytes, self.clock.elapsed());
        taken.then_some(()).ok_or(OfferError::Full)
    }

    /// Forgets a thing that is tracked no more: it is not sent again after a reconnect.
    pub fn forget_observation(&mut self, alias: BorderAlias) {
        self.latest.forget(alias);
    }

    /// Connection `number` to the partner stands. Numbers rise; a newer connection ends an older
    /// one, and an older number is never believed again.
    pub fn connected(&mut self, number: u64, now: Timestamp) {
        self.clock.advance(now);
        if number <= self.newest {
            return;
        }
        self.newest = number;
        self.close_session(Ended::Replaced);
        self.session = Some(Session::new(number, self.clock.elapsed()));
    }

    /// Connection `number` is gone, or could not be made; `words` say why. A failed attempt beside a
    /// session that stands is told in the status and changes nothing else.
    pub fn disconnected(&mut self, number: u64, words: &str, now: Timestamp) -> Vec<Event> {
        self.clock.advance(now);
        let broken = Ended::Broken(words.into());
        match &self.session {
            Some(session) if session.number == number && session.is_over() => self.session = None,
            Some(session) if session.number == number => self.close_session(broken),
            _ if number > self.newest => {
                self.newest = number;
                self.note_end(broken, false);
            }
            _ => {}
        }
        self.take_events()
    }

    /// Bytes of connection `number`, cut anywhere.
    pub fn receive(&mut self, number: u64, bytes: &[u8], now: Timestamp) -> Vec<Event> {
        self.clock.advance(now);
        if self.session.as_ref().is_some_and(|session| session.number == number) {
            self.counters.bytes_in += bytes.len() as u64;
            self.read(bytes);
            self.want_entries();
        }
        self.take_events()
    }

    /// What connection `number` is to carry now: whole frames, about `bytes_max` of them and less
    /// where the credit window ends; empty = nothing for now.
    pub fn transmit(&mut self, number: u64, now: Timestamp, bytes_max: usize) -> Vec<u8> {
        self.clock.advance(now);
        let mut out = Vec::new();
        if self.session.as_ref().is_some_and(|session| session.number == number) {
            self.write(&mut out, bytes_max);
            self.counters.bytes_out += out.len() as u64;
        }
        out
    }

    /// Whether connection `number` has nothing more to say and is to be hung up.
    #[must_use]
    pub fn finished(&self, number: u64) -> bool {
        self.session
            .as_ref()
            .is_none_or(|session| session.number != number || session.is_finished())
    }

    /// The partner's log of `class` is applied and durable here up to `cursor`: it may be
    /// acknowledged.
    pub fn applied(&mut self, class: Class, cursor: Cursor) {
        self.inboxes.get_mut(class).applied(cursor);
    }

    /// The owner could not make durable what it was about to. Entries that were offered and not
    /// committed are void, their numbers will be given again; nobody has seen them. Where something
    /// was handed up and not applied, the session ends and the next one brings it again.
    pub fn not_stored(&mut self, words: &str) -> Vec<Event> {
        let mut lost = false;
        for class in Class::ALL {
            self.outboxes.get_mut(class).forget_uncommitted();
            lost |= self.inboxes.get_mut(class).forget_unapplied();
        }
        if lost {
            self.refuse(Refusal::new(RefusalCode::NotStored, words));
        }
        self.take_events()
    }

    /// Ends the session on purpose: the partner is told why.
    pub fn close(&mut self, refusal: Refusal) -> Vec<Event> {
        self.refuse(refusal);
        self.take_events()
    }

    /// Time passes; call it four times a second.
    pub fn tick(&mut self, now: Timestamp) -> Vec<Event> {
        self.clock.advance(now);
        self.check_time_outs();
        self.want_entries();
        self.take_events()
    }

    /// What arose outside the calls that return events.
    pub fn take_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }

    /// The link at the moment `now`.
    #[must_use]
    pub fn status(&self) -> LinkStatus {
        let now = self.clock.elapsed();
        let logs = Class::ALL.map(|class| self.outboxes.get(class));
        let waits = logs.iter().filter_map(|log| log.waiting_ms(now));
        let waits = waits.chain(self.latest.waiting_ms(now));
        let half_trip = self.offset.round_trip_ms().unwrap_or(0) / 2;
        let [decisions, incidents, documents] = logs.map(Outbox::queued);
        let open = self.session.as_ref().and_then(Session::greeting);
        LinkStatus {
            partner: self.config.partner,
            up: open.is_some(),
            since: self.since,
            lag_ms: waits.max().unwrap_or(0).max(half_trip),
            queued: [0, decisions, incidents, self.latest.queued(), documents],
            as_of: self.as_of,
            last_error: self.last_error.clone(),
            clock_offset_ms: self.offset.offset_ms(),
            round_trip_ms: self.offset.round_trip_ms(),
            silent_ms: self.session.as_ref().map(|session| session.silent_ms(now)),
            greeting: open.cloned(),
            last_dropped: self.last_dropped.clone(),
            memory_bytes: self.memory_bytes(),
            counters: Counters {
                duplicates: Class::ALL.map(|c| self.inboxes.get(c).duplicates()).iter().sum(),
                observations_overtaken: self.latest.overtaken(),
                ..self.counters
            },
        }
    }

    /// A session was accepted by both.
    pub(crate) fn note_up(&mut self) {
        self.since = Some(self.clock.wall());
        self.counters.sessions += 1;
    }

    /// Ends the session with a word to the partner.
    pub(crate) fn refuse(&mut self, refusal: Refusal) {
        let Some(session) = self.session.as_mut() else { return };
        if session.is_over() {
            return;
        }
        let was_open = session.end(Some(refusal.clone()));
        self.note_end(Ended::Refused { by: self.config.own, refusal }, was_open);
    }

    /// The partner has ended the session with a word.
    pub(crate) fn refused(&mut self, refusal: Refusal) {
        let Some(session) = self.session.as_mut() else { return };
        let was_open = session.end(None);
        self.note_end(Ended::Refused { by: self.config.partner, refusal }, was_open);
    }

    /// Asks for entries that will soon be sent and are not in memory.
    fn want_entries(&mut self) {
        if self.session.as_ref().and_then(Session::greeting).is_none() {
            return;
        }
        let now = self.clock.elapsed();
        for class in Class::ALL {
            if let Some(first) = self.outboxes.get_mut(class).wanted(now) {
                self.events.push(Event::Wanted { class, first, bytes: WANTED_BYTES });
            }
        }
    }

    fn close_session(&mut self, ended: Ended) {
        let Some(mut session) = self.session.take().filter(|session| !session.is_over()) else {
            return;
        };
        let was_open = session.end(None);
        if was_open || matches!(ended, Ended::Broken(_)) {
            self.note_end(ended, was_open);
        }
    }

    fn note_end(&mut self, ended: Ended, was_open: bool) {
        let at = self.clock.wall();
        self.last_error = Some(LinkError { at, why: ended.clone() });
        if let Ended::Refused { by, refusal } = &ended {
            self.events.push(Event::Refused { by: *by, refusal: refusal.clone() });
        }
        if was_open {
            self.since = Some(at);
            self.events.push(Event::Down(ended));
        }
    }

    fn seen(&self) -> Seen {
        let applied = |class| self.inboxes.get(class).cursor();
        Seen {
            epoch: Class::ALL.map(applied).iter().map(|cursor| cursor.epoch).max().unwrap_or(0),
            decisions: applied(Class::Decisions).seq,
            incidents: applied(Class::Incidents).seq,
            documents: applied(Class::Documents).seq,
        }
    }

    fn memory_bytes(&self) -> usize {
        let logs: usize = Class::ALL
            .map(|class| {
                self.outboxes.get(class).held_bytes() + self.inboxes.get(class).held_bytes()
            })
            .iter()
            .sum();
        logs + self.latest.held_bytes() + self.session.as_ref().map_or(0, Session::held_bytes)
    }

    fn check_addressee(&self, to: Nation) -> Result<(), OfferError> {
        let partner = self.config.partner;
        if to == partner { Ok(()) } else { Err(OfferError::NotForPartner { to, partner }) }
    }
}

fn check_length(bytes: usize, most: usize) -> Result<(), OfferError> {
    if bytes <= most { Ok(()) } else { Err(OfferError::TooLong { bytes, most }) }
}
