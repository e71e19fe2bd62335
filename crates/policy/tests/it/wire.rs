//! What is released is read back as it was written, and nothing else is read at all.

use proptest::prelude::*;
use renkei_model::id::BorderAlias;
use renkei_model::id::Nation;
use renkei_model::label::Classification;
use renkei_model::label::Label;
use renkei_model::observation::{Identity, Source};
use renkei_model::track::SensorTrack;
use renkei_policy::wire::{SLOT_MS, TEXT_BYTES_MAX, WireError};
use renkei_policy::{ObservationRelease, Policy, Released};

use crate::support::{NOW, alias, civil, listed, policy, restricted_by, ship, team};
use crate::world::observation;

fn released(observation: &renkei_model::observation::Observation) -> Option<ObservationRelease> {
    let mut policy: Policy = policy(Nation::JPN);
    let decision = policy.release_observation(observation, alias, Nation::USA, NOW);
    decision.released.map(Released::into_item)
}

fn sample() -> ObservationRelease {
    released(&ship(civil())).expect("civil traffic is released")
}

/// The fault that the reader names.
fn fault(release: &ObservationRelease) -> String {
    match ObservationRelease::from_bytes(&release.to_bytes(), Nation::JPN) {
        Err(WireError::Value(fault)) => fault.to_owned(),
        other => format!("{other:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 300,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn what_is_released_is_read_back(observation in observation()) {
        if let Some(release) = released(&observation) {
            let read = ObservationRelease::from_bytes(&release.to_bytes(), Nation::JPN);
            prop_assert_eq!(read.expect("our own bytes"), release);
        }
    }

    #[test]
    fn reading_any_bytes_returns(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = ObservationRelease::from_bytes(&bytes, Nation::JPN);
    }

    #[test]
    fn reading_spoilt_bytes_returns_an_error_or_another_sound_release(
        at in 0_usize..1_000,
        with in any::<u8>(),
        cut in 0_usize..1_000,
    ) {
        let mut bytes = sample().to_bytes();
        let (at, cut) = (at % bytes.len(), cut % bytes.len());
        bytes[at] = with;
        if let Ok(release) = ObservationRelease::from_bytes(&bytes, Nation::JPN) {
            prop_assert_eq!(release.to_bytes(), bytes.clone());
            let _ = release.into_observation(NOW);
        }
        prop_assert!(ObservationRelease::from_bytes(&bytes[..cut], Nation::JPN).is_err());
    }
}

#[test]
fn a_civil_report_arrives_as_it_was_taken_in() {
    let sent = ship(civil());
    let seen = sample().into_observation(NOW);
    let position = |o: &renkei_model::observation::Observation| o.position.expect("a position");
    assert!(position(&seen).distance_m(position(&sent)) < 0.1);
    assert_eq!(seen.motion, sent.motion);
    assert_eq!(
        (&seen.identity, &seen.attributes, seen.event_time, seen.content, seen.accuracy_m),
        (&sent.identity, &sent.attributes, sent.event_time, sent.content, sent.accuracy_m)
    );
    assert_eq!(seen.label, sent.label);
    let feed = match seen.source {
        Source::Partner { nation: Nation::JPN, alias: named, feed } if named == alias() => feed,
        other => panic!("{other:?}"),
    };
    assert_eq!(feed.map(|feed| feed.0).as_deref(), Some("miyako-ais"));
}

#[test]
fn a_thing_without_a_released_identity_is_known_by_its_alias() {
    let release = released(&ship(listed(Classification::Secret))).expect("told coarsely");
    assert_eq!(release.clone().into_observation(NOW).identity, Identity::Alias(alias()));
    assert_eq!(
        release.clone().into_observation(NOW).content,
        release.into_observation(NOW.plus_ms(1)).content,
        "the same release counts once"
    );
}

#[test]
fn the_hash_of_a_team_s_message_does_not_cross() {
    let release = released(&team(listed(Classification::Unclassified))).expect("released");
    assert_eq!(release.identity.and_then(|identity| identity.content), None);
}

#[test]
fn another_nations_alias_or_label_is_refused() {
    let bytes = sample().to_bytes();
    let read = ObservationRelease::from_bytes(&bytes, Nation::USA).map_err(|e| e.to_string());
    assert_eq!(
        read,
        Err("read an observation release: the alias is not the sender's; the sender is at fault, \
             the release is dropped"
            .to_owned())
    );
    let mut relayed = sample();
    relayed.label.originator = Nation::USA;
    assert_eq!(fault(&relayed), "the label's originator is not the sender");
}

#[test]
fn a_newer_version_is_refused_with_the_way_to_mend_it() {
    let newer = ObservationRelease { version: 2, ..sample() };
    let error = ObservationRelease::from_bytes(&newer.to_bytes(), Nation::JPN)
        .expect_err("unknown")
        .to_string();
    assert_eq!(error, "read an observation release: version 2 is not 1; upgrade the older node");
}

#[test]
fn tiers_must_stand_on_each_other() {
    assert_eq!(
        fault(&ObservationRelease { full: None, ..sample() }),
        "an identity without full kinematics"
    );
    assert_eq!(
        fault(&ObservationRelease { identity: None, ..sample() }),
        "a source without an identity"
    );
    let coarse = released(&ship(listed(Classification::Secret))).expect("told coarsely").coarse;
    assert_eq!(
        fault(&ObservationRelease { coarse, ..sample() }),
        "both a coarse and a full position"
    );
}

#[test]
fn values_out_of_range_are_refused() {
    let with = |change: &dyn Fn(&mut ObservationRelease)| {
        let mut release = sample();
        change(&mut release);
        fault(&release)
    };
    let full = |change: &dyn Fn(&mut renkei_policy::wire::FullKinematics)| {
        with(&|release| change(release.full.as_mut().expect("full")))
    };
    assert_eq!(full(&|f| f.course_cdeg = Some(36_000)), "a kinematic value is out of range");
    assert_eq!(full(&|f| f.at = f.at.plus_ms(SLOT_MS)), "two event times");
    let north = |f: &mut renkei_policy::wire::FullKinematics| {
        f.position.as_mut().expect("position").latitude_udeg = 90_000_001;
    };
    assert_eq!(full(&north), "a kinematic value is out of range");
    let long = "x".repeat(TEXT_BYTES_MAX + 1);
    let name = |release: &mut ObservationRelease| {
        release.identity.as_mut().expect("identity").attributes.name = Some(long.clone());
    };
    assert_eq!(with(&name), "an identity value");
    let mmsi = |release: &mut ObservationRelease| {
        release.identity.as_mut().expect("identity").identity = Identity::Mmsi(1_000_000_000);
    };
    assert_eq!(with(&mmsi), "an identity value");
    let slot = |release: &mut ObservationRelease| release.existence.at = NOW;
    assert_eq!(with(&slot), "existence is not at the start of a slot");
}

#[test]
fn a_release_that_carries_free_text_is_refused() {
    let mut release = sample();
    let said = &mut release.identity.as_mut().expect("identity").attributes;
    said.safety_text = Some("MAYDAY".into());
    assert_eq!(fault(&release), "an identity value");
}

/// What a radar saw under `label`, and its own track of it.
fn seen(label: Label) -> (renkei_model::observation::Observation, SensorTrack) {
    let none = BorderAlias { nation: Nation::JPN, number: 0 };
    let report = renkei_model::observation::Observation {
        identity: Identity::Alias(none),
        attributes: Default::default(),
        content: 0,
        ..ship(label)
    };
    let track = SensorTrack {
        at: report.event_time,
        position: report.position.unwrap(),
        velocity_mps: [-4.8, -3.9],
        covariance: [
            [900.0, 200.0, 12.0, 1.0],
            [200.0, 700.0, 2.0, 9.0],
            [12.0, 2.0, 0.6, 0.05],
            [1.0, 9.0, 0.05, 0.5],
        ],
        quiet_ms: 9_000,
    };
    (report, track)
}

fn released_track(label: Label) -> Option<ObservationRelease> {
    let (report, track) = seen(label);
    let mut policy: Policy = policy(Nation::JPN);
    let decision = policy.release_track(&report, &track, alias, Nation::USA, NOW);
    decision.released.map(Released::into_item)
}

#[test]
fn a_sensors_own_track_arrives_with_its_covariance_and_no_name() {
    let release = released_track(listed(Classification::Restricted)).expect("it is listed");
    let read = ObservationRelease::from_bytes(&release.to_bytes(), Nation::JPN).unwrap();
    assert_eq!((read.version, &read.identity, &read.source), (2, &None, &None));
    let (report, sent) = seen(listed(Classification::Restricted));
    let track = read.sensor_track().unwrap();
    assert_eq!((track.at, track.quiet_ms), (sent.at, sent.quiet_ms));
    assert!(track.position.distance_m(sent.position) < 0.1);
    for (i, (row, of)) in track.covariance.iter().zip(sent.covariance).enumerate() {
        for (j, (value, of)) in row.iter().zip(of).enumerate() {
            assert!((value - of).abs() < 0.05, "row {i} column {j}: {value} of {of}");
        }
        assert!(row[i] >= sent.covariance[i][i], "row {i} claims less error than there is");
    }
    let seen = read.into_observation(NOW);
    assert_eq!(seen.identity, Identity::Alias(alias()));
    assert_eq!(seen.accuracy_m, report.accuracy_m);
}

#[test]
fn a_sensors_own_track_goes_as_far_as_its_label_lets_it() {
    assert!(released_track(restricted_by("SENSITIVE_SOURCE")).is_none());
    assert!(released_track(restricted_by("NOFORN")).is_none());
    let coarse = released_track(listed(Classification::Secret)).expect("its cell is told");
    assert!(coarse.coarse.is_some() && coarse.full.is_none() && coarse.belief.is_none());
    assert_eq!((coarse.version, coarse.sensor_track()), (1, None));
    // Civil traffic that identifies itself does not mean what a radar sees.
    assert!(released_track(civil()).is_none());
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 300,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_covariance_stays_one_when_it_is_written(
        factor in proptest::array::uniform4(proptest::array::uniform4(-300.0..300.0_f64)),
        thin in 0..4_usize,
    ) {
        let (report, mut track) = seen(listed(Classification::Restricted));
        // L Lᵀ of any L, made thin along one of its axes.
        for i in 0..4 {
            for j in 0..4 {
                let least = if i == j { 1e-9 } else { 0.0 };
                let axes = (0..4).filter(|k| *k != thin);
                track.covariance[i][j] = least + axes.map(|k| factor[i][k] * factor[j][k]).sum::<f64>();
            }
        }
        prop_assume!(track.is_sound());
        let mut policy: Policy = policy(Nation::JPN);
        let decision = policy.release_track(&report, &track, alias, Nation::USA, NOW);
        let release = decision.released.map(Released::into_item).expect("it is listed");
        let read = ObservationRelease::from_bytes(&release.to_bytes(), Nation::JPN);
        prop_assert!(read.expect("our own bytes").sensor_track().is_some_and(|t| t.is_sound()));
    }
}

#[test]
fn a_sensors_own_track_that_is_none_is_refused() {
    let sound = released_track(listed(Classification::Restricted)).unwrap();
    let spoil = |change: fn(&mut ObservationRelease)| {
        let mut release = sound.clone();
        change(&mut release);
        fault(&release)
    };
    let none = "a sensor's own track that is no estimate";
    let belief = |r: &mut ObservationRelease,
                  change: fn(&mut renkei_policy::wire::SensorBelief)| {
        change(r.belief.as_mut().unwrap());
    };
    let mut negative = sound.clone();
    belief(&mut negative, |b| b.covariance[0] = -1);
    assert_eq!(fault(&negative), none);
    let mut unsure = sound.clone();
    belief(&mut unsure, |b| b.covariance[1] = 1_000_000_000);
    assert_eq!(fault(&unsure), none);
    let mut silent = sound.clone();
    belief(&mut silent, |b| b.quiet_ms = 0);
    assert_eq!(fault(&silent), none);
    assert_eq!(spoil(|r| r.full = None), none);
    assert!(spoil(|r| r.version = 1).contains("Version(1)"), "an older node takes it for a report");
    let mut named = sound.clone();
    named.identity = sample().identity;
    assert_eq!(fault(&named), "an identity beside a sensor's own track");
}
