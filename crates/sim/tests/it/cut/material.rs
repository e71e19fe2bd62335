//! What crosses after the cut: ships as AIS reports them, and decisions as two sides record them.

use std::collections::BTreeSet;

use renkei_link::BorderConfig;
use renkei_model::cbor::{Digest, to_canonical};
use renkei_model::id::{BorderAlias, Nation, ObjectId, Partition, SourceId};
use renkei_model::label::{Classification, Label};
use renkei_model::observation::{Attributes, Domain, Identity, Motion, Observation, Source};
use renkei_model::position::Position;
use renkei_model::seat::SeatId;
use renkei_model::statement::{
    Answer, Holding, KeyId, RECORD_VERSION, Record, Signatory, SignedRecord, Statement, Verdict,
};
use renkei_model::time::Timestamp;
use renkei_policy::{ObservationRelease, Policy, Released, shipped};

use super::dice::Dice;

pub(crate) const NATIONS: [Nation; 2] = [Nation::JPN, Nation::USA];
/// Metres in a degree of latitude.
const DEGREE_M: f64 = 111_195.0;

pub(crate) fn partition() -> Partition {
    Partition::Exercise("keen-edge".into())
}

pub(crate) fn config(index: usize) -> BorderConfig {
    BorderConfig {
        own: NATIONS[index],
        partner: NATIONS[1 - index],
        partition: partition(),
        epoch: 1,
        boot: 1,
        policy_version: 1,
        policy: Digest::of(NATIONS[index].code().as_bytes()),
    }
}

pub(crate) fn policy() -> Policy {
    Policy::load(Nation::JPN, &partition(), shipped(Nation::JPN))
        .expect("the shipped ones are sound")
}

fn label(created: Timestamp) -> Label {
    Label {
        policy: "JPN-EXERCISE".into(),
        classification: Classification::Unclassified,
        releasable_to: BTreeSet::from([Nation::USA]),
        restrictive: BTreeSet::new(),
        informative: BTreeSet::from(["CIVIL".to_owned()]),
        originator: Nation::JPN,
        created,
        review: None,
    }
}

/// A ship under way or at anchor, with a receiver's noise, in AIS's units.
#[derive(Clone, Debug)]
pub(crate) struct Ship {
    pub(crate) number: u32,
    mmsi: u32,
    attributes: Attributes,
    latitude: f64,
    longitude: f64,
    speed_mps: f64,
    course: f64,
}

impl Ship {
    pub(crate) fn new(number: u32, dice: &mut Dice) -> Self {
        let letters = |dice: &mut Dice, from: &[u8], length: u64| -> String {
            (0..length).map(|_| from[dice.between(0, from.len() as u64) as usize] as char).collect()
        };
        let syllables = [
            "KA", "SHI", "MA", "RO", "TO", "NE", "VAN", "ER", "SUN", "BAY", "STAR", "LI", "O", "PA",
        ];
        let words = dice.between(1, 3);
        let word = |dice: &mut Dice| -> String {
            let length = dice.between(2, 5);
            (0..length)
                .map(|_| syllables[dice.between(0, syllables.len() as u64) as usize])
                .collect()
        };
        let mut name = (0..words).map(|_| word(dice)).collect::<Vec<_>>().join(" ");
        name.truncate(20);
        let ports =
            ["TOKYO", "JP TYO", "BUSAN", "CN SHA", "NAHA", "KAOHSIUNG", "HONG KONG", "SASEBO"];
        let anchored = dice.between(0, 10) < 3;
        let attributes = Attributes {
            name: Some(name),
            callsign: Some(letters(dice, b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", 6)),
            imo: Some(dice.between(9_000_000, 9_999_999) as u32),
            ship_type: Some(dice.between(60, 90) as u8),
            destination: Some(ports[dice.between(0, ports.len() as u64) as usize].into()),
            length_m: Some(dice.between(20, 400) as u16),
            beam_m: Some(dice.between(5, 60) as u16),
            nav_status: None,
            ..Attributes::default()
        };
        Self {
            number,
            mmsi: dice.between(201_000_000, 775_999_999) as u32,
            attributes,
            latitude: 20.0 + 25.0 * dice.unit(),
            longitude: 120.0 + 30.0 * dice.unit(),
            speed_mps: if anchored { 0.0 } else { 3.0 + 9.0 * dice.unit() },
            course: 360.0 * dice.unit(),
        }
    }

    /// It goes on for `seconds`, now and then on another course.
    pub(crate) fn go(&mut self, seconds: f64, dice: &mut Dice) {
        if self.speed_mps > 0.0 && dice.between(0, 8) == 0 {
            self.course = (self.course + 60.0 * dice.unit() + 330.0) % 360.0;
        }
        let way = self.speed_mps * seconds / DEGREE_M;
        let (east, north) = self.course.to_radians().sin_cos();
        self.latitude = (self.latitude + way * north).clamp(15.0, 50.0);
        self.longitude += way * east / self.latitude.to_radians().cos();
        self.longitude = 100.0 + (self.longitude - 100.0).rem_euclid(70.0);
    }

    /// Its report of place and motion at `at`: as M.1371 rounds it, with 5 m of noise.
    pub(crate) fn position(&self, at: Timestamp, dice: &mut Dice) -> Observation {
        let noise = |dice: &mut Dice| (dice.unit() + dice.unit() - 1.0) * 12.0 / DEGREE_M;
        let minute = |degrees: f64| (degrees * 600_000.0).round() / 600_000.0;
        let (latitude, longitude) = (self.latitude + noise(dice), self.longitude + noise(dice));
        let knots = (self.speed_mps * 19.438 + 2.0 * dice.unit()).floor() / 10.0;
        let motion = Motion {
            speed_mps: Some(knots * 1852.0 / 3600.0),
            course_deg: Some((self.course * 10.0 + 6.0 * dice.unit()).floor() / 10.0 % 360.0),
            heading_deg: Some(self.course.floor()),
            ..Motion::default()
        };
        let said = Attributes { nav_status: Some(0), ..Attributes::default() };
        let place = Position::new(minute(latitude), minute(longitude));
        self.report(at, place, Some(10.0), motion, said, dice)
    }

    /// What it says of itself.
    pub(crate) fn said(&self, at: Timestamp, dice: &mut Dice) -> Observation {
        self.report(at, None, None, Motion::default(), self.attributes.clone(), dice)
    }

    fn report(
        &self,
        at: Timestamp,
        position: Option<Position>,
        accuracy_m: Option<f64>,
        motion: Motion,
        attributes: Attributes,
        dice: &mut Dice,
    ) -> Observation {
        Observation {
            source: Source::Own(SourceId("ais-east".into())),
            identity: Identity::Mmsi(self.mmsi),
            domain: Domain::Surface,
            event_time: at,
            received_at: at,
            position,
            accuracy_m,
            motion,
            attributes,
            content: dice.next(),
            label: label(super::START),
        }
    }
}

/// What policy lets go of a report.
pub(crate) fn released(
    policy: &mut Policy,
    number: u32,
    report: &Observation,
) -> Released<ObservationRelease> {
    let alias = BorderAlias { nation: Nation::JPN, number };
    let decision = policy.release_observation(report, || alias, Nation::USA, report.event_time);
    decision.released.expect("civil traffic is released in full")
}

/// Decision record `counter`: an answer, or that both signatures are held.
pub(crate) fn decision(
    policy: &Policy,
    counter: u64,
    at: Timestamp,
    dice: &mut Dice,
) -> Released<SignedRecord> {
    let id = |counter| ObjectId { node: Nation::JPN, partition: partition(), epoch: 1, counter };
    let (option, version) = (id(counter / 2), Digest(dice.bytes()));
    let statement = if counter.is_multiple_of(2) {
        Statement::Answer(Answer {
            domain: Answer::DOMAIN.into(),
            partition: partition(),
            option,
            version,
            verdict: Verdict::Agree,
            by: Signatory {
                nation: Nation::JPN,
                seat: SeatId("commander".into()),
                person: format!("officer-{}", dice.between(0, 30)),
                passkey: None,
            },
            at,
        })
    } else {
        Statement::Holding(Holding { option, version, partner_answer: Digest(dice.bytes()) })
    };
    let (version, label) = (RECORD_VERSION, label(at));
    let record = Record { version, id: id(counter), made_at: at, label, statement };
    let signature = std::array::from_fn(|_| dice.next() as u8);
    let (bytes, key) = (to_canonical(&record), KeyId(0x1234_5678_9ABC_DEF0));
    let signed = SignedRecord { bytes, key, signature, cose: None };
    policy.release_record(signed, &record, Nation::USA, at).expect("the label lists the partner")
}
