//! One headquarters of the triangle: its picture, its affairs and its links, joined as the engine
//! joins them, over a disk that is quick.

use std::collections::{BTreeMap, BTreeSet};

use ed25519_dalek::SigningKey;
use renkei_core::affairs::{
    AffairsConfig, AffairsEffect, AffairsInput, Asked, Command, Desks, Partner, Place, Session,
    Standing, TearLine,
};
use renkei_core::picture::{Picture, PictureConfig, PictureEffect, PictureInput, Towards};
use renkei_link::{Border, BorderConfig, Class, Cursor, Event, Restored};
use renkei_model::cbor::Digest;
use renkei_model::id::{Nation, Partition, SourceId};
use renkei_model::label::{Classification, Label};
use renkei_model::observation::{Attributes, Domain, Identity, Motion, Observation, Source};
use renkei_model::position::Position;
use renkei_model::seat::{Authority, Role, SeatId, SeatNotice};
use renkei_model::statement::{Bilingual, Language};
use renkei_model::time::Timestamp;
use renkei_policy::{Policy, shipped};

use super::{NATIONS, START, Variant};

const TRANSMIT_BYTES: usize = 4_096;

fn partition() -> Partition {
    Partition::Simulation("triangle".into())
}

/// The other two, in the order of their lanes.
pub(crate) fn partners(own: Nation) -> [Nation; 2] {
    match own {
        Nation::JPN => [Nation::USA, Nation::AUS],
        Nation::USA => [Nation::JPN, Nation::AUS],
        _ => [Nation::JPN, Nation::USA],
    }
}

fn key(nation: Nation) -> SigningKey {
    SigningKey::from_bytes(&[nation.letter() as u8; 32])
}

/// What the US set permits Japan, permitted both partners of `own`.
fn policy(own: Nation) -> Policy {
    let mut files: Vec<(String, String)> = Vec::new();
    for (name, text) in shipped(Nation::USA) {
        if !text.contains("Nation::\"JPN\"") {
            files.push(((*name).into(), (*text).into()));
            continue;
        }
        for partner in partners(own) {
            let text = text.replace("Nation::\"JPN\"", &format!("Nation::\"{partner}\""));
            let text = text.replace("@id(\"", &format!("@id(\"{partner}-"));
            files.push((format!("{partner}-{name}"), text));
        }
    }
    let files: Vec<_> = files.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect();
    Policy::load(own, &partition(), &files).expect("the set is sound")
}

fn label(own: Nation, to: &BTreeSet<Nation>) -> Label {
    Label {
        policy: format!("{own}-EXERCISE"),
        classification: Classification::Unclassified,
        releasable_to: to.clone(),
        restrictive: BTreeSet::new(),
        informative: BTreeSet::new(),
        originator: own,
        created: START,
        review: None,
    }
}

/// The affairs of `own` with `partner`.
fn affairs(own: Nation, partner: Nation, lane: u32) -> AffairsConfig {
    let watch = SeatNotice {
        nation: own,
        seat: SeatId("watch".into()),
        title: Bilingual { en: "Watch".into(), ja: "当直".into() },
        role: Role::WatchOfficer,
        holder: Some("Watch".into()),
        since: START,
        authority: vec![Authority::Offer],
        counterpart: None,
        deputy: None,
    };
    AffairsConfig {
        nation: own,
        partition: partition(),
        epoch: 0,
        key: key(own),
        partner: Partner { nation: partner, key: key(partner).verifying_key().to_bytes() },
        lane,
        seats: vec![watch],
        zones: Vec::new(),
        standing: Standing::shipped(),
        label: label(own, &[partner].into()),
        notices: Vec::new(),
        entropy: [partner.letter() as u8; 32],
        closed_shown_ms: 600_000,
    }
}

/// One headquarters.
pub(crate) struct Headquarters {
    pub(crate) nation: Nation,
    pub(crate) picture: Picture,
    pub(crate) desks: Desks,
    pub(crate) borders: BTreeMap<Nation, Border>,
    policy: Policy,
    variant: Variant,
    /// What a partner gave: whose, which thing, in which lane.
    pub(crate) given: BTreeSet<(Nation, Identity, u32)>,
}

impl Headquarters {
    pub(crate) fn new(nation: Nation, variant: Variant) -> Self {
        let lanes = || partners(nation).into_iter().zip(0_u32..);
        let towards = lanes().map(|(partner, lane)| Towards { partner, lane }).collect();
        let policy = policy(nation);
        let picture = Picture::new(PictureConfig::of(nation, towards), &policy);
        let configs = lanes().map(|(partner, lane)| affairs(nation, partner, lane)).collect();
        let desks = Desks::replay(configs, Vec::<(u16, Vec<u8>)>::new()).expect("empty");
        let border = |partner| {
            let config = BorderConfig {
                own: nation,
                partner,
                partition: partition(),
                epoch: 0,
                boot: 1,
                policy_version: 1,
                policy: Digest::of(nation.code().as_bytes()),
            };
            (partner, Border::restore(config, &Restored::default()))
        };
        let borders = partners(nation).map(border).into();
        let given = BTreeSet::new();
        let mut all = Self { nation, picture, desks, borders, policy, variant, given };
        for (partner, effects) in all.desks.all(&AffairsInput::Start, START) {
            all.follow(partner, effects, START);
        }
        all
    }

    /// A feed reports ship `mmsi`, which `to` may have.
    pub(crate) fn hear(
        &mut self,
        mmsi: u32,
        to: &BTreeSet<Nation>,
        longitude: f64,
        now: Timestamp,
    ) {
        let label = label(self.nation, to);
        self.observe(report(mmsi, label, longitude, now), now);
    }

    fn observe(&mut self, report: Observation, now: Timestamp) {
        let effects = self.picture.handle(PictureInput::Observed(report), now);
        self.offer(effects, now);
    }

    fn offer(&mut self, effects: Vec<PictureEffect>, now: Timestamp) {
        for effect in effects {
            match effect {
                PictureEffect::Offer { to, released } => {
                    if let Some(border) = self.borders.get_mut(&to) {
                        border.offer_observation(released).expect("short, and for that partner");
                    }
                }
                PictureEffect::Forget { partner, alias } => {
                    if let Some(border) = self.borders.get_mut(&partner) {
                        border.forget_observation(alias);
                    }
                }
                PictureEffect::Located { incident, track, known_as } => {
                    if let Some(partner) = self.desks.partner_of(&incident) {
                        let located = AffairsInput::Located { incident, track, known_as };
                        let effects = self.desks.handle(partner, located, now);
                        self.follow(partner, effects, now);
                    }
                }
                _ => {}
            }
        }
    }

    /// The watch opens an incident with `partner`.
    pub(crate) fn open(&mut self, partner: Nation, words: &str, now: Timestamp) {
        let text = Bilingual { en: words.into(), ja: words.into() };
        let by = Session {
            nation: self.nation,
            role: Role::WatchOfficer,
            seat: SeatId("watch".into()),
            person: "Watch".into(),
            language: Language::En,
        };
        // Words of a person's own go as a tear-line.
        let tear_line = Some(TearLine { text: text.clone(), checked_by: "Watch".into() });
        let command = Command::OpenIncident { track: None, text, tear_line };
        let asked = Asked { request: 1, by, command, partner: Some(partner) };
        for (partner, effects) in self.desks.command(asked, |_| (None, Vec::new()), now) {
            self.follow(partner, effects, now);
        }
    }

    /// Time passes; once a second the picture and the affairs step.
    pub(crate) fn tick(&mut self, second: bool, now: Timestamp) {
        if second {
            let effects = self.picture.handle(PictureInput::Tick, now);
            self.offer(effects, now);
            for (partner, effects) in self.desks.all(&AffairsInput::Tick, now) {
                self.follow(partner, effects, now);
            }
        }
        for partner in partners(self.nation) {
            let events = self.borders.get_mut(&partner).map(|b| b.tick(now)).unwrap_or_default();
            self.act(partner, events, now);
        }
    }

    /// What the link with `partner` wants to send on connection `number`.
    pub(crate) fn transmit(&mut self, partner: Nation, number: u64, now: Timestamp) -> Vec<u8> {
        let border = self.borders.get_mut(&partner);
        border.map(|b| b.transmit(number, now, TRANSMIT_BYTES)).unwrap_or_default()
    }

    pub(crate) fn connected(&mut self, partner: Nation, number: u64, now: Timestamp) {
        let Some(border) = self.borders.get_mut(&partner) else { return };
        border.connected(number, now);
        let events = border.take_events();
        self.act(partner, events, now);
    }

    pub(crate) fn cut(&mut self, partner: Nation, number: u64, now: Timestamp) {
        let Some(border) = self.borders.get_mut(&partner) else { return };
        let events = border.disconnected(number, "cut", now);
        self.act(partner, events, now);
    }

    pub(crate) fn receive(&mut self, partner: Nation, number: u64, bytes: &[u8], now: Timestamp) {
        let Some(border) = self.borders.get_mut(&partner) else { return };
        let events = border.receive(number, bytes, now);
        self.act(partner, events, now);
    }

    fn act(&mut self, partner: Nation, events: Vec<Event>, now: Timestamp) {
        for event in events {
            match event {
                Event::Record { class, cursor, record, .. } => {
                    let place = Place { epoch: cursor.epoch, seq: cursor.seq };
                    if self.variant == Variant::Loses && cursor.seq.is_multiple_of(3) {
                        // Planted: acknowledged and forgotten.
                        if let Some(border) = self.borders.get_mut(&partner) {
                            border.applied(class, cursor);
                        }
                        continue;
                    }
                    let (from, class) = (partner, class.code());
                    self.affairs(
                        partner,
                        AffairsInput::Received { from, class, place, record },
                        now,
                    );
                }
                Event::Observation { release, .. } => {
                    let alias = release.alias;
                    let heard = release.clone().into_observation(now);
                    self.given.insert((partner, heard.identity.clone(), alias.lane()));
                    if self.variant == Variant::Relays && self.nation == Nation::JPN {
                        // Planted: what a partner gave is heard as if a feed of ours reported it.
                        let label = label(self.nation, &partners(self.nation).into());
                        let source = Source::Own(SourceId("relay".into()));
                        self.observe(Observation { source, label, ..heard }, now);
                        continue;
                    }
                    let received = PictureInput::Received { from: partner, release: *release };
                    let effects = self.picture.handle(received, now);
                    self.offer(effects, now);
                }
                Event::PartnerApplied { class, seq } => {
                    let class = class.code();
                    self.affairs(partner, AffairsInput::PartnerApplied { class, seq }, now);
                }
                Event::Wanted { class, first, bytes } => {
                    let desk = self.desks.desk(partner);
                    let entries = desk.map(|d| d.supply(class.code(), first, bytes));
                    if let Some(border) = self.borders.get_mut(&partner) {
                        border.supply(class, first, entries.unwrap_or_default());
                    }
                }
                Event::Up(_) | Event::Down(_) | Event::Refused { .. } => {}
            }
        }
    }

    fn affairs(&mut self, partner: Nation, input: AffairsInput, now: Timestamp) {
        let effects = self.desks.handle(partner, input, now);
        self.follow(partner, effects, now);
    }

    fn follow(&mut self, partner: Nation, effects: Vec<AffairsEffect>, now: Timestamp) {
        for effect in effects {
            let border = self.borders.get_mut(&partner).expect("a border a partner");
            match effect {
                AffairsEffect::Persist { ticket, .. } => {
                    self.affairs(partner, AffairsInput::Persisted(ticket), now);
                }
                AffairsEffect::Send { class, signed, record, .. } => {
                    let class = Class::from_code(class).expect("a class");
                    let Ok(released) = self.policy.release_record(signed, &record, partner, now)
                    else {
                        continue;
                    };
                    let outbound = border.offer_record(class, released).expect("short");
                    let Cursor { epoch, seq } = outbound.cursor;
                    let (place, record) = (Place { epoch, seq }, record.id);
                    let (class, bytes) = (class.code(), outbound.bytes);
                    self.affairs(
                        partner,
                        AffairsInput::Outbound { record, class, place, bytes },
                        now,
                    );
                }
                AffairsEffect::Committed { class, place } => {
                    border.committed(Class::from_code(class).expect("a class"), place.seq);
                }
                AffairsEffect::Applied { class, place } => {
                    let cursor = Cursor { epoch: place.epoch, seq: place.seq };
                    border.applied(Class::from_code(class).expect("a class"), cursor);
                }
                AffairsEffect::Locate { incident, subject, known_as } => {
                    let locate = PictureInput::Locate { incident, subject, known_as };
                    let effects = self.picture.handle(locate, now);
                    self.offer(effects, now);
                }
                _ => {}
            }
        }
    }
}

fn report(mmsi: u32, label: Label, longitude: f64, now: Timestamp) -> Observation {
    Observation {
        source: Source::Own(SourceId("ais".into())),
        identity: Identity::Mmsi(mmsi),
        domain: Domain::Surface,
        event_time: now,
        received_at: now,
        position: Position::new(25.0 + f64::from(mmsi % 1_000) * 0.05, longitude),
        accuracy_m: None,
        motion: Motion { speed_mps: Some(8.0), course_deg: Some(90.0), ..Motion::default() },
        attributes: Attributes::default(),
        content: u64::try_from(now.0).unwrap_or(0) << 12 | u64::from(mmsi % 4_096),
        label,
    }
}

/// Every nation's code point among the three.
pub(crate) fn place(nation: Nation) -> usize {
    NATIONS.iter().position(|n| *n == nation).expect("one of the three")
}
