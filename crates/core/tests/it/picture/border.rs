//! What crosses, in which tier, and that nothing comes back.

use expect_test::{Expect, expect};
use renkei_core::picture::PictureInput;
use renkei_model::id::Nation;
use renkei_model::label::Label;
use renkei_model::observation::Identity;

use super::floors::{Floor, at, civil, classified, named, offers, sensitive, ship, told};

fn check(label: Label, expect: &Expect) {
    let mut floor = Floor::new(Nation::JPN);
    let effects = floor.hear(named(ship("feed", label, 1, 0, 125.0), "HOSHI MARU"));
    expect.assert_eq(&told(&effects));
}

#[test]
fn a_report_goes_in_the_tiers_that_policy_lets_through() {
    check(
        civil(Nation::JPN),
        &expect![[r#"
            to USA, Named Mmsi(1) is J-0001
            offer J-0001 to USA: existence full identity source by civil-broadcast-in-full
            history of track 1
            track 1 changed
        "#]],
    );
    check(
        classified(Nation::JPN),
        &expect![[r#"
            to USA, Vaguely Mmsi(1) is J-0001
            offer J-0001 to USA: existence coarse by listed-classified-coarse
            history of track 1
            track 1 changed
        "#]],
    );
    check(
        sensitive(Nation::JPN),
        &expect![[r#"
            history of track 1
            track 1 changed
        "#]],
    );
}

#[test]
fn a_released_report_joins_the_partners_own_track_and_never_comes_back() {
    let (mut jpn, mut usa) = (Floor::new(Nation::JPN), Floor::new(Nation::USA));
    usa.hear(ship("usa-ais", civil(Nation::USA), 1, 0, 125.0));
    let effects = jpn.hear(named(ship("feed", civil(Nation::JPN), 1, 10, 125.000_8), "HOSHI MARU"));
    let back = usa.receive(Nation::JPN, &effects, 11);
    expect![[r#"
        history of track 1
        track 1 changed
    "#]]
    .assert_eq(&told(&back));
    let view = &usa.picture.views(Nation::USA, at(11))[0];
    assert_eq!(view.name.as_deref(), Some("HOSHI MARU"));
    assert_eq!(view.own_alias.unwrap().to_string(), "U-0001");
    assert_eq!(view.partner_alias.unwrap().to_string(), "J-0001");
    assert_eq!(view.sources.len(), 2);
}

#[test]
fn one_transmission_that_both_nations_heard_is_one_measurement() {
    let (mut jpn, mut usa) = (Floor::new(Nation::JPN), Floor::new(Nation::USA));
    let heard = |nation| ship("feed", civil(nation), 1, 0, 125.0);
    usa.hear(heard(Nation::USA));
    let before = usa.picture.views(Nation::USA, at(1))[0].sd_m;
    let effects = jpn.hear(heard(Nation::JPN));
    usa.receive(Nation::JPN, &effects, 1);
    let view = &usa.picture.views(Nation::USA, at(1))[0];
    assert_eq!((view.sd_m, view.sources.len()), (before, 2));
    assert_eq!(usa.picture.counts().repeated, 1);
}

#[test]
fn a_withheld_identity_makes_a_track_known_by_its_alias() {
    let (mut jpn, mut usa) = (Floor::new(Nation::JPN), Floor::new(Nation::USA));
    let effects = jpn.hear(named(ship("radar", classified(Nation::JPN), 1, 0, 125.07), "CANARY"));
    usa.receive(Nation::JPN, &effects, 1);
    let view = &usa.picture.views(Nation::USA, at(1))[0];
    assert_eq!(
        (view.identities.as_slice(), view.name.as_ref()),
        (&["J-0001".to_owned()][..], None)
    );
    assert!(view.sd_m.unwrap() > 1_000.0);
}

#[test]
fn under_a_cut_link_both_go_on_and_meet_again() {
    let (mut jpn, mut usa) = (Floor::new(Nation::JPN), Floor::new(Nation::USA));
    usa.picture.handle(PictureInput::PartnerLink { partner: Nation::JPN, up: true }, at(0));
    let first = jpn.hear(ship("feed", civil(Nation::JPN), 1, 0, 125.0));
    usa.receive(Nation::JPN, &first, 0);
    usa.picture.handle(PictureInput::PartnerLink { partner: Nation::JPN, up: false }, at(5));
    usa.tick(600);
    assert_eq!(usa.picture.exchange(Nation::JPN).unwrap().theirs.as_of_ms, Some(at(5)));
    let newest = jpn.hear(ship("feed", civil(Nation::JPN), 1, 600, 125.04));
    usa.picture.handle(PictureInput::PartnerLink { partner: Nation::JPN, up: true }, at(601));
    usa.receive(Nation::JPN, &newest, 601);
    let motion = usa.picture.motions(Nation::USA, at(601))[0];
    assert_eq!(motion.at, at(600));
    assert_eq!(usa.picture.exchange(Nation::JPN).unwrap().theirs.as_of_ms, Some(at(601)));
}

#[test]
fn a_release_of_a_stranger_or_of_our_own_is_refused_aloud() {
    let mut jpn = Floor::new(Nation::JPN);
    let ours = offers(&jpn.hear(ship("feed", civil(Nation::JPN), 1, 0, 125.0)));
    let release = ours[0].item().clone();
    let from = Nation::JPN;
    let effects =
        jpn.picture.handle(PictureInput::Received { from, release: release.clone() }, at(1));
    expect![[r#"
        take in a release from JPN: not a configured partner, or under another nation's alias
    "#]]
    .assert_eq(&told(&effects));
    let from = Nation::USA;
    let effects =
        jpn.picture.handle(PictureInput::Received { from, release: release.clone() }, at(1));
    assert_eq!(effects.len(), 1, "an alias that is not the sender's");
    let mut usa = Floor::new(Nation::USA);
    let received = release.into_observation(at(1));
    assert!(matches!(received.identity, Identity::Mmsi(1)));
    let effects = usa.picture.handle(PictureInput::Observed(received), at(1));
    expect![[r#"
        take in an observation: it is a partner's; hand it in as received
    "#]]
    .assert_eq(&told(&effects));
}
