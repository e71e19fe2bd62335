//! Two nodes' affairs and a border in memory: a ledger that is only as long as what was synced, and
//! one log a direction and class, delivered when a test says so.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use ed25519_dalek::SigningKey;
use expect_test::Expect;
use renkei_core::affairs::{
    About, Affairs, AffairsConfig, AffairsEffect, AffairsInput, Alert, Command, LedgerEntry,
    Partner, Place, Refusal, ReleasedAbout, Session, Standing, Ticket,
};
use renkei_fusion::alerts::{Figure, Rule, Why};
use renkei_model::cbor::{Digest, from_canonical, to_canonical};
use renkei_model::id::{BorderAlias, Nation, ObjectId, Partition};
use renkei_model::label::{Classification, Label};
use renkei_model::observation::{Domain, Identity};
use renkei_model::position::MicroPosition;
use renkei_model::seat::{Authority, Role, SeatId, SeatNotice};
use renkei_model::statement::{
    Bilingual, Language, Occurrence, Record, SignedRecord, Statement, Subject, Verdict, Zone,
};
use renkei_model::time::Timestamp;
use renkei_model::track::TrackNumber;
use renkei_policy::{Approval, Policy, shipped};

/// Index of the Japanese node.
pub(crate) const JPN: usize = 0;
/// Index of the US node.
pub(crate) const USA: usize = 1;
/// When every test begins: 2026-11-22T06:28:00Z.
pub(crate) const BEGIN: Timestamp = Timestamp(1_795_328_880_000);

/// One node: its affairs, its disk, its end of the border.
pub(crate) struct Node {
    pub(crate) nation: Nation,
    pub(crate) affairs: Affairs,
    /// What is on the disk.
    pub(crate) ledger: Vec<(u16, Vec<u8>)>,
    /// What waits for its fsync.
    unsynced: VecDeque<(Ticket, Vec<LedgerEntry>)>,
    /// Own border log by class: bytes of the signed records.
    log: BTreeMap<u8, Vec<Vec<u8>>>,
    /// How much of it the link may send.
    committed: BTreeMap<u8, u64>,
    /// How much of the other's log was handed up, in this life of the process.
    received: BTreeMap<u8, u64>,
    policy: Policy,
}

/// How the pair treats its disks and its wire.
#[derive(Clone, Copy, Default)]
pub(crate) struct Handling {
    /// `Persisted` is told at once, though the disk has nothing yet: the planted fault.
    pub(crate) told_early: bool,
    /// Batches wait for [`Pair::sync`]; else they are synced at once.
    pub(crate) slow_disk: bool,
    /// The shipped release policies decide what crosses; else everything does.
    pub(crate) policy: bool,
    /// A recall never gets its place in the log: the planted fault.
    pub(crate) lost_recall: bool,
    /// The link has begun to send everything: nothing is stopped any more.
    pub(crate) stop_nothing: bool,
}

/// Both nodes, and what was seen.
pub(crate) struct Pair {
    pub(crate) nodes: [Node; 2],
    pub(crate) now: Timestamp,
    pub(crate) trace: Vec<String>,
    pub(crate) replies: Vec<(u64, Result<String, Refusal>)>,
    pub(crate) handling: Handling,
    requests: u64,
    names: BTreeMap<Digest, String>,
}

pub(crate) fn both(en: &str, ja: &str) -> Bilingual {
    Bilingual { en: en.into(), ja: ja.into() }
}

fn nation(i: usize) -> Nation {
    [Nation::JPN, Nation::USA][i]
}

pub(crate) fn key(i: usize) -> SigningKey {
    SigningKey::from_bytes(&[[7; 32], [9; 32]][i])
}

pub(crate) fn label(i: usize) -> Label {
    Label {
        policy: format!("{}-EXERCISE", nation(i)),
        classification: Classification::Restricted,
        releasable_to: [nation(1 - i)].into(),
        restrictive: BTreeSet::new(),
        informative: ["EXERCISE".into()].into(),
        originator: nation(i),
        created: BEGIN,
        review: None,
    }
}

fn seat(i: usize, id: &str, role: Role, holder: &str, authority: &[Authority]) -> SeatNotice {
    SeatNotice {
        nation: nation(i),
        seat: SeatId(id.into()),
        title: both(id, id),
        role,
        holder: Some(holder.into()),
        since: BEGIN,
        authority: authority.to_vec(),
        counterpart: Some(SeatId(id.into())),
        deputy: None,
    }
}

pub(crate) fn person(i: usize, role: Role) -> &'static str {
    match (role, i) {
        (Role::Commander, JPN) => "Gen. Kuroda",
        (Role::Commander, _) => "Gen. Ames",
        (Role::ReleaseOfficer, JPN) => "Lt. Ito",
        (Role::ReleaseOfficer, _) => "Lt. Park",
        (_, JPN) => "Cdr. Hayashi",
        _ => "Lt. Cdr. Brook",
    }
}

fn policy(i: usize) -> Policy {
    let files = shipped(nation(i));
    Policy::load(nation(i), &config(i).partition, files).expect("the shipped policies are sound")
}

pub(crate) fn config(i: usize) -> AffairsConfig {
    let (commander, watch) = (person(i, Role::Commander), person(i, Role::WatchOfficer));
    let release = person(i, Role::ReleaseOfficer);
    let corner = |lat, lon| MicroPosition { latitude_udeg: lat, longitude_udeg: lon };
    AffairsConfig {
        nation: nation(i),
        partition: Partition::Exercise("keen".into()),
        epoch: 0,
        key: key(i),
        partner: Partner { nation: nation(1 - i), key: key(1 - i).verifying_key().to_bytes() },
        seats: vec![
            seat(
                i,
                "commander",
                Role::Commander,
                commander,
                &[Authority::Approve, Authority::Task, Authority::Release],
            ),
            seat(i, "watch", Role::WatchOfficer, watch, &[Authority::Offer]),
            seat(i, "release", Role::ReleaseOfficer, release, &[Authority::Release]),
        ],
        zones: vec![Zone {
            name: both("Miyako Strait", "宮古海峡"),
            ring: vec![
                corner(25_000_000, 125_500_000),
                corner(25_500_000, 126_500_000),
                corner(24_900_000, 126_500_000),
            ],
            domains: vec![Domain::Surface],
            neutral_too: false,
            holes: Vec::new(),
        }],
        lane: 0,
        standing: Standing::shipped(),
        label: label(i),
        notices: Vec::new(),
        entropy: [3; 32],
        closed_shown_ms: 600_000,
    }
}

impl Node {
    fn new(i: usize) -> Self {
        Self {
            nation: nation(i),
            affairs: Affairs::new(config(i)),
            ledger: Vec::new(),
            unsynced: VecDeque::new(),
            log: BTreeMap::new(),
            committed: BTreeMap::new(),
            received: BTreeMap::new(),
            policy: policy(i),
        }
    }

    /// What the border log holds of a record.
    pub(crate) fn placed_bytes(&self, record: &str) -> Vec<u8> {
        use renkei_core::affairs::entry::Entry;
        let placed =
            self.ledger.iter().find_map(|(kind, body)| match Entry::from_body(*kind, body) {
                Ok(Some(Entry::Placed(placed))) if placed.record.to_string() == record => {
                    Some(placed.bytes)
                }
                _ => None,
            });
        placed.expect("it has a place")
    }

    /// The affairs as this disk would give them back.
    pub(crate) fn replayed(&self, i: usize) -> Affairs {
        Affairs::replay(config(i), self.ledger.clone()).expect("our own ledger replays")
    }
}

impl Pair {
    /// Two nodes that have introduced themselves.
    pub(crate) fn new() -> Self {
        Self::with(Handling::default())
    }

    pub(crate) fn with(handling: Handling) -> Self {
        let mut pair = Self {
            nodes: [Node::new(JPN), Node::new(USA)],
            now: BEGIN,
            trace: Vec::new(),
            replies: Vec::new(),
            handling: Handling::default(),
            requests: 0,
            names: BTreeMap::new(),
        };
        for i in [JPN, USA] {
            pair.act(i, AffairsInput::Start);
        }
        pair.quiet();
        pair.trace.clear();
        pair.handling = handling;
        pair
    }

    /// Hands one input to a node and does what it asks.
    pub(crate) fn act(&mut self, i: usize, input: AffairsInput) {
        let effects = self.nodes[i].affairs.handle(input, self.now);
        for effect in effects {
            self.follow(i, effect);
        }
    }

    fn follow(&mut self, i: usize, effect: AffairsEffect) {
        match effect {
            AffairsEffect::Persist { entries, ticket, .. } => {
                self.nodes[i].unsynced.push_back((ticket, entries));
                if self.handling.told_early {
                    self.act(i, AffairsInput::Persisted(ticket));
                } else if !self.handling.slow_disk {
                    self.sync(i);
                }
            }
            AffairsEffect::Send { class, signed, record, approvals, .. } => {
                self.send(i, class, &signed, (&record, &approvals))
            }
            AffairsEffect::Replace { class, place, stopped, signed, record, .. } => {
                let went = self.nodes[1 - i].received.get(&class).copied().unwrap_or(0);
                if went < place.seq && !self.handling.stop_nothing {
                    let bytes = to_canonical(&signed);
                    let log = self.nodes[i].log.entry(class).or_default();
                    log[place.seq as usize - 1] = bytes.clone();
                    self.say(i, "sends the recall in place of it");
                    let recall = record.id.clone();
                    let input = AffairsInput::Replaced { stopped, recall, class, place, bytes };
                    self.act(i, input);
                }
            }
            AffairsEffect::Committed { class, place } => {
                self.nodes[i].committed.insert(class, place.seq);
            }
            AffairsEffect::Applied { class, place } => {
                let seq = place.seq;
                self.act(1 - i, AffairsInput::PartnerApplied { class, seq });
            }
            AffairsEffect::Reply { request, result } => {
                if let Err(refusal) = &result {
                    self.say(i, &format!("refused {refusal}"));
                }
                self.replies.push((request, result));
            }
            AffairsEffect::Identity(stated) => {
                let words =
                    format!("picture: {} states {:?}", stated.nation, stated.statement.affiliation);
                self.say(i, &words);
            }
            AffairsEffect::Merged(pairs) => {
                for pair in pairs {
                    let words =
                        format!("picture: {:?} {:?}: {:?}", pair.one, pair.other, pair.same);
                    self.say(i, &words);
                }
            }
            AffairsEffect::Watch(watch) => {
                self.say(i, &format!("picture: watch {} names", watch.known_as.len()));
            }
            AffairsEffect::Unwatch { known_as } => {
                self.say(i, &format!("picture: watch {} names no more", known_as.len()));
            }
            AffairsEffect::Ring { severity, .. } => self.say(i, &format!("rings {severity:?}")),
            _ => {}
        }
    }

    fn send(
        &mut self,
        i: usize,
        class: u8,
        signed: &SignedRecord,
        (record, approvals): (&Record, &[Approval]),
    ) {
        if self.handling.lost_recall && matches!(record.statement, Statement::Recall(_)) {
            return;
        }
        if self.handling.policy {
            let (policy, to, now) = (&self.nodes[i].policy, nation(1 - i), self.now);
            if let Err(kept) = policy.release_reviewed(signed.clone(), record, to, approvals, now) {
                let asks = kept.review.map_or("stays".to_owned(), |r| format!("asks {r:?}"));
                let review = kept.review.map(|review| (review, policy.version()));
                let words = self.words(&record.statement);
                self.say(
                    i,
                    &format!("{words} {asks}: {}", kept.policy.clone().unwrap_or_default()),
                );
                let (record, policy, reason) = (record.id.clone(), kept.policy, kept.reason);
                let input = AffairsInput::Withheld { record, policy, reason, review };
                return self.act(i, input);
            }
        }
        if !matches!(record.statement, Statement::Notarial(_)) {
            let words = self.words(&record.statement);
            self.say(i, &words);
        }
        let bytes = to_canonical(signed);
        let log = self.nodes[i].log.entry(class).or_default();
        log.push(bytes.clone());
        let place = Place { epoch: 0, seq: log.len() as u64 };
        self.act(i, AffairsInput::Outbound { record: record.id.clone(), class, place, bytes });
    }

    fn say(&mut self, i: usize, words: &str) {
        self.trace.push(format!("{} {words}", self.nodes[i].nation));
    }

    fn words(&mut self, statement: &Statement) -> String {
        match statement {
            Statement::Seat(s) => {
                format!("seat {}: {}", s.seat.0, s.holder.as_deref().unwrap_or("vacant"))
            }
            Statement::Identity(s) => format!("identity {:?}", s.affiliation),
            Statement::Zone(z) => format!("zone {}", z.name.en),
            Statement::Incident(i) => {
                let paired = if i.pair.is_some() { ", paired" } else { "" };
                format!("incident r{} {:?}{paired}", i.revision, i.state)
            }
            Statement::Offer(v) => {
                let name = format!("v{}{}", v.number, v.author.nation.letter());
                self.names.insert(v.digest(), name.clone());
                format!("offer {name}")
            }
            Statement::Answer(a) => {
                let verdict = match a.verdict {
                    Verdict::Agree => "agree",
                    Verdict::AgreeWithCaveat { .. } => "caveat",
                    Verdict::ReferredUp { .. } => "refer up",
                    Verdict::Decline { .. } => "decline",
                    Verdict::Lapsed => "lapsed",
                };
                format!("answer {}: {verdict}", self.name(a.version))
            }
            Statement::Holding(h) => format!("holding {}", self.name(h.version)),
            Statement::Tasked(t) => format!("tasked {}", self.name(t.version)),
            Statement::Receipt(r) => format!("receipt {}", self.name(r.version)),
            Statement::Keys(keys) => format!("keys {}", keys.notices.len()),
            Statement::Notarial(_) => "notarial".into(),
            Statement::Recall(r) => format!("recall {:?}", r.ground),
            Statement::RecallReceipt(r) => format!("recall receipt, held {}", r.held),
        }
    }

    pub(crate) fn name(&self, version: Digest) -> String {
        self.names.get(&version).cloned().unwrap_or_else(|| "?".into())
    }

    /// The oldest waiting batch reaches the disk; false when none waits.
    pub(crate) fn sync(&mut self, i: usize) -> bool {
        let Some((ticket, entries)) = self.nodes[i].unsynced.pop_front() else { return false };
        self.nodes[i].ledger.extend(entries.into_iter().map(|e| (e.kind, e.body)));
        self.act(i, AffairsInput::Persisted(ticket));
        true
    }

    /// The next record of `class` reaches node `i`; false when there is none.
    pub(crate) fn deliver(&mut self, i: usize, class: u8) -> bool {
        let from = &self.nodes[1 - i];
        let next = self.nodes[i].received.get(&class).copied().unwrap_or(0) + 1;
        if from.committed.get(&class).copied().unwrap_or(0) < next {
            return false;
        }
        let Some(bytes) = from.log.get(&class).and_then(|log| log.get(next as usize - 1)) else {
            return false;
        };
        let record = from_canonical(bytes).expect("our own log");
        let input = AffairsInput::Received {
            from: from.nation,
            class,
            place: Place { epoch: 0, seq: next },
            record,
        };
        self.nodes[i].received.insert(class, next);
        self.act(i, input);
        true
    }

    /// Everything reaches every disk and both nodes.
    pub(crate) fn quiet(&mut self) {
        let step = |pair: &mut Self, i| {
            pair.sync(i) | pair.deliver(i, 1) | pair.deliver(i, 2) | pair.deliver(i, 4)
        };
        while step(self, JPN) | step(self, USA) {}
    }

    /// The process dies; what was not synced is gone; it starts again.
    pub(crate) fn crash(&mut self, i: usize) {
        let node = &mut self.nodes[i];
        node.unsynced.clear();
        node.affairs = node.replayed(i);
        node.log.clear();
        node.committed.clear();
        for (kind, body) in &node.ledger {
            use renkei_core::affairs::entry::Entry;
            if let Ok(Some(Entry::Placed(placed))) = Entry::from_body(*kind, body) {
                let log = node.log.entry(placed.class).or_default();
                match log.get_mut(placed.place.seq as usize - 1) {
                    Some(replaced) => *replaced = placed.bytes,
                    None => log.push(placed.bytes),
                }
                let last = node.committed.entry(placed.class).or_default();
                *last = placed.place.seq.max(*last);
            }
        }
        let cursor = |affairs: &Affairs| -> BTreeMap<u8, u64> {
            affairs.cursors().iter().map(|(class, place)| (*class, place.seq)).collect()
        };
        node.received = cursor(&node.affairs);
        let theirs = cursor(&self.nodes[1 - i].affairs);
        self.act(i, AffairsInput::Start);
        for (class, seq) in theirs {
            self.act(i, AffairsInput::PartnerApplied { class, seq });
        }
    }

    /// A person asks; the id of what was made, or the code of the refusal.
    pub(crate) fn ask(&mut self, i: usize, role: Role, command: Command) -> Result<String, String> {
        let by = session(i, role);
        let about = match &command {
            Command::OpenIncident { track: Some(_), .. }
            | Command::StateIdentity { .. }
            | Command::WatchTrack { .. } => Some(ship(i)),
            _ => None,
        };
        self.ask_as(i, by, command, about)
    }

    pub(crate) fn ask_as(
        &mut self,
        i: usize,
        by: Session,
        command: Command,
        about: Option<About>,
    ) -> Result<String, String> {
        self.ask_beside(i, by, command, about, Vec::new())
    }

    pub(crate) fn ask_beside(
        &mut self,
        i: usize,
        by: Session,
        command: Command,
        about: Option<About>,
        beside: Vec<About>,
    ) -> Result<String, String> {
        self.requests += 1;
        let request = self.requests;
        self.act(i, AffairsInput::Command { request, by, command, about, beside });
        let reply = self.replies.iter().rev().find(|(r, _)| *r == request);
        match reply {
            Some((_, Ok(id))) => Ok(id.clone()),
            Some((_, Err(refusal))) => Err(refusal.code.into()),
            None => Ok(String::new()),
        }
    }

    pub(crate) fn pass(&mut self, seconds: i64) {
        self.now = self.now.plus_ms(seconds * 1_000);
    }

    /// Both nodes look at their clocks.
    pub(crate) fn tick(&mut self) {
        for i in [JPN, USA] {
            self.act(i, AffairsInput::Tick);
        }
    }

    /// The ship enters the strait, as node `i` sees it.
    pub(crate) fn enter(&mut self, i: usize) {
        let zone_name = both("Miyako Strait", "宮古海峡");
        let occurrence = Occurrence::ZoneEntered { zone: zone(i), zone_name };
        let sensed_at = self.now.plus_ms(-2_000);
        let alert = Alert { sensed_at, ..alert(occurrence, ship(i), self.now) };
        self.act(i, AffairsInput::Raise(alert));
    }
}

/// What the picture saw at `at`.
pub(crate) fn alert(occurrence: Occurrence, about: About, at: Timestamp) -> Alert {
    let why = Why {
        rule: Rule::ZoneEntered,
        preset: "two_fixes",
        thresholds: vec![Figure { name: "fixes", value: 2 }],
        measured: vec![Figure { name: "fixes", value: 2 }],
        tracks: vec![about.track],
        from: at,
        until: at,
    };
    Alert { occurrence, about, why, sensed_at: at, ingested_at: at }
}

/// The strait as node `i` drew it.
pub(crate) fn zone(i: usize) -> ObjectId {
    let partition = Partition::Exercise("keen".into());
    ObjectId { node: nation(i), partition, epoch: 0, counter: 4 }
}

pub(crate) fn session(i: usize, role: Role) -> Session {
    let seat = match role {
        Role::Commander => "commander",
        Role::ReleaseOfficer => "release",
        _ => "watch",
    };
    Session {
        nation: nation(i),
        role,
        seat: SeatId(seat.into()),
        person: person(i, role).into(),
        language: if i == JPN { Language::Ja } else { Language::En },
    }
}

/// The ship as node `i` knows it, wholly releasable.
pub(crate) fn ship(i: usize) -> About {
    let alias = BorderAlias { nation: nation(i), number: 412 };
    let subject = Subject {
        alias: Some(alias),
        identity: Some(Identity::Mmsi(999_000_001)),
        name: Some("SAMPLE STAR".into()),
        domain: Domain::Surface,
    };
    // Reported over the team's link too, which nobody released.
    let team = Identity::Cot(format!("{}-boat-1", nation(i)));
    let position = Some(MicroPosition { latitude_udeg: 25_100_000, longitude_udeg: 126_000_000 });
    About {
        track: TrackNumber(40 + i as u32),
        subject: subject.clone(),
        position,
        known_as: [Identity::Mmsi(999_000_001), Identity::Alias(alias), team].into(),
        label: label(i),
        released: Some(ReleasedAbout { subject, position, label: label(i) }),
    }
}

/// Runs a scene and compares what was sent, rung and refused.
pub(crate) fn check(scene: impl FnOnce(&mut Pair), expect: &Expect) {
    let mut pair = Pair::new();
    scene(&mut pair);
    let mut text = pair.trace.join("\n");
    text.push('\n');
    expect.assert_eq(&text);
}
