//! What goes in comes out, value for value, whatever came before; hostile frames cost little.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRng, TestRunner};
use renkei_model::id::{BorderAlias, Nation, SourceId};
use renkei_model::label::{Classification, Label};
use renkei_model::observation::{Attributes, Domain, Identity};
use renkei_model::position::MicroPosition;
use renkei_model::time::Timestamp;
use renkei_policy::ObservationRelease;
use renkei_policy::wire::{
    Coarse, Existence, FullKinematics, ReleasedIdentity, ReleasedSource, SLOT_MS, SensorBelief,
};

use super::columns::{Columns, put, put_bytes, put_signed, put_split};
use super::pack::{HOPED_RATIO_MAX, Packer, Unpacker};
use super::read::read;
use super::table::Table;
use super::{CompactError, PACKED_BYTES_MAX, RAW_BYTES_MAX, Reader, Writer};

fn label() -> impl Strategy<Value = Label> {
    let review = proptest::option::of((0..3_i64).prop_map(Timestamp));
    let names = proptest::collection::btree_set("[A-Z]{1,6}", 0..2);
    ("[A-Z]{0,3}", 0..3_i64, review, names).prop_map(|(policy, created, review, informative)| {
        Label {
            policy,
            classification: Classification::Unclassified,
            releasable_to: BTreeSet::from([Nation::USA]),
            restrictive: BTreeSet::new(),
            informative,
            originator: Nation::JPN,
            created: Timestamp(created),
            review,
        }
    })
}

fn full() -> impl Strategy<Value = FullKinematics> {
    use proptest::option::of;
    let place = (any::<i32>(), any::<i32>()).prop_map(|(latitude_udeg, longitude_udeg)| {
        MicroPosition { latitude_udeg, longitude_udeg }
    });
    let at = prop_oneof![3 => 1_795_000_000_000..1_795_000_900_000_i64, 1 => any::<i64>()];
    let turns = (of(any::<u32>()), of(any::<u32>()), of(any::<u16>()), of(any::<u16>()));
    (at, of(place), turns, of(any::<i32>()), of(any::<i32>())).prop_map(
        |(at, position, (accuracy_dm, speed_cmps, course_cdeg, heading_cdeg), altitude, climb)| {
            FullKinematics {
                at: Timestamp(at),
                position,
                accuracy_dm,
                speed_cmps,
                course_cdeg,
                heading_cdeg,
                altitude_dm: altitude,
                vertical_cmps: climb,
            }
        },
    )
}

fn named() -> impl Strategy<Value = ReleasedIdentity> {
    let identity = prop_oneof![
        (0..3_u32).prop_map(Identity::Mmsi),
        any::<u32>().prop_map(Identity::Icao),
        any::<u32>().prop_map(Identity::NonIcao),
        "[a-c]{0,2}".prop_map(Identity::Cot),
    ];
    let attributes = (proptest::option::of("[A-B]{0,2}"), proptest::option::of(0..2_u8))
        .prop_map(|(name, nav_status)| Attributes { name, nav_status, ..Attributes::default() });
    let content =
        prop_oneof![Just(None), (0..70_000_u64).prop_map(Some), any::<u64>().prop_map(Some)];
    (identity, attributes, content).prop_map(|(identity, attributes, content)| ReleasedIdentity {
        identity,
        attributes,
        content,
    })
}

fn belief() -> impl Strategy<Value = SensorBelief> {
    (any::<[i32; 2]>(), any::<[i64; 10]>(), any::<u32>()).prop_map(
        |(velocity_cmps, covariance, quiet_ms)| SensorBelief {
            velocity_cmps,
            covariance,
            quiet_ms,
        },
    )
}

/// Any release of one of a few things; not only those that policy makes.
fn release() -> impl Strategy<Value = ObservationRelease> {
    use proptest::option::of;
    let coarse = (any::<i16>(), any::<i16>())
        .prop_map(|(latitude_cell, longitude_cell)| Coarse { latitude_cell, longitude_cell });
    let source = "[a-b]".prop_map(|name| ReleasedSource { feed: SourceId(name) });
    let head =
        (1..3_u16, prop_oneof![4 => 1..5_u32, 1 => any::<u32>()], any::<bool>(), any::<i64>());
    (head, of(coarse), of(full()), of(named()), of(source), label(), of(belief())).prop_map(
        |((version, number, is_air, slot), coarse, full, identity, source, label, belief)| {
            let slot = full.map_or(slot, |full: FullKinematics| full.at.0);
            ObservationRelease {
                version,
                alias: BorderAlias { nation: Nation::JPN, number },
                existence: Existence {
                    domain: if is_air { Domain::Air } else { Domain::Surface },
                    at: Timestamp(slot.wrapping_sub(slot.rem_euclid(SLOT_MS))),
                },
                coarse,
                full,
                identity,
                source,
                label,
                belief,
            }
        },
    )
}

/// One value of each aspect of a thing in a frame, as the map of newest values gives them.
fn batch() -> impl Strategy<Value = Vec<ObservationRelease>> {
    proptest::collection::vec(release(), 1..12).prop_map(|mut releases| {
        let mut seen = BTreeSet::new();
        releases.retain(|release| seen.insert((release.alias, release.has_position())));
        releases
    })
}

/// Sends batches in one session; before frame `forgets` the receiver forgets what it was told. What
/// does not come out as it went in.
fn check(cases: u32, forgets: Option<usize>) -> Option<String> {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let rng = TestRng::deterministic_rng(config.rng_algorithm);
    let session = proptest::collection::vec(batch(), 1..12);
    let outcome = TestRunner::new_with_rng(config, rng).run(&session, |batches| {
        let (mut writer, mut table) = (Writer::default(), Table::default());
        let mut unpacker = Unpacker::default();
        let mut frames = 0;
        for batch in batches {
            let mut rest = batch.as_slice();
            while !rest.is_empty() {
                if forgets == Some(frames) {
                    table = Table::default();
                }
                let (body, count) = writer.frame(rest);
                frames += 1;
                let came = unpacker
                    .unpack(&body)
                    .and_then(|(raw, plain)| read(&mut table, &raw, plain, Nation::JPN));
                let came = came.map_err(|error| TestCaseError::fail(error.to_string()))?;
                prop_assert_eq!(came.as_slice(), &rest[..count]);
                let most = HOPED_RATIO_MAX * PACKED_BYTES_MAX;
                prop_assert!(count == 1 || body.len() <= most + 64);
                rest = &rest[count..];
            }
        }
        Ok(())
    });
    outcome.err().map(|error| error.to_string())
}

#[test]
fn what_goes_in_comes_out() {
    assert_eq!(check(500, None), None);
}

#[test]
fn tables_that_differ_are_caught() {
    let caught = check(500, Some(3)).expect("the planted fault must be caught");
    assert!(caught.contains("was never told") || caught.contains("assertion"), "{caught}");
}

#[test]
fn any_body_ends_in_releases_or_an_error() {
    let config = Config { cases: 4_000, failure_persistence: None, ..Config::default() };
    let rng = TestRng::deterministic_rng(config.rng_algorithm);
    let bodies = (batch(), proptest::collection::vec(any::<u8>(), 0..60), any::<[u8; 6]>());
    let outcome = TestRunner::new_with_rng(config, rng).run(&bodies, |(batch, noise, change)| {
        let _ = Reader::default().read(&noise, Nation::JPN);
        let mut table = Table::default();
        let _ = read(&mut table, &noise, &noise, Nation::JPN);
        let packed = Writer::default().frame(&batch).0;
        let mut unpacker = Unpacker::default();
        let (mut near, plain) = unpacker.unpack(&packed).expect("just packed");
        for pair in change.chunks(2) {
            let at = usize::from(pair[0]) % near.len();
            near[at] = pair[1];
        }
        let _ = read(&mut table, &near, plain, Nation::JPN);
        Ok(())
    });
    assert_eq!(outcome.err().map(|error| error.to_string()), None);
}

#[test]
fn a_frame_that_swells_is_refused() {
    for bomb in [vec![0; 1 << 20], vec![7; RAW_BYTES_MAX + 1]] {
        let packed = zstd::bulk::compress(&bomb, 3).expect("it packs");
        let mut body = Vec::new();
        put_bytes(&mut body, &packed);
        for padding in [0, 4_000] {
            body.resize(body.len() + padding, 0);
            let refused = Unpacker::default().unpack(&body).map(|_| ());
            assert_eq!(refused, Err(CompactError::Packing));
        }
    }
}

#[test]
fn what_packs_too_well_is_padded_to_what_is_taken() {
    let zeros = vec![0; 8_000];
    let body = Packer::default().pack(&zeros, &[1, 2]);
    assert_eq!(body.len(), 8_000 / 64);
    let mut unpacker = Unpacker::default();
    let (raw, plain) = unpacker.unpack(&body).expect("just packed");
    assert_eq!((raw, &plain[..3]), (zeros, &[1, 2, 0][..]));
}

#[test]
fn a_number_has_one_spelling_and_64_bits() {
    for number in [0, 1, -1, i64::MAX, i64::MIN, 63, -64, 64] {
        let mut bytes = Vec::new();
        put_signed(&mut bytes, number);
        let mut columns = Columns(&bytes);
        assert_eq!((columns.signed(), columns.0.len()), (Ok(number), 0));
        let (mut bytes, mut plain) = (Vec::new(), Vec::new());
        put_split(&mut bytes, &mut plain, number);
        let came = Columns(&bytes).split(&mut Columns(&plain));
        assert_eq!((came, plain.len()), (Ok(number), 1));
    }
    let mut largest = Vec::new();
    put(&mut largest, u64::MAX);
    assert_eq!(largest.len(), 10);
    for spare in [&[0x80, 0][..], &[0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 2]] {
        assert_eq!(Columns(spare).number(), Err(CompactError::Range("a number")));
    }
    assert_eq!(Columns(&[0x80]).number(), Err(CompactError::Short));
}
