//! Three nations: the affairs with one partner change no byte of what another is told, ledgers of a
//! node with one partner open under several, and a person chooses with whom something is dealt with.

use std::collections::{BTreeMap, BTreeSet};

use ed25519_dalek::SigningKey;
use expect_test::expect;
use proptest::prelude::*;
use renkei_core::affairs::entry::Entry;
use renkei_core::affairs::{
    About, Affairs, AffairsConfig, AffairsEffect, AffairsInput, Asked, Command, Desks, Partner,
    Place, ReleasedAbout, TearLine, addressee, lanes,
};
use renkei_model::cbor::{from_canonical, to_canonical};
use renkei_model::id::{BorderAlias, Nation, ObjectId};
use renkei_model::label::Label;
use renkei_model::observation::{Domain, Identity};
use renkei_model::seat::{Role, SeatId};
use renkei_model::statement::{Affiliation, Occurrence, Record, SignedRecord, Subject};
use renkei_model::time::Timestamp;
use renkei_model::track::TrackNumber;

use super::pair::{BEGIN, JPN, Pair, alert, both, config, label, session, zone};

fn key(nation: Nation) -> SigningKey {
    SigningKey::from_bytes(&[nation.letter() as u8; 32])
}

/// The affairs of `own` with `partner`.
fn with(own: Nation, partner: Nation, lane: u32) -> AffairsConfig {
    let like = config(JPN);
    let public = key(partner).verifying_key().to_bytes();
    let seats = like.seats.iter().cloned();
    AffairsConfig {
        nation: own,
        key: key(own),
        partner: Partner { nation: partner, key: public },
        lane,
        seats: seats.map(|seat| renkei_model::seat::SeatNotice { nation: own, ..seat }).collect(),
        label: Label { releasable_to: [partner].into(), originator: own, ..label(JPN) },
        entropy: [u8::try_from(lane).unwrap(); 32],
        ..like
    }
}

fn japan() -> Vec<AffairsConfig> {
    vec![with(Nation::JPN, Nation::USA, 0), with(Nation::JPN, Nation::AUS, 1)]
}

/// A headquarters whose disk is quick and whose policy lets all go that a label lists.
struct Headquarters {
    desks: Desks,
    ledger: Vec<(u16, Vec<u8>)>,
    /// What leaves, in order, by partner.
    sent: BTreeMap<Nation, Vec<SignedRecord>>,
    refused: Vec<&'static str>,
    now: Timestamp,
}

impl Headquarters {
    fn new(configs: Vec<AffairsConfig>) -> Self {
        let desks = Desks::replay(configs, Vec::<(u16, Vec<u8>)>::new()).unwrap();
        let (ledger, sent, refused) = (Vec::new(), BTreeMap::new(), Vec::new());
        let mut all = Self { desks, ledger, sent, refused, now: BEGIN };
        let begun = all.desks.all(&AffairsInput::Start, BEGIN);
        all.follow_each(begun);
        all
    }

    fn follow_each(&mut self, all: Vec<(Nation, Vec<AffairsEffect>)>) {
        for (partner, effects) in all {
            self.follow(partner, effects);
        }
    }

    fn act(&mut self, partner: Nation, input: AffairsInput) {
        let effects = self.desks.handle(partner, input, self.now);
        self.follow(partner, effects);
    }

    fn follow(&mut self, partner: Nation, effects: Vec<AffairsEffect>) {
        for effect in effects {
            match effect {
                AffairsEffect::Persist { entries, ticket, .. } => {
                    self.ledger.extend(entries.into_iter().map(|e| (e.kind, e.body)));
                    self.act(partner, AffairsInput::Persisted(ticket));
                }
                AffairsEffect::Send { to, class, signed, record, .. } => {
                    assert_eq!(to, partner);
                    if !record.label.releasable_to.contains(&to) {
                        continue;
                    }
                    let log = self.sent.entry(to).or_default();
                    log.push(signed.clone());
                    let place = Place { epoch: 0, seq: log.len() as u64 };
                    let (record, bytes) = (record.id, to_canonical(&signed));
                    self.act(partner, AffairsInput::Outbound { record, class, place, bytes });
                }
                AffairsEffect::Reply { result: Err(refusal), .. } => {
                    self.refused.push(refusal.code);
                }
                _ => {}
            }
        }
    }

    fn ask(&mut self, role: Role, command: Command, partner: Option<Nation>, about: &Known) {
        let asked = Asked { request: 1, by: session(JPN, role), command, partner };
        let about = |to| (Some(about.to(to)), Vec::new());
        let effects = self.desks.command(asked, about, self.now);
        self.follow_each(effects);
    }
}

/// A ship, and who may know of it.
#[derive(Clone, Debug)]
struct Known {
    mmsi: u32,
    to: BTreeSet<Nation>,
}

impl Known {
    fn to(&self, partner: Nation) -> About {
        let lane = u32::from(partner == Nation::AUS);
        let alias =
            BorderAlias { nation: Nation::JPN, number: lane * BorderAlias::LANE + self.mmsi };
        let subject = Subject {
            alias: Some(alias),
            identity: Some(Identity::Mmsi(self.mmsi)),
            name: None,
            domain: Domain::Surface,
        };
        let label = Label { releasable_to: [partner].into(), ..label(JPN) };
        let released =
            ReleasedAbout { subject: subject.clone(), position: None, label: label.clone() };
        About {
            track: TrackNumber(self.mmsi),
            subject,
            position: None,
            known_as: [Identity::Mmsi(self.mmsi), Identity::Alias(alias)].into(),
            label,
            released: self.to.contains(&partner).then_some(released),
        }
    }
}

#[derive(Clone, Debug)]
enum Event {
    /// The picture saw a ship enter the strait.
    Entered(Known),
    /// A person states whose it is.
    Stated(Known),
    /// A person opens an incident with one partner.
    Opened(Nation),
    /// A partner's own incident arrives.
    Theirs(Nation, u32),
    SeatTaken,
    Tick,
    /// A second in which nothing happens.
    Nothing,
}

/// The same history without what concerns `nation` alone, and with nothing shared with it.
fn without(events: &[Event], nation: Nation) -> Vec<Event> {
    let bare = |known: &Known| {
        let to = known.to.iter().copied().filter(|to| *to != nation).collect();
        Known { to, ..known.clone() }
    };
    let kept = |event: &Event| match event {
        Event::Entered(known) => Event::Entered(bare(known)),
        Event::Stated(known) => Event::Stated(bare(known)),
        Event::Opened(of) | Event::Theirs(of, _) if *of == nation => Event::Nothing,
        other => other.clone(),
    };
    events.iter().map(kept).collect()
}

fn run(events: &[Event]) -> Headquarters {
    let mut jpn = Headquarters::new(japan());
    let mut theirs = BTreeMap::new();
    for nation in [Nation::USA, Nation::AUS] {
        theirs.insert(nation, Headquarters::new(vec![with(nation, Nation::JPN, 0)]));
    }
    let mut received: BTreeMap<Nation, usize> = BTreeMap::new();
    for (nth, event) in events.iter().enumerate() {
        jpn.now = BEGIN.plus_ms(1_000 * nth as i64);
        match event {
            Event::Entered(known) => {
                let zone_name = both("Miyako Strait", "宮古海峡");
                let occurrence = Occurrence::ZoneEntered { zone: zone(JPN), zone_name };
                for partner in [Nation::USA, Nation::AUS] {
                    // As the picture does: the first hears of all, another of what it may have.
                    if partner == Nation::USA || known.to.contains(&partner) {
                        let seen = alert(occurrence.clone(), known.to(partner), jpn.now);
                        let effects = jpn.desks.raise(partner, seen, jpn.now);
                        jpn.follow(partner, effects);
                    }
                }
            }
            Event::Stated(known) => {
                let command = Command::StateIdentity {
                    track: TrackNumber(known.mmsi),
                    affiliation: Affiliation::Neutral,
                    reason: both("seen", "視認"),
                    expires_s: 600,
                    tear_line: Some(TearLine {
                        text: both("seen", "視認"),
                        checked_by: "Mori".into(),
                    }),
                };
                jpn.ask(Role::WatchOfficer, command, None, known);
            }
            Event::Opened(partner) => {
                let text = both("smoke", "煙を視認");
                let tear_line = Some(TearLine { text: text.clone(), checked_by: "Mori".into() });
                let command = Command::OpenIncident { track: None, text, tear_line };
                let known = Known { mmsi: 9, to: [*partner].into() };
                jpn.ask(Role::WatchOfficer, command, Some(*partner), &known);
            }
            Event::Theirs(nation, mmsi) => {
                let node = theirs.get_mut(nation).unwrap();
                let known = Known { mmsi: *mmsi, to: [Nation::JPN].into() };
                let zone_name = both("Miyako Strait", "宮古海峡");
                let drawn = ObjectId { node: *nation, ..zone(JPN) };
                let occurrence = Occurrence::ZoneEntered { zone: drawn, zone_name };
                let mut about = known.to(Nation::JPN);
                about.subject.alias = None;
                about.known_as = [Identity::Mmsi(*mmsi)].into();
                about.released.as_mut().unwrap().subject.alias = None;
                let label = Label { originator: *nation, ..label(JPN) };
                let label = Label { releasable_to: [Nation::JPN].into(), ..label };
                about.released.as_mut().unwrap().label = label;
                let effects = node.desks.raise(Nation::JPN, alert(occurrence, about, BEGIN), BEGIN);
                node.follow(Nation::JPN, effects);
                let log = node.sent.get(&Nation::JPN).cloned().unwrap_or_default();
                let seen = received.entry(*nation).or_default();
                for record in log.into_iter().skip(*seen) {
                    *seen += 1;
                    let place = Place { epoch: 0, seq: *seen as u64 };
                    let from = *nation;
                    jpn.act(from, AffairsInput::Received { from, class: 1, place, record });
                }
            }
            Event::SeatTaken => {
                let command = Command::TakeSeat { seat: SeatId("watch".into()) };
                jpn.ask(Role::WatchOfficer, command, None, &Known { mmsi: 9, to: [].into() });
            }
            Event::Nothing => {}
            Event::Tick => {
                let ticked = jpn.desks.all(&AffairsInput::Tick, jpn.now);
                jpn.follow_each(ticked);
            }
        }
    }
    jpn
}

fn history() -> impl Strategy<Value = Vec<Event>> {
    let to = proptest::sample::subsequence(vec![Nation::USA, Nation::AUS], 0..=2);
    let known = (1..4u32, to).prop_map(|(mmsi, to)| Known { mmsi, to: to.into_iter().collect() });
    let nation = proptest::sample::select(vec![Nation::USA, Nation::AUS]);
    let event = prop_oneof![
        known.clone().prop_map(Event::Entered),
        known.prop_map(Event::Stated),
        nation.clone().prop_map(Event::Opened),
        (nation, 1..4u32).prop_map(|(nation, mmsi)| Event::Theirs(nation, mmsi)),
        Just(Event::SeatTaken),
        Just(Event::Tick),
    ];
    proptest::collection::vec(event, 1..20)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..Default::default() })]

    #[test]
    fn what_is_dealt_with_with_one_partner_changes_no_byte_towards_another(events in history()) {
        let whole = run(&events);
        for (one, other) in [(Nation::USA, Nation::AUS), (Nation::AUS, Nation::USA)] {
            let varied = run(&without(&events, other));
            prop_assert_eq!(varied.sent.get(&one), whole.sent.get(&one));
        }
        prop_assert_eq!(&whole.refused, &Vec::<&str>::new());
    }

    #[test]
    fn the_ledger_of_several_partners_gives_every_desk_back(events in history()) {
        let whole = run(&events);
        let again = Desks::replay(japan(), whole.ledger).unwrap();
        for partner in [Nation::USA, Nation::AUS] {
            let (before, after) = (whole.desks.desk(partner), again.desk(partner));
            prop_assert!(after.unwrap().same_state(before.unwrap()));
        }
    }
}

fn entered(to: &[Nation]) -> Event {
    Event::Entered(Known { mmsi: 1, to: to.iter().copied().collect() })
}

#[test]
fn a_desk_that_serves_two_partners_is_caught() {
    // Planted: what leaves towards anyone reaches everyone.
    let reaches_usa =
        |events: &[Event]| run(events).sent.into_values().flatten().collect::<Vec<_>>();
    let events = [entered(&[Nation::USA, Nation::AUS])];
    assert_ne!(reaches_usa(&events), reaches_usa(&without(&events, Nation::AUS)));
}

#[test]
fn two_partners_in_one_lane_are_caught() {
    // Planted: the second partner's affairs number what they write in the first one's lane.
    let configs = vec![with(Nation::JPN, Nation::USA, 0), with(Nation::JPN, Nation::AUS, 0)];
    let ids = |configs: Vec<AffairsConfig>| {
        let jpn = Headquarters::new(configs);
        let mut ids = BTreeSet::new();
        let record = |signed: &SignedRecord| from_canonical::<Record>(&signed.bytes).unwrap().id;
        jpn.sent.values().flatten().all(|signed| ids.insert(record(signed)))
    };
    assert!(ids(japan()), "no id names two things");
    assert!(!ids(configs));
}

#[test]
fn a_zone_that_is_named_as_another_was_told_is_caught() {
    // Planted: the alert names our zone by the first partner's id for it, and so does the record.
    let mut jpn = Headquarters::new(japan());
    let zone_name = both("Miyako Strait", "宮古海峡");
    let occurrence = Occurrence::ZoneEntered { zone: zone(JPN), zone_name };
    let known = Known { mmsi: 1, to: [Nation::AUS].into() };
    let seen = alert(occurrence, known.to(Nation::AUS), BEGIN);
    let names = |jpn: &Headquarters| {
        let last = jpn.sent[&Nation::AUS].last().unwrap();
        let named = to_canonical(&zone(JPN));
        last.bytes.windows(named.len()).any(|bytes| bytes == named)
    };
    let effects = jpn.desks.raise(Nation::AUS, seen.clone(), BEGIN);
    jpn.follow(Nation::AUS, effects);
    assert!(!names(&jpn));
    let mut planted = Headquarters::new(japan());
    planted.act(Nation::AUS, AffairsInput::Raise(seen));
    assert!(names(&planted));
}

#[test]
fn one_matter_with_two_partners_is_two_incidents_that_name_each_other() {
    let jpn = run(&[entered(&[Nation::USA, Nation::AUS])]);
    let view = jpn.desks.snapshot(jpn.now);
    let mut lines: Vec<_> = view
        .incidents
        .iter()
        .map(|i| format!("{} with {}, beside {}", i.id, i.partner, i.beside.join(" ")))
        .collect();
    lines.sort();
    expect![[r#"
        JPN/exercise:keen/0/1099511627781 with AUS, beside JPN/exercise:keen/0/5
        JPN/exercise:keen/0/5 with USA, beside JPN/exercise:keen/0/1099511627781"#]]
    .assert_eq(&lines.join("\n"));
    for partner in [Nation::USA, Nation::AUS] {
        let theirs = jpn.desks.snapshot_for(partner, jpn.now).unwrap();
        assert!(theirs.incidents.iter().all(|incident| incident.partner == partner));
        assert_eq!(theirs.incidents.len(), 1);
        assert!(theirs.incidents[0].beside.is_empty());
    }
    assert!(jpn.desks.snapshot_for("KOR".parse().unwrap(), jpn.now).is_none());
}

#[test]
fn a_person_says_with_whom_an_incident_is_dealt_with() {
    let mut jpn = Headquarters::new(japan());
    let text = both("smoke", "煙を視認");
    let tear_line = Some(TearLine { text: text.clone(), checked_by: "Mori".into() });
    let command = Command::OpenIncident { track: None, text, tear_line };
    let nobody = Known { mmsi: 9, to: [].into() };
    jpn.ask(Role::WatchOfficer, command.clone(), None, &nobody);
    jpn.ask(Role::WatchOfficer, command.clone(), "KOR".parse().ok(), &nobody);
    assert_eq!(jpn.refused, ["RK-1400", "RK-1401"]);
    let before = jpn.sent.clone();
    let aus = Known { mmsi: 9, to: [Nation::AUS].into() };
    jpn.ask(Role::WatchOfficer, command, Some(Nation::AUS), &aus);
    assert_eq!(jpn.sent[&Nation::USA], before[&Nation::USA]);
    assert_eq!(jpn.sent[&Nation::AUS].len(), before[&Nation::AUS].len() + 1);
}

#[test]
fn a_partner_that_names_a_thing_by_anothers_alias_is_refused() {
    let between_others = BorderAlias { nation: Nation::JPN, number: 1 };
    for (alias, refused) in [
        (BorderAlias { nation: Nation::AUS, number: 1 }, 0),
        (BorderAlias { nation: Nation::JPN, number: BorderAlias::LANE + 1 }, 0),
        (between_others, 1),
        (BorderAlias { nation: Nation::USA, number: 1 }, 1),
    ] {
        let mut aus = Headquarters::new(vec![with(Nation::AUS, Nation::JPN, 0)]);
        let mut about = Known { mmsi: 1, to: [Nation::JPN].into() }.to(Nation::JPN);
        let released = about.released.as_mut().unwrap();
        released.subject.alias = Some(alias);
        let of_japan = [Nation::JPN].into();
        released.label = Label { originator: Nation::AUS, releasable_to: of_japan, ..label(JPN) };
        let seen = alert(Occurrence::DuplicateIdentity, about, BEGIN);
        let effects = aus.desks.raise(Nation::JPN, seen, BEGIN);
        aus.follow(Nation::JPN, effects);
        let mut jpn = Headquarters::new(japan());
        for (nth, record) in aus.sent[&Nation::JPN].iter().enumerate() {
            let place = Place { epoch: 0, seq: nth as u64 + 1 };
            let (from, record) = (Nation::AUS, record.clone());
            jpn.act(from, AffairsInput::Received { from, class: 1, place, record });
        }
        let view = jpn.desks.snapshot(BEGIN);
        let told: Vec<_> = view.refused.iter().map(|r| (r.partner, r.code)).collect();
        let expected = vec![(Nation::AUS, "RK-1211"); refused];
        assert_eq!(told, expected, "{alias}");
    }
}

/// The ledger of a node with one partner, as a build wrote it that knew of no other.
fn old_ledger() -> Vec<(u16, Vec<u8>)> {
    let mut pair = Pair::new();
    pair.enter(JPN);
    pair.quiet();
    let before = |(kind, body): (u16, Vec<u8>)| {
        let mut entry = Entry::from_body(kind, &body).unwrap();
        match &mut entry {
            Some(Entry::Placed(e)) => e.partner = None,
            Some(Entry::Kept(e)) => e.partner = None,
            Some(Entry::Held(e)) => e.partner = None,
            _ => {}
        }
        entry.map_or((kind, body), |entry| entry.to_body())
    };
    pair.nodes[JPN].ledger.clone().into_iter().map(before).collect()
}

#[test]
fn a_ledger_of_one_partner_opens_when_a_second_has_joined() {
    let ledger = old_ledger();
    let told = ledger.iter().filter_map(|(kind, body)| addressee(*kind, body));
    // The new one stands first in the configuration; the old one keeps its lane.
    let lanes = lanes(&[Nation::AUS, Nation::USA], told).unwrap();
    assert_eq!(lanes, BTreeMap::from([(Nation::USA, 0), (Nation::AUS, 1)]));
    let alone = Affairs::replay(config(JPN), ledger.clone()).unwrap();
    assert!(!alone.sent().is_empty() && !alone.cursors().is_empty());
    let configs = vec![with(Nation::JPN, Nation::AUS, 1), config(JPN)];
    let desks = Desks::replay(configs, ledger).unwrap();
    assert_eq!(desks.first(), Nation::USA);
    assert!(desks.desk(Nation::USA).unwrap().same_state(&alone));
    assert!(desks.desk(Nation::AUS).unwrap().sent().is_empty());
}

#[test]
fn a_lane_is_a_nations_for_ever() {
    let (usa, aus) = (Nation::USA, Nation::AUS);
    let check = |configured: &[Nation], told: &[(Nation, u32)]| {
        let lanes = lanes(configured, told.iter().copied());
        lanes.map(|lanes| configured.iter().map(|n| lanes[n]).collect::<Vec<_>>())
    };
    assert_eq!(check(&[usa, aus], &[]).unwrap(), [0, 1]);
    assert_eq!(check(&[aus, usa], &[(usa, 0)]).unwrap(), [1, 0]);
    // A partner of the past keeps its own.
    assert_eq!(check(&[aus], &[(usa, 0)]).unwrap(), [1]);
    let past: Vec<_> =
        (0..8).map(|n| (format!("AA{}", (b'A' + n) as char), u32::from(n))).collect();
    let past: Vec<_> = past.iter().map(|(n, lane)| (n.parse().unwrap(), *lane)).collect();
    assert!(check(&[usa], &past).is_err());
}
