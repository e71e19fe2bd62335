//! What went over, what did not, and why: on the screen and for the ledger.

use expect_test::expect;
use renkei_core::picture::{PictureEffect, PictureInput, ReleaseBlock};
use renkei_model::cbor::Digest;
use renkei_model::id::Nation;
use renkei_model::track::TrackNumber;

use super::floors::{Floor, at, civil, classified, named, offers, sensitive, ship, told};

fn blocks(effects: &[PictureEffect]) -> Vec<ReleaseBlock> {
    let block = |effect: &PictureEffect| match effect {
        PictureEffect::ReleaseCounted(block) => Some(block.clone()),
        _ => None,
    };
    effects.iter().filter_map(block).collect()
}

fn busy() -> Floor {
    let mut floor = Floor::new(Nation::JPN);
    floor.hear(named(ship("ais", civil(Nation::JPN), 1, 0, 125.0), "HOSHI MARU"));
    floor.hear(named(ship("radar", sensitive(Nation::JPN), 1, 1, 125.0), "HOSHI MARU"));
    floor.hear(ship("radar", sensitive(Nation::JPN), 2, 2, 125.5));
    floor.hear(ship("sonar", classified(Nation::JPN), 3, 3, 125.9));
    floor
}

#[test]
fn a_minute_of_releases_ends_in_one_block_a_rule_and_tier() {
    let mut floor = busy();
    assert_eq!(told(&floor.tick(59)), "");
    expect![[r#"
        block: source civil-broadcast-in-full: sent 1, held 0
        block: existence sensitive-source-existence: sent 0, held 2
        block: full no agreement: sent 0, held 1
        block: coarse listed-classified-coarse: sent 1, held 0
    "#]]
    .assert_eq(&told(&floor.tick(60)));
    assert_eq!(told(&floor.tick(120)), "");
    floor.hear(ship("ais", civil(Nation::JPN), 1, 121, 125.0));
    let effects = floor.picture.handle(PictureInput::Close, at(122));
    expect![[r#"
        block: source civil-broadcast-in-full: sent 1, held 0
    "#]]
    .assert_eq(&told(&effects));
}

#[test]
fn a_blocks_hash_is_over_the_released_bytes_in_order() {
    let mut floor = Floor::new(Nation::JPN);
    let mut digest = Digest([0; 32]);
    for i in 0..3 {
        let effects = floor.hear(ship("ais", civil(Nation::JPN), i, i64::from(i), 125.0));
        for released in offers(&effects) {
            let item = Digest::of(&released.item().to_bytes());
            digest = Digest::of_parts(&[&digest.0, &item.0]);
        }
    }
    assert_eq!(blocks(&floor.tick(60))[0].digest, digest);
}

#[test]
fn the_exchange_says_what_is_held_and_by_which_rule() {
    let exchange = busy().picture.exchange(Nation::USA).unwrap();
    let rules: Vec<_> = exchange
        .rules
        .iter()
        .map(|r| format!("{:?} {:?}: {} sent, {} held", r.tier, r.policy, r.sent, r.held))
        .collect();
    expect![[r#"
        [
            "Existence Some(\"sensitive-source-existence\"): 0 sent, 2 held",
            "Coarse Some(\"listed-classified-coarse\"): 1 sent, 0 held",
            "Full None: 0 sent, 1 held",
            "Source Some(\"civil-broadcast-in-full\"): 1 sent, 0 held",
        ]
    "#]]
    .assert_debug_eq(&rules);
    let withheld: Vec<_> = exchange
        .withheld
        .iter()
        .map(|w| format!("track {} {:?} by {}: {:?}", w.track.0, w.tier, w.source, w.policy))
        .collect();
    expect![[r#"
        [
            "track 1 Existence by radar: Some(\"sensitive-source-existence\")",
            "track 2 Existence by radar: Some(\"sensitive-source-existence\")",
            "track 3 Full by sonar: None",
        ]
    "#]]
    .assert_debug_eq(&withheld);
    let recent: Vec<_> =
        exchange.recent.iter().map(|r| format!("{} {:?} {:?}", r.alias, r.name, r.tiers)).collect();
    expect![[r#"
        [
            "J-0002 None [Existence, Coarse]",
            "J-0001 Some(\"HOSHI MARU\") [Existence, Coarse, Full, Identity, Source]",
        ]
    "#]]
    .assert_debug_eq(&recent);
}

#[test]
fn the_last_hundred_releases_are_kept() {
    let mut floor = Floor::new(Nation::JPN);
    for i in 0..150 {
        floor.hear(ship("ais", civil(Nation::JPN), i, 0, 125.0));
    }
    let recent = floor.picture.exchange(Nation::USA).unwrap().recent;
    assert_eq!((recent.len(), recent[0].alias.number), (100, 150));
}

#[test]
fn an_explanation_gives_the_reason_and_the_partners_own_view() {
    let mut floor = busy();
    let explain = |floor: &mut Floor, number| {
        let e = floor.picture.explain(TrackNumber(number), Nation::USA, at(5)).unwrap();
        let tiers: Vec<_> = e.tiers.iter().map(|t| t.permitted).collect();
        let preview = e.preview.map(|p| (p.alias.unwrap().to_string(), p.name, p.feeds, p.sd_m));
        format!("{tiers:?} {:?} {preview:?}", e.sources.iter().map(|s| &s.name).collect::<Vec<_>>())
    };
    expect![[r#"[true, true, true, true, true] ["ais", "radar"] Some(("J-0001", Some("HOSHI MARU"), ["ais"], Some(10.0)))"#]]
    .assert_eq(&explain(&mut floor, 1));
    expect![[r#"[false, false, false, false, false] ["radar"] None"#]]
        .assert_eq(&explain(&mut floor, 2));
    expect![[
        r#"[true, true, false, false, false] ["sonar"] Some(("J-0002", None, [], Some(3300.0)))"#
    ]]
    .assert_eq(&explain(&mut floor, 3));
    assert_eq!(floor.picture.explain(TrackNumber(9), Nation::USA, at(5)), None);
}

#[test]
fn a_track_of_the_partner_alone_is_not_ours_to_release() {
    let (mut jpn, mut usa) = (Floor::new(Nation::JPN), Floor::new(Nation::USA));
    let offered = jpn.hear(ship("ais", civil(Nation::JPN), 1, 0, 125.0));
    usa.receive(Nation::JPN, &offered, 0);
    let e = usa.picture.explain(TrackNumber(1), Nation::JPN, at(1)).unwrap();
    expect!["received from another nation; only its originator may release it"]
        .assert_eq(&e.tiers[0].reason.en);
}

#[test]
fn release_flags_mark_only_what_is_less_than_usual() {
    let views = busy().picture.views(Nation::JPN, at(5));
    let flags: Vec<_> = views
        .iter()
        .map(|v| (v.release.existence, v.release.full, v.release.source, v.release.exception))
        .collect();
    assert_eq!(
        flags,
        [(true, true, true, false), (false, false, false, true), (true, false, false, true)]
    );
    let motions = busy().picture.motions(Nation::JPN, at(5));
    assert_eq!(motions.iter().map(|m| m.not_released).collect::<Vec<_>>(), [false, true, false]);
}
