//! The machine: inputs in, effects out, and the queue of batches that wait for their fsync.

use std::collections::{BTreeMap, VecDeque};

use renkei_fusion::alerts::Why;
use renkei_model::cbor::{CanonicalError, Digest};
use renkei_model::id::{Nation, ObjectId};
use renkei_model::statement::{Bilingual, Record, SignedRecord, Statement, Zone};
use renkei_model::time::Timestamp;
use renkei_model::track::TrackNumber;

use super::AffairsConfig;
use super::effect::{
    AffairsEffect, LedgerEntry, Place, Severity, StatedIdentity, StatedZone, Ticket,
};
use super::entry::{Entry, FromPartner, Held, Local, Placed, Refused};
use super::input::{About, AffairsInput, Alert, Command, Session};
use super::notices::Notices;
use super::received::{Checked, Expected, check};
use super::refusal::Refusal;
use super::state::State;
use super::work::Work;

/// Why a ledger could not be taken up again.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// An entry of the affairs' kinds does not hold what its kind holds.
    #[error(
        "replay ledger entry {index} of kind {kind:#06x}: {cause}; run `renkei ledger verify`, and \
         use a build that is not older than the one that wrote it"
    )]
    Entry {
        /// From 0, among all entries given.
        index: usize,
        /// Its kind.
        kind: u16,
        /// What was wrong.
        #[source]
        cause: CanonicalError,
    },
}

/// The affairs of one headquarters with one partner in one partition.
pub struct Affairs {
    pub(super) config: AffairsConfig,
    /// With every batch written, durable or not: what decisions are made on.
    working: State,
    /// What is durable: what persons and the partner are told.
    pub(super) shown: State,
    waiting: VecDeque<Waiting>,
    next_ticket: u64,
    salts: Salts,
    /// Which track an incident concerns now; ends with the process.
    pub(super) tracks: BTreeMap<ObjectId, TrackNumber>,
    pub(super) notices: Notices,
    /// The newest checkpoint note of the own ledger.
    national: Option<String>,
    /// Why an incident was raised; ends with the process.
    pub(super) reasons: BTreeMap<ObjectId, Why>,
}

/// A batch whose fsync is outstanding.
struct Waiting {
    ticket: Ticket,
    entries: Vec<Entry>,
    then: Vec<AffairsEffect>,
}

/// Salts from the random bytes that were handed in.
struct Salts {
    pool: Digest,
    used: u64,
}

impl Salts {
    fn mix(&mut self, entropy: &[u8; 32]) {
        self.pool = Digest::of_parts(&[b"renkei/entropy", &self.pool.0, entropy]);
    }

    fn next(&mut self) -> [u8; 32] {
        self.used += 1;
        Digest::of_parts(&[b"renkei/salt", &self.pool.0, &self.used.to_be_bytes()]).0
    }
}

impl Affairs {
    /// Affairs in which nothing has happened. Hand in `Start` next.
    #[must_use]
    pub fn new(config: AffairsConfig) -> Self {
        let state = State::new(config.nation, config.partner.nation, config.lane);
        let salts = Salts { pool: Digest::of(&config.entropy), used: 0 };
        Self {
            working: state.clone(),
            shown: state,
            waiting: VecDeque::new(),
            next_ticket: 0,
            salts,
            tracks: BTreeMap::new(),
            notices: Notices::default(),
            national: None,
            reasons: BTreeMap::new(),
            config,
        }
    }

    /// The affairs as the ledger left them: kinds and bodies in ledger order, entries of other kinds
    /// among them. Hand in `Start` next.
    ///
    /// # Errors
    /// [`ReplayError`] names the entry that cannot be read.
    pub fn replay<B: AsRef<[u8]>>(
        config: AffairsConfig,
        entries: impl IntoIterator<Item = (u16, B)>,
    ) -> Result<Self, ReplayError> {
        let mut affairs = Self::new(config);
        for (index, (kind, body)) in entries.into_iter().enumerate() {
            let entry = Entry::from_body(kind, body.as_ref())
                .map_err(|cause| ReplayError::Entry { index, kind, cause })?;
            if let Some(entry) = entry {
                affairs.shown.apply(&entry);
            }
        }
        affairs.replayed();
        Ok(affairs)
    }

    /// Takes one entry of the ledger in replay; [`Self::replayed`] follows the last.
    pub(super) fn fold(&mut self, entry: &Entry) {
        self.shown.apply(entry);
    }

    /// The last entry was folded.
    pub(super) fn replayed(&mut self) {
        self.working = self.shown.clone();
    }

    /// The partner whose affairs with us these are.
    #[must_use]
    pub fn partner(&self) -> Nation {
        self.config.partner.nation
    }

    /// Our own zone of that name, as it was stated to this partner.
    pub(super) fn own_zone(&self, name: &Bilingual) -> Option<&ObjectId> {
        let named =
            |(id, zone): &(&ObjectId, &Zone)| id.node == self.config.nation && zone.name == *name;
        self.working.zones.iter().find(named).map(|(id, _)| id)
    }

    /// Takes one input and says what is to be done. Deterministic: the same inputs, times and random
    /// bytes give the same effects on any machine.
    pub fn handle(&mut self, input: AffairsInput, now: Timestamp) -> Vec<AffairsEffect> {
        match input {
            AffairsInput::Start => self.start(now),
            AffairsInput::Raise(alert) => self.raise(alert, now),
            AffairsInput::Notice(notice) => self.notice(*notice),
            AffairsInput::Command { request, by, command, about, beside } => {
                self.command(request, &by, (command, about, &beside), now)
            }
            AffairsInput::ProposePolicy { request, by, proposal } => {
                self.propose_policy(request, &by, proposal, now)
            }
            AffairsInput::Received { from, class, place, record } => {
                self.receive(from, class, place, record, now)
            }
            AffairsInput::Persisted(ticket) => self.persisted(ticket),
            AffairsInput::NotPersisted { ticket, why } => self.not_persisted(ticket, &why),
            AffairsInput::Outbound { record, class, place, bytes } => self.work(now, |work| {
                let at = work.now;
                let (record_id, partner) = (record.clone(), Some(work.config.partner.nation));
                work.write(Entry::Placed(Placed {
                    record,
                    class,
                    place,
                    at,
                    bytes,
                    partner,
                    carries: None,
                }));
                work.then.push(AffairsEffect::Committed { class, place });
                work.stop_if_recalled(&record_id);
            }),
            AffairsInput::Replaced { stopped, recall, class, place, bytes } => {
                self.work(now, |work| {
                    let (at, partner) = (work.now, Some(work.config.partner.nation));
                    let held = work.state.placed.get(&(class, place));
                    if held.is_some_and(|(record, old)| *record == stopped && *old != bytes) {
                        let (record, carries) = (stopped, Some(recall));
                        work.write(Entry::Placed(Placed {
                            record,
                            class,
                            place,
                            at,
                            bytes,
                            partner,
                            carries,
                        }));
                    }
                })
            }
            AffairsInput::Withheld { record, policy, reason, review } => {
                self.work(now, |work| work.withheld(record, policy, reason, review))
            }
            AffairsInput::PartnerApplied { class, seq } => self.partner_applied(class, seq, now),
            AffairsInput::Shown { incident } => self.work(now, |work| {
                let own = work.state.incidents.get(&incident);
                if own.is_some_and(|own| own.shown_at.is_none()) {
                    let at = work.now;
                    work.note_down(Local::Shown(incident, at));
                }
            }),
            AffairsInput::Located { incident, track, .. } => {
                let changed = self.tracks.insert(incident, track) != Some(track);
                changed.then_some(AffairsEffect::Changed).into_iter().collect()
            }
            AffairsInput::Entropy(bytes) => {
                self.salts.mix(&bytes);
                Vec::new()
            }
            AffairsInput::Checkpointed(note) => {
                self.national = Some(note);
                Vec::new()
            }
            AffairsInput::Tick => {
                let (salt, national) = (self.salts.next(), self.national.clone());
                self.work(now, |work| {
                    work.lapse();
                    work.settle();
                    work.expire_watches();
                    work.notarise(national.as_deref(), salt);
                })
            }
        }
    }

    fn command(
        &mut self,
        request: u64,
        by: &Session,
        (command, about, beside): (Command, Option<About>, &[About]),
        now: Timestamp,
    ) -> Vec<AffairsEffect> {
        let notice = match &command {
            Command::JudgeNotice { notice, .. } => self.notices.get(*notice),
            _ => None,
        };
        let why = notice.map(|notice| notice.why.clone());
        let track = about.as_ref().or(notice.and_then(|n| n.about.as_ref())).map(|a| a.track);
        let mut done = Ok(String::new());
        let mut effects = self.work(now, |work| {
            done = work.command(by, command, about, beside);
            if let Ok(id) = &done {
                work.then.push(AffairsEffect::Reply { request, result: Ok(id.clone()) });
                work.settle();
            }
        });
        match done {
            Ok(id) => {
                // An incident opened by hand concerns the track that was named, an escalated alert
                // its own.
                let opened = id.parse().ok().filter(|id| self.working.incidents.contains_key(id));
                if let Some(id) = opened {
                    self.reasons.extend(why.map(|why| (id.clone(), why)));
                    self.tracks.extend(track.map(|track| (id, track)));
                }
            }
            Err(refusal) => effects.push(refused_reply(request, refusal)),
        }
        effects
    }

    fn partner_applied(&mut self, class: u8, seq: u64, now: Timestamp) -> Vec<AffairsEffect> {
        let place = Place { epoch: self.config.epoch, seq };
        self.work(now, |work| {
            let first = Place { seq: 0, ..place };
            if work.state.placed.range((class, first)..=(class, place)).next().is_some() {
                let (at, partner) = (work.now, Some(work.config.partner.nation));
                work.write(Entry::Held(Held { class, place, at, partner }));
            }
        })
    }

    /// Up to which place the partner's logs are durably applied here, by class.
    #[must_use]
    pub fn cursors(&self) -> &BTreeMap<u8, Place> {
        &self.shown.inbound
    }

    /// The last durable place of our logs, by class; of an earlier epoch after a restore.
    #[must_use]
    pub fn sent(&self) -> &BTreeMap<u8, Place> {
        &self.shown.sent
    }

    /// The bytes of our log of `class` in this epoch from `first` on, at least one entry if there is
    /// one, about `bytes_max` bytes. What the partner has confirmed is no longer here: it lies in the
    /// ledger under [`super::entry::kind::PLACED`].
    #[must_use]
    pub fn supply(&self, class: u8, first: u64, bytes_max: usize) -> Vec<Vec<u8>> {
        let epoch = self.config.epoch;
        let from = (class, Place { epoch, seq: first });
        let to = (class, Place { epoch, seq: u64::MAX });
        let mut total = 0;
        self.shown
            .placed
            .range(from..=to)
            .map(|(_, (_, bytes))| bytes)
            .take_while(|bytes| {
                let fits = total == 0 || total + bytes.len() <= bytes_max;
                total += bytes.len();
                fits
            })
            .cloned()
            .collect()
    }

    /// Whether two hold the same durable state: what recovery is judged by.
    #[must_use]
    pub fn same_state(&self, other: &Self) -> bool {
        self.shown == other.shown
    }

    fn expected<'a>(&'a self, keys: &'a ([u8; 32], Option<[u8; 32]>)) -> Expected<'a> {
        Expected {
            partner: self.config.partner.nation,
            key: &keys.0,
            before: keys.1,
            partition: &self.config.partition,
            me: self.config.nation,
            lane: self.config.lane,
        }
    }

    fn raise(&mut self, alert: Alert, now: Timestamp) -> Vec<AffairsEffect> {
        let track = alert.about.track;
        let known = self
            .tracks
            .iter()
            .filter(|(_, held)| **held == track)
            .find(|(id, _)| {
                self.working.incidents.get(*id).is_some_and(|own| {
                    own.is_open()
                        && super::incident::same_occurrence(
                            &own.record.occurrence,
                            &alert.occurrence,
                        )
                })
            })
            .map(|(id, _)| id.clone());
        let why = alert.why.clone();
        let mut raised = None;
        let effects = self.work(now, |work| {
            raised = Some(work.raise(alert, known));
            work.settle();
        });
        if let Some(id) = raised {
            self.reasons.entry(id.clone()).or_insert(why);
            self.tracks.insert(id, track);
        }
        effects
    }

    fn receive(
        &mut self,
        from: Nation,
        class: u8,
        place: Place,
        signed: SignedRecord,
        now: Timestamp,
    ) -> Vec<AffairsEffect> {
        let held = self.working.inbound.get(&class).copied().unwrap_or_default();
        if place <= held {
            // Sent again because the acknowledgement was lost: repeat it if it is true by now.
            let durable = self.shown.inbound.get(&class).copied().unwrap_or_default();
            let again = AffairsEffect::Applied { class, place: durable };
            return (place <= durable).then_some(again).into_iter().collect();
        }
        let follows = if place.epoch == held.epoch { held.seq + 1 } else { 1 };
        if place.seq != follows {
            // A gap: what is missing will be sent again; nothing is acknowledged over it.
            return Vec::new();
        }
        let card = self.config.partner.key;
        let keys = self.working.keys.get(&from).map_or((card, None), |keys| keys.in_force(card));
        let checked = check(&self.working, &self.expected(&keys), from, &signed);
        self.work(now, |work| {
            let at = work.now;
            match checked {
                Ok(checked) => {
                    let ended = match &checked {
                        Checked::Known(record) => work.ended_by(record),
                        Checked::Unknown => None,
                    };
                    work.write(Entry::Partner(FromPartner { from, class, place, at, signed }));
                    work.then.extend(ended.map(AffairsEffect::Identity));
                    if let Checked::Known(record) = checked {
                        tell(work, &record);
                    }
                }
                Err(reason) => {
                    work.write(Entry::Refused(Refused {
                        from,
                        class,
                        place,
                        at,
                        code: reason.code().into(),
                        digest: signed.digest(),
                        size: signed.bytes.len() as u64,
                    }));
                }
            }
            work.then.push(AffairsEffect::Applied { class, place });
            work.settle();
        })
    }

    fn persisted(&mut self, ticket: Ticket) -> Vec<AffairsEffect> {
        let mut effects = Vec::new();
        let waited = self.waiting.len();
        while let Some(batch) = self.waiting.pop_front_if(|batch| batch.ticket <= ticket) {
            for entry in &batch.entries {
                self.shown.apply(entry);
            }
            effects.extend(batch.then);
        }
        if self.waiting.len() < waited {
            effects.push(AffairsEffect::Changed);
        }
        effects
    }

    fn not_persisted(&mut self, ticket: Ticket, why: &str) -> Vec<AffairsEffect> {
        let mut replies = Vec::new();
        while let Some(batch) = self.waiting.pop_back_if(|batch| batch.ticket >= ticket) {
            for effect in batch.then {
                if let AffairsEffect::Reply { request, .. } = effect {
                    replies.push(refused_reply(request, not_stored(why)));
                }
            }
        }
        self.working = self.shown.clone();
        for entry in self.waiting.iter().flat_map(|batch| &batch.entries) {
            self.working.apply(entry);
        }
        replies
    }

    /// Runs one input's work and puts its batch in the queue.
    pub(super) fn work(
        &mut self,
        now: Timestamp,
        act: impl FnOnce(&mut Work<'_>),
    ) -> Vec<AffairsEffect> {
        let mut work = Work::new(&self.config, &mut self.working, &mut self.notices, now);
        act(&mut work);
        let (entries, then) = (work.entries, work.then);
        if entries.is_empty() {
            // Nothing new to keep; but what is told may rest on a batch that still waits.
            return match self.waiting.back_mut() {
                Some(batch) => {
                    batch.then.extend(then);
                    Vec::new()
                }
                None => then,
            };
        }
        self.next_ticket += 1;
        let ticket = Ticket(self.next_ticket);
        let ledger = entries
            .iter()
            .map(|entry| {
                let (kind, body) = entry.to_body();
                LedgerEntry { kind, body, salt: self.salts.next() }
            })
            .collect();
        self.waiting.push_back(Waiting { ticket, entries, then });
        let cursors = self.working.inbound.clone();
        vec![AffairsEffect::Persist { entries: ledger, cursors, ticket }]
    }
}

/// What the picture and the floor hear of a record that was taken.
fn tell(work: &mut Work<'_>, record: &Record) {
    if work.state.recalls.covers(record) {
        return;
    }
    match &record.statement {
        Statement::Recall(recall) => work.forget(recall),
        Statement::Identity(statement) => {
            work.then.push(AffairsEffect::Identity(StatedIdentity {
                record: record.id.clone(),
                nation: record.id.node,
                statement: statement.clone(),
                made_at: record.made_at,
                known_as: super::incident::names(&statement.subject),
                by: None,
            }));
        }
        Statement::Zone(zone) => {
            let (id, zone) = (record.id.clone(), zone.clone());
            work.then.push(AffairsEffect::Zone(StatedZone { id, zone }));
        }
        Statement::Offer(version) => {
            let incident = work
                .state
                .own_incident(&version.incident)
                .map_or_else(|| version.incident.clone(), |own| own.record.incident.clone());
            work.then.push(AffairsEffect::Ring { severity: Severity::Alert, incident });
        }
        _ => {}
    }
}

pub(super) fn refused_reply(request: u64, refusal: Refusal) -> AffairsEffect {
    AffairsEffect::Reply { request, result: Err(refusal) }
}

fn not_stored(why: &str) -> Refusal {
    Refusal::new(
        "RK-1190",
        format!("not done: the ledger could not keep it ({why}); free the disk and try again"),
        format!(
            "実施できない。記録を保存できなかった（{why}）。記憶装置を確認の上、再度実施されたい"
        ),
    )
}
