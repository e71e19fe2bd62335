//! The durable state: a fold over ledger entries, live and in recovery alike.
//!
//! Refuses to decide anything: whether an entry may be written was decided before it was written.

use std::collections::{BTreeMap, BTreeSet};

use renkei_model::cbor::{Digest, from_canonical};
use renkei_model::id::{Nation, ObjectId};
use renkei_model::label::Label;
use renkei_model::observation::Identity;
use renkei_model::seat::{SeatId, SeatNotice};
use renkei_model::statement::{
    Bilingual, IdentityStatement, IncidentState, KeyChain, OptionVersion, Recalled, Record,
    Signatory, SignedRecord, Statement, Zone,
};
use renkei_model::time::Timestamp;

use super::destruction::Destructions;
use super::effect::Place;
use super::entry::{Entry, FromPartner, Local, Task};
use super::incident::{OwnIncident, TheirIncident};
use super::merges::Merges;
use super::notary::{NOTARIAL, Notary};
use super::notices::Tally;
use super::option::{HeldAnswer, Opt, Version};
use super::policies::Policies;
use super::recall::Recalls;
use super::received::id_of;
use super::review::{Reviews, is_replaced};
use super::succession::Keys;
use super::watches::Watched;
use super::words;

/// Everything durable that the affairs know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct State {
    pub(super) me: Nation,
    pub(super) partner: Nation,
    /// The last own object number, in this partner's lane.
    pub(super) counter: u64,
    /// Up to which place the partner's log of each class is applied.
    pub(super) inbound: BTreeMap<u8, Place>,
    /// The last place given to an own record, by class.
    pub(super) sent: BTreeMap<u8, Place>,
    /// Own records, in the order made, that neither were kept back nor are known to be held by the
    /// partner.
    pub(super) pending: BTreeMap<ObjectId, SignedRecord>,
    /// Which of those have a place in the border log, and the bytes the link sends.
    pub(super) placed: BTreeMap<(u8, Place), (ObjectId, Vec<u8>)>,
    /// Every record of the partner by its id, so that none counts twice.
    pub(super) taken: BTreeMap<ObjectId, Digest>,
    /// Records of the partner that this build does not understand; they lie in the ledger.
    pub(super) unknown: u64,
    /// Refused records by code: how many, and when last.
    pub(super) refused: BTreeMap<String, (u64, Timestamp)>,
    pub(super) seats: BTreeMap<(Nation, SeatId), SeatNotice>,
    pub(super) zones: BTreeMap<ObjectId, Zone>,
    pub(super) identities: BTreeMap<ObjectId, Identified>,
    pub(super) incidents: BTreeMap<ObjectId, OwnIncident>,
    pub(super) theirs: BTreeMap<ObjectId, TheirIncident>,
    /// Own incident by the partner's incident that it is joined with.
    pub(super) pairs: BTreeMap<ObjectId, ObjectId>,
    pub(super) options: BTreeMap<ObjectId, Opt>,
    pub(super) tasks: Vec<Task>,
    /// What persons stated of tracks.
    pub(super) merges: Merges,
    /// What policy asks persons about.
    pub(super) reviews: Reviews,
    /// What either side took back.
    pub(super) recalls: Recalls,
    /// How each rule's alerts were judged.
    pub(super) judged: BTreeMap<String, Tally>,
    /// The watches that nobody ended, by number; their time may be over.
    pub(super) watches: BTreeMap<u64, Watched>,
    /// The last number given to a watch.
    pub(super) last_watch: u64,
    /// What was proposed for destruction.
    pub(super) destructions: Destructions,
    /// What is notarised with each partner.
    pub(super) notary: BTreeMap<Nation, Notary>,
    /// The last number given to a notarial record.
    pub(super) notarial: u64,
    /// The keys that each partner's notices lead to.
    pub(super) keys: BTreeMap<Nation, Keys>,
    /// The own keys as the partner was told of them.
    pub(super) keys_told: Option<KeyChain>,
    /// Changes of the release policy.
    pub(super) policies: Policies,
}

/// An identity statement of either side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Identified {
    pub(super) statement: IdentityStatement,
    /// The label of its record.
    pub(super) label: Label,
    /// What the person wrote, where a tear-line went in its place.
    pub(super) own_words: Option<Bilingual>,
    pub(super) made_at: Timestamp,
    /// Who stated it, where it is our own.
    pub(super) by: Option<Signatory>,
    /// Every name the thing had for us; from the statement alone where it is the partner's.
    pub(super) known_as: BTreeSet<Identity>,
}

impl State {
    pub(super) fn new(me: Nation, partner: Nation, lane: u32) -> Self {
        Self {
            me,
            partner,
            counter: u64::from(lane) * ObjectId::LANE,
            inbound: BTreeMap::new(),
            sent: BTreeMap::new(),
            pending: BTreeMap::new(),
            placed: BTreeMap::new(),
            taken: BTreeMap::new(),
            unknown: 0,
            refused: BTreeMap::new(),
            seats: BTreeMap::new(),
            zones: BTreeMap::new(),
            identities: BTreeMap::new(),
            incidents: BTreeMap::new(),
            theirs: BTreeMap::new(),
            pairs: BTreeMap::new(),
            options: BTreeMap::new(),
            tasks: Vec::new(),
            merges: Merges::default(),
            reviews: Reviews::default(),
            recalls: Recalls::default(),
            judged: BTreeMap::new(),
            watches: BTreeMap::new(),
            last_watch: 0,
            destructions: Destructions::default(),
            notary: BTreeMap::new(),
            notarial: u64::from(lane) * ObjectId::LANE,
            keys: BTreeMap::new(),
            keys_told: None,
            policies: Policies::default(),
        }
    }

    /// Own records that have no place in the border log of `epoch`, in the order made: after a
    /// restore also those that only had one in an earlier epoch.
    pub(super) fn unplaced(&self, epoch: u32) -> impl Iterator<Item = &SignedRecord> {
        let placed: BTreeSet<_> = self
            .placed
            .iter()
            .filter(|((_, place), _)| place.epoch == epoch)
            .map(|(_, (record, _))| record)
            .collect();
        self.pending.iter().filter(move |(id, _)| !placed.contains(id)).map(|(_, signed)| signed)
    }

    /// The two nations whose signatures make an agreement.
    pub(super) fn parties(&self) -> [Nation; 2] {
        [self.me, self.partner]
    }

    /// The own incident that an option answers, be it named by its own id or by its pair's.
    pub(super) fn own_incident(&self, named: &ObjectId) -> Option<&OwnIncident> {
        self.incidents.get(self.pairs.get(named).unwrap_or(named))
    }

    /// Takes one entry. The only place where state changes.
    pub(super) fn apply(&mut self, entry: &Entry) {
        match entry {
            Entry::Own(signed) => self.apply_own(signed),
            Entry::Partner(e) => self.apply_partner(e),
            Entry::Refused(e) => {
                self.inbound.insert(e.class, e.place);
                self.notary_received(e.from, e.class, e.place, e.digest);
                let (count, last) = self.refused.entry(e.code.clone()).or_default();
                *count += 1;
                *last = e.at;
            }
            Entry::Placed(e) => {
                self.went(&e.record);
                self.reviews.done(&e.record);
                self.placed.retain(|_, (record, _)| *record != e.record);
                self.placed.insert((e.class, e.place), (e.record.clone(), e.bytes.clone()));
                // What takes the place of a recalled record is not the last one.
                let last = self.sent.entry(e.class).or_default();
                *last = e.place.max(*last);
                self.notary_placed(e.carries.as_ref().unwrap_or(&e.record), e.class, e.place);
            }
            Entry::Kept(e) => {
                self.waits(&e.record, false);
                self.reviews.done(&e.record);
                if let Some(signed) = self.pending.remove(&e.record)
                    && !is_replaced(e)
                {
                    self.kept_back(&signed, &e.reason);
                }
            }
            Entry::Held(e) => self.acknowledged(e.class, e.place, e.at),
            Entry::Local(local) => self.apply_local(local),
        }
    }

    fn apply_own(&mut self, signed: &SignedRecord) {
        let Ok(record) = from_canonical::<Record>(&signed.bytes) else { return };
        match record.id.counter & NOTARIAL {
            0 => self.counter = self.counter.max(record.id.counter),
            _ => self.notarial = record.id.counter & !NOTARIAL,
        }
        self.pending.insert(record.id.clone(), signed.clone().without_cose());
        let (me, at) = (self.me, record.made_at);
        match record.statement {
            Statement::Incident(incident) => {
                self.counter = self.counter.max(incident.incident.counter);
                let id = incident.incident.clone();
                if let Some(pair) = &incident.pair {
                    self.pairs.insert(pair.clone(), id.clone());
                }
                match self.incidents.get_mut(&id) {
                    Some(own) => own.changed(incident, at),
                    None => {
                        let (label, partner) = (record.label, self.partner);
                        let own = OwnIncident::new(incident, record.id, label, partner, at);
                        self.incidents.insert(id, own);
                    }
                }
            }
            Statement::Notarial(notarial) => self.notary_own(at, &notarial),
            Statement::Keys(chain) => self.keys_told = Some(chain),
            statement => {
                let (offer, digest) = (offer_of(&statement), signed.digest());
                self.apply_shared((me, &record.label), record.id, at, at, statement, digest);
                self.label_offer(offer, record.label);
            }
        }
    }

    fn apply_partner(&mut self, entry: &FromPartner) {
        self.inbound.insert(entry.class, entry.place);
        let digest = entry.signed.digest();
        self.notary_received(entry.from, entry.class, entry.place, digest);
        let Ok(record) = from_canonical::<Record>(&entry.signed.bytes) else {
            self.unknown += 1;
            self.taken.extend(id_of(&entry.signed.bytes).map(|id| (id, digest)));
            return;
        };
        if self.taken.insert(record.id.clone(), digest).is_some() {
            return;
        }
        if self.recalls.covers(&record) {
            return;
        }
        let (at, made_at) = (entry.at, record.made_at);
        match record.statement {
            Statement::Incident(incident) => {
                let acknowledged = incident.state >= IncidentState::Acknowledged
                    && incident.state != IncidentState::Closed;
                let label = record.label;
                let their = self.theirs.entry(incident.incident.clone()).or_insert(TheirIncident {
                    record: incident.clone(),
                    label: label.clone(),
                    received_at: at,
                    acknowledged_at: None,
                });
                if acknowledged {
                    their.acknowledged_at.get_or_insert(made_at);
                }
                their.record = incident;
                their.label = label;
            }
            Statement::Notarial(notarial) => self.notary_theirs(entry.from, made_at, notarial),
            Statement::Keys(chain) => self.keys.entry(entry.from).or_default().learn(&chain),
            statement => {
                let offer = offer_of(&statement);
                let from = (entry.from, &record.label);
                self.apply_shared(from, record.id, at, made_at, statement, digest);
                self.label_offer(offer, record.label);
            }
        }
    }

    /// Keeps the label of an offer's record: its first record counts.
    fn label_offer(&mut self, offer: Option<(ObjectId, Digest)>, label: Label) {
        let held = offer.and_then(|(option, digest)| self.version_mut(&option, digest));
        if let Some(version) = held {
            version.label.get_or_insert(label);
        }
    }

    /// What means the same whoever stated it. `at`: held here; `made_at`: by the author's clock.
    fn apply_shared(
        &mut self,
        (from, label): (Nation, &Label),
        id: ObjectId,
        at: Timestamp,
        made_at: Timestamp,
        statement: Statement,
        digest: Digest,
    ) {
        match statement {
            Statement::Seat(notice) => {
                self.seats.insert((from, notice.seat.clone()), notice);
            }
            Statement::Identity(statement) => self.identified(id, statement, label, made_at),
            Statement::Recall(recall) => self.recalled(from, (id, digest), recall, at),
            Statement::RecallReceipt(receipt) => self.recall_confirmed(from, &receipt),
            Statement::Zone(zone) => {
                self.zones.retain(|old, z| old.node != from || z.name != zone.name);
                self.zones.insert(id, zone);
            }
            Statement::Offer(version) => self.offered(from, at, made_at, version),
            Statement::Answer(answer) => {
                self.answered(HeldAnswer { answer, record: digest, held_at: at });
            }
            Statement::Holding(holding) => {
                if let Some(version) = self.version_mut(&holding.option, holding.version) {
                    version.holding.insert(from, made_at);
                }
            }
            Statement::Tasked(status) => {
                if let Some(version) = self.version_mut(&status.option, status.version) {
                    version.tasked.insert(from, status.tasked_at);
                    let incident = version.version.incident.clone();
                    self.say(&incident, at, words::tasked(from));
                }
            }
            Statement::Receipt(receipt) => {
                if let Some(version) = self.version_mut(&receipt.option, receipt.version) {
                    version.receipts.insert(from, made_at);
                    let standing = version.standing();
                    if let Some(option) = self.options.get_mut(&receipt.option) {
                        option.shows(from, standing);
                    }
                }
            }
            // These are each side's own: `apply_own` and `apply_partner` keep them apart.
            Statement::Incident(_) | Statement::Notarial(_) | Statement::Keys(_) => {}
        }
    }

    fn version_mut(&mut self, option: &ObjectId, version: Digest) -> Option<&mut Version> {
        self.options.get_mut(option).and_then(|o| o.versions.get_mut(&version))
    }

    fn offered(&mut self, from: Nation, at: Timestamp, made_at: Timestamp, version: OptionVersion) {
        if from != self.me {
            let said = (version.author.person.clone(), words::offered(&version));
            self.say(&version.incident, at, said);
        }
        let option = self
            .options
            .entry(version.option.clone())
            .or_insert_with(|| Opt::new(version.incident.clone(), at));
        option.offered(version, made_at);
    }

    fn answered(&mut self, held: HeldAnswer) {
        let (parties, at) = (self.parties(), held.held_at);
        let Some(option) = self.options.get_mut(&held.answer.option) else { return };
        let before = option.agreed;
        let line = words::answered(option, &held.answer);
        let incident = option.incident.clone();
        option.answered(held, parties);
        let agreed = option.agreed != before;
        self.say(&incident, at, line);
        if agreed {
            self.say(&incident, at, words::agreed());
        }
    }

    fn identified(
        &mut self,
        id: ObjectId,
        statement: IdentityStatement,
        label: &Label,
        made_at: Timestamp,
    ) {
        let known_as = super::incident::names(&statement.subject);
        // A later statement of the same side about the same thing stands in place of the earlier.
        self.identities.retain(|old, held| {
            old.node != id.node || super::incident::names(&held.statement.subject) != known_as
        });
        let label = label.clone();
        let held = Identified { statement, label, made_at, by: None, own_words: None, known_as };
        self.identities.insert(id, held);
    }

    fn apply_local(&mut self, local: &Local) {
        match local {
            Local::Seen(seen) => {
                if let Some(own) = self.incidents.get_mut(&seen.incident) {
                    own.seen(seen);
                }
            }
            Local::Draft(draft) => {
                let version = &draft.version;
                if version.option.node == self.me {
                    self.counter = self.counter.max(version.option.counter);
                }
                let option = self
                    .options
                    .entry(version.option.clone())
                    .or_insert_with(|| Opt::new(version.incident.clone(), version.made_at));
                option.draft = Some(draft.as_ref().clone());
            }
            Local::Line(line) => {
                if let Some(own) = self.incidents.get_mut(&line.incident) {
                    own.log.push(line.clone());
                }
            }
            Local::Task(task) => self.tasks.push(task.clone()),
            Local::Merged(merge) => self.merges.state(merge),
            Local::MergeWithdrawn(withdrawn) => self.merges.withdraw(withdrawn.number),
            Local::PolicyProposed(proposed) => self.policies.proposed(proposed),
            Local::PolicyDecided(decided) => self.policies.decided(decided),
            Local::Judged(judged) => {
                self.judged.entry(judged.rule.clone()).or_default().add(judged)
            }
            Local::Watched(watched) => {
                self.last_watch = self.last_watch.max(watched.watch);
                self.watches.insert(watched.watch, watched.as_ref().clone());
            }
            Local::Asked(asked) => {
                self.reviews.asked(asked);
                self.waits(&asked.record, true);
            }
            Local::Decided(decided) => self.reviews.decide(decided),
            Local::OwnWords(record, words) => {
                if let Some(held) = self.identities.get_mut(record) {
                    held.own_words = Some(words.clone());
                }
            }
            Local::Unwatched(unwatched) => {
                self.watches.remove(&unwatched.watch);
            }
            // What opens a commitment is for whoever verifies an export.
            Local::Sealed(_) => {}
            Local::Destruction(step) => self.destruction(step),
            Local::Shown(incident, at) => {
                if let Some(own) = self.incidents.get_mut(incident) {
                    own.shown_at.get_or_insert(*at);
                }
            }
            Local::Stated(record, by, known_as) => {
                if let Some(held) = self.identities.get_mut(record) {
                    held.by = Some(by.clone());
                    held.known_as.extend(known_as.iter().cloned());
                }
            }
        }
    }

    /// The partner's ledger holds `class` up to `place`.
    fn acknowledged(&mut self, class: u8, place: Place, at: Timestamp) {
        let first = Place { epoch: place.epoch, seq: 0 };
        let held: Vec<_> =
            self.placed.range((class, first)..=(class, place)).map(|(k, _)| *k).collect();
        for key in held {
            let Some((id, _)) = self.placed.remove(&key) else { continue };
            let Some(signed) = self.pending.remove(&id) else { continue };
            let Ok(record) = from_canonical::<Record>(&signed.bytes) else { continue };
            if let Statement::Incident(incident) = record.statement
                && !self.recalls.withdrew(&Recalled::Object(incident.incident.clone()))
                && let Some(own) = self.incidents.get_mut(&incident.incident)
            {
                own.delivered_at.get_or_insert(at);
            }
        }
    }

    fn kept_back(&mut self, signed: &SignedRecord, reason: &Bilingual) {
        let Ok(record) = from_canonical::<Record>(&signed.bytes) else { return };
        match record.statement {
            Statement::Incident(incident) => {
                if let Some(own) = self.incidents.get_mut(&incident.incident) {
                    own.kept.get_or_insert_with(|| reason.clone());
                }
            }
            Statement::Offer(version) => {
                if let Some(held) = self.version_mut(&version.option, version.digest()) {
                    held.kept = Some(reason.clone());
                }
            }
            _ => {}
        }
    }

    /// Adds a line to the log of the own incident that `named` means.
    fn say(&mut self, named: &ObjectId, at: Timestamp, (person, text): (String, Bilingual)) {
        let Some(id) = self.own_incident(named).map(|own| own.record.incident.clone()) else {
            return;
        };
        if let Some(own) = self.incidents.get_mut(&id) {
            own.log.push(super::entry::Line { incident: id, at, person, text });
        }
    }
}

/// The option and version that a statement offers.
fn offer_of(statement: &Statement) -> Option<(ObjectId, Digest)> {
    match statement {
        Statement::Offer(version) => Some((version.option.clone(), version.digest())),
        _ => None,
    }
}
