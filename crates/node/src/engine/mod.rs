//! The engine: the one task that owns a node's state. It moves inputs into the two state machines
//! (picture and affairs) and the link, and their effects out to the disk, the socket and the
//! screens. It decides nothing itself.

mod border;
mod commands;
mod feeds;
mod past;
mod policy;
mod release;
mod restore;
mod rows;
mod status;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use renkei_core::affairs::{
    AffairsEffect, AffairsInput, Desks, DestructionApproval, Place, PolicyTexts, Proposal, Ticket,
};
use renkei_core::picture::{Picture, PictureEffect, PictureInput};
use renkei_model::id::Nation;
use renkei_model::time::Timestamp;
use renkei_policy::{ObservationRelease, Policy, Released};
use renkei_store::ledger::{Batch, Cursor, CursorMove, Entry, Order};
use tokio::sync::{mpsc, oneshot};

use crate::dirty_words::{DirtyWords, Hit};
use crate::feeds::PictureToTak;
use crate::keeper::{KeeperHandle, ToKeeper};
use crate::messages::{Complaint, Stored, ToEngine};
use crate::published::Publisher;
use crate::retention::SourceNumbers;
use crate::{clock, keys};
use border::{BorderSide, BorderWork, GivenAlias};
use feeds::Feeds;
pub(crate) use restore::Parts;
pub(crate) use rows::Rows;
pub(crate) use rows::history as history_row;

/// Inputs taken in one go before effects are pumped out.
const INPUTS_AT_ONCE: usize = 256;
/// The engine's beat: time-outs of the link, new affairs to the screens.
const BEAT: Duration = Duration::from_millis(250);
/// Beats a second: the picture steps once a second.
const BEATS_A_SECOND: u32 = 4;

/// Ledger kinds of the engine; the affairs' own lie above.
pub(crate) mod kinds {
    use renkei_core::affairs::entry::kind as affairs;
    use renkei_store::ledger::Retention;

    /// A border alias was given ([`super::GivenAlias`]).
    pub(crate) const ALIAS: u16 = 201;
    /// What was released in one minute, counted ([`renkei_core::picture::ReleaseBlock`]).
    pub(crate) const RELEASES: u16 = 202;
    /// Somebody searched the history ([`super::past::Searched`]).
    pub(crate) const SEARCH: u16 = 203;

    /// For how long a record of `kind` is to be kept: what was known, told and decided for ten years,
    /// who searched the history for three.
    pub(crate) fn retention(kind: u16) -> Retention {
        if kind == SEARCH { Retention::THREE_YEARS } else { Retention::TEN_YEARS }
    }

    /// Kinds whose bodies two persons may order destroyed: what stayed at home and nothing rests on.
    pub(crate) const DESTROYABLE: [u16; 4] = [SEARCH, RELEASES, affairs::KEPT, affairs::LOCAL];
}

/// An entry of the engine itself: kind and body.
type OwnEntry = (u16, Vec<u8>);
/// A released observation on its way to the link.
type Offer = Released<ObservationRelease>;

/// What waits for a batch to be durable.
enum Waiting {
    /// The own ticket of the affairs with a partner.
    Affairs(Nation, Ticket),
    /// Entries of the engine itself, and the observations whose alias they give.
    Own {
        /// Tried again when the disk refused: an alias must not mean another thing later.
        entries: Vec<OwnEntry>,
        /// Offered once the alias is durable.
        offers: Vec<Offer>,
    },
}

/// One node's state.
pub(crate) struct Engine {
    nation: Nation,
    config: crate::config::Config,
    picture: Picture,
    affairs: Desks,
    policy: Policy,
    /// The texts of it, by file name.
    policy_texts: PolicyTexts,
    /// Own statements of the last day.
    stated: policy::Stated,
    /// The last look before anything goes to the link.
    words: DirtyWords,
    borders: BTreeMap<Nation, BorderSide>,
    keeper: KeeperHandle,
    publisher: Publisher,
    feeds: Feeds,
    rows: Rows,
    released_rows: BTreeMap<Nation, Rows>,
    base: Timestamp,
    next_ticket: u64,
    waiting: BTreeMap<u64, Waiting>,
    /// Entries of the engine that the disk refused.
    again: Vec<(Vec<OwnEntry>, Vec<Offer>)>,
    next_request: u64,
    replies: BTreeMap<u64, oneshot::Sender<Result<String, Complaint>>>,
    history: Vec<renkei_store::history::HistoryRow>,
    sources: SourceNumbers,
    searches: past::Searches,
    affairs_changed: bool,
    shown: BTreeSet<String>,
    store_error: Option<String>,
    last_problem: Option<String>,
    seq: u32,
}

impl Engine {
    /// Runs until every sender of `inbox` is gone.
    pub(crate) async fn run(mut self, mut inbox: mpsc::Receiver<ToEngine>, tak: PictureToTak) {
        let mut beat = tokio::time::interval(BEAT);
        beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
        let mut beats = 0_u32;
        let mut inputs = Vec::with_capacity(INPUTS_AT_ONCE);
        self.affairs_all(&AffairsInput::Start, clock::now());
        loop {
            tokio::select! {
                received = inbox.recv_many(&mut inputs, INPUTS_AT_ONCE) => {
                    if received == 0 {
                        return;
                    }
                    let now = clock::now();
                    let mut stop = false;
                    for input in inputs.drain(..) {
                        stop |= matches!(input, ToEngine::Stop);
                        self.input(input, now);
                    }
                    self.settle(now);
                    if stop {
                        return;
                    }
                }
                _ = beat.tick() => {
                    let now = clock::now();
                    beats = beats.wrapping_add(1);
                    self.beat(now);
                    if beats.is_multiple_of(BEATS_A_SECOND) {
                        self.second(now, &tak);
                    }
                    self.settle(now);
                }
            }
        }
    }

    fn input(&mut self, input: ToEngine, now: Timestamp) {
        match input {
            ToEngine::Observed(batch) => {
                for observation in batch {
                    self.picture_input(PictureInput::Observed(observation), now);
                }
            }
            ToEngine::Swept { sensor, plots } => {
                self.picture_input(PictureInput::Swept { sensor, plots }, now);
            }
            ToEngine::Feed(report) => self.feeds.report(report, now),
            ToEngine::Border { partner, told } => {
                let border = self.borders.get_mut(&partner);
                let work = border.map(|b| b.input(told, now)).unwrap_or_default();
                self.border_work(partner, work, now);
            }
            ToEngine::Stored(stored) => self.stored(stored, now),
            ToEngine::Stop => self.picture_input(PictureInput::Close, now),
            ToEngine::Command { by, body, reply } => self.command(&by, body, reply, now),
            ToEngine::ProposePolicy { by, texts, reason, reply } => {
                self.propose_policy(&by, texts, reason, reply, now);
            }
            ToEngine::Query { by, query, reply } => self.query(&by, query, reply, now),
        }
    }

    fn beat(&mut self, now: Timestamp) {
        let ticked = self.borders.iter_mut().map(|(partner, b)| (*partner, b.tick(now)));
        for (partner, work) in ticked.collect::<Vec<_>>() {
            self.border_work(partner, work, now);
        }
    }

    fn second(&mut self, now: Timestamp, tak: &PictureToTak) {
        if let Ok(salt) = keys::random::<32>() {
            self.affairs_all(&AffairsInput::Entropy(salt), now);
        }
        self.affairs_all(&AffairsInput::Tick, now);
        self.picture_input(PictureInput::Tick, now);
        for (entries, offers) in std::mem::take(&mut self.again) {
            self.keep(entries, offers, now);
        }
        self.feeds.second();
        self.publish_picture(now);
        self.publish_status(now);
        tak.send(&self.picture, self.nation, now);
    }

    /// What is done once after a run of inputs.
    fn settle(&mut self, now: Timestamp) {
        if !self.history.is_empty() {
            let rows = std::mem::take(&mut self.history);
            if !self.keeper.ask(ToKeeper::History(rows)) {
                self.store_error = Some("the disk is too slow for the track history".into());
            }
        }
        if self.affairs_changed {
            self.affairs_changed = false;
            self.publish_affairs(now);
        }
        self.borders.values_mut().for_each(|border| border.pump(now));
    }

    fn border_work(&mut self, partner: Nation, work: Vec<BorderWork>, now: Timestamp) {
        for item in work {
            match item {
                BorderWork::Affairs(input) => self.affairs_input(partner, input, now),
                BorderWork::Observation(release) => {
                    if self.affairs.is_recalled(partner, release.alias) {
                        continue;
                    }
                    let received = PictureInput::Received { from: partner, release };
                    self.picture_input(received, now);
                }
                BorderWork::Wanted { class, first, bytes } => {
                    let desk = self.affairs.desk(partner);
                    let entries = desk.map(|d| d.supply(class.code(), first, bytes));
                    if let Some(border) = self.borders.get_mut(&partner) {
                        border.supply(class, first, entries.unwrap_or_default());
                    }
                }
                BorderWork::Link(up) => {
                    self.picture_input(PictureInput::PartnerLink { partner, up }, now);
                }
            }
        }
    }

    /// Gives the picture one input and acts on what it asks.
    fn picture_input(&mut self, input: PictureInput, now: Timestamp) {
        let effects = self.picture.handle(input, now);
        self.picture_effects(effects, now);
    }

    fn picture_effects(&mut self, effects: Vec<PictureEffect>, now: Timestamp) {
        let mut offers = Vec::new();
        let mut entries = Vec::new();
        for effect in effects {
            match effect {
                PictureEffect::History(row) => {
                    let source = self.sources.of(&row.source);
                    self.history.push(rows::history(&row, source));
                }
                PictureEffect::Changed(number) | PictureEffect::Dropped(number) => {
                    self.rows.changed(number);
                }
                PictureEffect::Offer { released, .. } => offers.push(released),
                PictureEffect::Forget { partner, alias } => {
                    if let Some(border) = self.borders.get_mut(&partner) {
                        border.forget(alias);
                    }
                }
                PictureEffect::AliasGiven { partner, key, alias } => {
                    let given = GivenAlias { partner, key, alias };
                    entries.push((kinds::ALIAS, renkei_model::cbor::to_canonical(&given)));
                }
                PictureEffect::ReleaseCounted(block) => {
                    entries.push((kinds::RELEASES, renkei_model::cbor::to_canonical(&block)));
                }
                PictureEffect::Raise { partner, alert } => {
                    let effects = self.affairs.raise(partner, alert, now);
                    self.follow(partner, effects, now);
                }
                PictureEffect::Notice(notice) => {
                    let first = self.affairs.first();
                    self.affairs_input(first, AffairsInput::Notice(notice), now);
                }
                PictureEffect::Located { incident, track, known_as } => {
                    if let Some(partner) = self.affairs.partner_of(&incident) {
                        let located = AffairsInput::Located { incident, track, known_as };
                        self.affairs_input(partner, located, now);
                    }
                }
                PictureEffect::Problem(problem) => self.problem(&problem),
            }
        }
        if entries.is_empty() {
            self.offer(offers);
        } else {
            self.keep(entries, offers, now);
        }
    }

    /// Says once what the picture could not do; the health screen shows the last.
    fn problem(&mut self, problem: &renkei_core::picture::Problem) {
        let text = problem.to_string();
        if self.last_problem.as_deref() != Some(text.as_str()) {
            tracing::warn!(problem = text, "the picture");
            self.last_problem = Some(text);
        }
    }

    fn offer(&mut self, offers: Vec<Offer>) {
        let now = clock::now();
        for released in offers {
            let (to, alias) = (released.to(), released.item().alias);
            let Some(border) = self.borders.get_mut(&to) else { continue };
            if self.affairs.is_recalled(to, alias) {
                continue;
            }
            match self.words.check(&released.item().to_bytes(), now) {
                Ok(()) => border.offer(released),
                Err(hit) if self.words.is_logged(&hit) => {
                    tracing::warn!(
                        rule = hit.rule,
                        field = hit.field,
                        "RK-1330: the word filter stopped an observation"
                    );
                }
                Err(_) => {}
            }
        }
    }

    /// Puts the engine's own entries into the ledger.
    fn keep(&mut self, entries: Vec<OwnEntry>, offers: Vec<Offer>, now: Timestamp) {
        let sealed = entries.iter().filter_map(|(kind, body)| {
            let salt = keys::random::<32>().ok()?;
            let retention = kinds::retention(*kind);
            Some(Entry { kind: *kind, time: now, retention, salt, body: body.clone() })
        });
        let batch = Batch { entries: sealed.collect(), cursors: None };
        self.append(batch, Waiting::Own { entries, offers }, now);
    }

    fn append(&mut self, batch: Batch, waiting: Waiting, now: Timestamp) {
        let ticket = self.next_ticket;
        self.next_ticket += 1;
        self.waiting.insert(ticket, waiting);
        if !self.keeper.ask(ToKeeper::Append { ticket, batch }) {
            let why = "the disk is too slow: its queue is full".to_owned();
            self.stored(Stored::Failed { ticket, why }, now);
        }
    }

    fn stored(&mut self, stored: Stored, now: Timestamp) {
        match stored {
            Stored::Done { ticket } => {
                match self.waiting.remove(&ticket) {
                    Some(Waiting::Affairs(partner, t)) => {
                        self.affairs_input(partner, AffairsInput::Persisted(t), now);
                    }
                    Some(Waiting::Own { offers, .. }) => self.offer(offers),
                    None => {}
                }
                if self.store_error.take().is_some() {
                    // The disk works again: seats, zones and what was never told are taken up anew.
                    self.affairs_all(&AffairsInput::Start, now);
                }
            }
            Stored::Signed { note } => self.affairs_all(&AffairsInput::Checkpointed(note), now),
            Stored::Failed { ticket, why } => self.not_stored(ticket, &why, now),
        }
    }

    /// The disk refused a batch. The keeper refuses all that were queued behind it until it hears
    /// `Resume`, so everything that waits now is void.
    fn not_stored(&mut self, ticket: u64, why: &str, now: Timestamp) {
        if !self.waiting.contains_key(&ticket) {
            return;
        }
        tracing::error!(why, "a batch was not kept");
        self.store_error = Some(why.to_owned());
        let mut first = BTreeMap::new();
        for waiting in std::mem::take(&mut self.waiting).into_values() {
            match waiting {
                Waiting::Affairs(partner, t) => {
                    first.entry(partner).or_insert(t);
                }
                Waiting::Own { entries, offers } => self.again.push((entries, offers)),
            }
        }
        // A full queue means that the keeper still refuses: the next failure asks once more.
        self.keeper.ask(ToKeeper::Resume);
        for (partner, ticket) in first {
            let why = why.to_owned();
            self.affairs_input(partner, AffairsInput::NotPersisted { ticket, why }, now);
        }
        let voided = self.borders.iter_mut().map(|(partner, b)| (*partner, b.not_stored()));
        for (partner, work) in voided.collect::<Vec<_>>() {
            self.border_work(partner, work, now);
        }
    }

    /// Gives the affairs with `partner` one input and acts on what they ask.
    fn affairs_input(&mut self, partner: Nation, input: AffairsInput, now: Timestamp) {
        let effects = self.affairs.handle(partner, input, now);
        self.follow(partner, effects, now);
    }

    /// The same input to the affairs with every partner.
    fn affairs_all(&mut self, input: &AffairsInput, now: Timestamp) {
        for (partner, effects) in self.affairs.all(input, now) {
            self.follow(partner, effects, now);
        }
    }

    /// Acts on what the affairs with `partner` ask.
    fn follow(&mut self, partner: Nation, effects: Vec<AffairsEffect>, now: Timestamp) {
        for effect in effects {
            match effect {
                AffairsEffect::Persist { entries, cursors, ticket } => {
                    let sealed = entries.into_iter().map(|e| Entry {
                        kind: e.kind,
                        time: now,
                        retention: kinds::retention(e.kind),
                        salt: e.salt,
                        body: e.body,
                    });
                    let entries = sealed.collect();
                    let cursors = self.cursor_move(partner, &cursors, now);
                    let waiting = Waiting::Affairs(partner, ticket);
                    self.append(Batch { entries, cursors }, waiting, now);
                }
                AffairsEffect::Send { class, signed, record, approvals, .. } => {
                    self.send(partner, (class, signed), (&record, &approvals), now);
                }
                AffairsEffect::Replace { class, place, stopped, signed, record, .. } => {
                    self.replace(partner, (class, place, stopped), signed, &record, now);
                }
                AffairsEffect::Recalled { alias } => self.forget(partner, alias),
                AffairsEffect::Committed { class, place } => {
                    if let Some(border) = self.borders.get_mut(&partner) {
                        border.committed(class, place);
                    }
                }
                AffairsEffect::Applied { class, place } => {
                    if let Some(border) = self.borders.get_mut(&partner) {
                        border.applied(class, place);
                    }
                }
                AffairsEffect::Identity(stated) => {
                    self.picture_input(PictureInput::Affiliation(stated), now);
                }
                AffairsEffect::Merged(pairs) => {
                    self.picture_input(PictureInput::Merged(pairs), now);
                }
                AffairsEffect::Zone(stated) => self.picture_input(PictureInput::Zone(stated), now),
                AffairsEffect::Watch(watch) => {
                    self.picture_input(PictureInput::Watch(watch), now);
                }
                AffairsEffect::Unwatch { known_as } => {
                    self.picture_input(PictureInput::Unwatch { known_as }, now);
                }
                AffairsEffect::Locate { incident, subject, known_as } => {
                    let locate = PictureInput::Locate { incident, subject, known_as };
                    self.picture_input(locate, now);
                }
                AffairsEffect::Destroy(order) => self.destroy(&order.0, &order.1),
                AffairsEffect::PolicyInForce { texts } => self.policy_in_force(&texts, now),
                AffairsEffect::Reply { request, result } => self.reply(request, result),
                AffairsEffect::Ring { .. } | AffairsEffect::Changed => self.affairs_changed = true,
            }
        }
    }
}

impl Engine {
    /// Has the store carry out an order of destruction.
    fn destroy(&mut self, proposal: &Proposal, approval: &DestructionApproval) {
        let order = Order {
            records: proposal.records.clone(),
            kinds: kinds::DESTROYABLE.into(),
            reason: proposal.reason.clone(),
            authority: proposal.authority.clone(),
            proposed: (proposal.by.clone(), proposal.at),
            approved: (approval.by.clone(), approval.at),
        };
        if !self.keeper.ask(ToKeeper::Destroy(Box::new(order))) {
            tracing::error!("an order of destruction waits: it is carried out at the next start");
        }
    }

    fn cursor_move(
        &self,
        partner: Nation,
        places: &BTreeMap<u8, Place>,
        now: Timestamp,
    ) -> Option<CursorMove> {
        self.borders.get(&partner).filter(|_| !places.is_empty())?;
        let salt = keys::random::<32>().ok()?;
        let to = places.iter().map(|(class, place)| {
            ((partner, *class), Cursor { epoch: place.epoch, seq: place.seq })
        });
        Some(CursorMove { time: now, salt, to: to.collect() })
    }
}

/// Why the word filter kept a record, without the word.
fn stopped(hit: &Hit) -> renkei_model::statement::Bilingual {
    let Hit { rule, field } = hit;
    renkei_model::statement::Bilingual {
        en: format!("stopped by the word filter (RK-1330): rule {rule}, field {field}"),
        ja: format!("語句フィルター（RK-1330）に該当したため提供しない：規則 {rule}、項目 {field}"),
    }
}
