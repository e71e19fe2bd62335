//! Agreement: two signatures under one hash, each by its own authority, each irrevocable.

use expect_test::expect;
use renkei_core::affairs::view::{Outcome, VersionView};
use renkei_core::affairs::{Choice, Command, Extra};
use renkei_model::cbor::Digest;
use renkei_model::id::ObjectId;
use renkei_model::seat::{Role, SeatId};

use super::pair::{JPN, Pair, USA, both, check};

pub(crate) const TEMPLATE: &str = "shadow-report.1";

pub(crate) fn incident(pair: &Pair, i: usize) -> ObjectId {
    pair.nodes[i].affairs.snapshot(pair.now).incidents[0].id.parse().unwrap()
}

/// The newest option and its current version, as a screen shows them.
pub(crate) fn current(pair: &Pair, i: usize) -> (ObjectId, Digest, VersionView) {
    let view = pair.nodes[i].affairs.snapshot(pair.now);
    let option = &view.options[0];
    let version = option.versions.iter().rev().find(|v| !v.void).unwrap();
    let id = option.id.parse().unwrap();
    (id, Digest::from_hex(&version.hash).unwrap(), version.clone())
}

/// A zone entry, acknowledged on both floors.
pub(crate) fn begin(pair: &mut Pair) {
    pair.enter(JPN);
    pair.quiet();
    for i in [JPN, USA] {
        let incident = incident(pair, i);
        pair.ask(i, Role::WatchOfficer, Command::Acknowledge { incident }).unwrap();
    }
    pair.quiet();
    pair.trace.clear();
}

pub(crate) fn draft(pair: &mut Pair, i: usize) -> Result<String, String> {
    let incident = incident(pair, i);
    let template = TEMPLATE.to_owned();
    let draft = Command::Draft { incident, template, blocks: Vec::new(), deadline_s: 600 };
    pair.ask(i, Role::WatchOfficer, draft)
}

/// The newest draft or version of the option goes out.
pub(crate) fn offer(pair: &mut Pair, i: usize) -> Result<String, String> {
    let (option, version, _) = current(pair, i);
    pair.ask(i, Role::WatchOfficer, Command::Offer { option, version })
}

pub(crate) fn edit(pair: &mut Pair, i: usize, extra: Option<Extra>) -> Result<String, String> {
    let (option, parent, _) = current(pair, i);
    let blocks = ["sr-situation", "sr-purpose", "sr-report-often", "sr-jpn-air", "sr-usa-air"];
    let blocks = blocks.map(String::from).to_vec();
    let edit = Command::Edit { option, parent, blocks, extra, deadline_s: 900 };
    pair.ask(i, Role::WatchOfficer, edit)
}

pub(crate) fn answer(pair: &mut Pair, i: usize, verdict: Choice) -> Result<String, String> {
    let (option, version, _) = current(pair, i);
    let text = matches!(verdict, Choice::Caveat | Choice::Decline)
        .then(|| both("Only by day.", "昼間に限る。"));
    let to = matches!(verdict, Choice::ReferUp).then(|| SeatId("superior".into()));
    pair.ask(i, Role::Commander, Command::Answer { option, version, verdict, text, to })
}

pub(crate) fn task(pair: &mut Pair, i: usize) -> Result<String, String> {
    let (option, version, _) = current(pair, i);
    pair.ask(i, Role::Commander, Command::Task { option, version })
}

fn outcomes(pair: &Pair, i: usize) -> Vec<(u32, Outcome)> {
    let view = pair.nodes[i].affairs.snapshot(pair.now);
    view.options[0].versions.iter().map(|v| (v.number, v.outcome)).collect()
}

#[test]
fn both_sign_both_hold_each_tasks_its_own() {
    check(
        |pair| {
            begin(pair);
            draft(pair, JPN).unwrap();
            offer(pair, JPN).unwrap();
            pair.quiet();
            answer(pair, JPN, Choice::Agree).unwrap();
            pair.quiet();
            answer(pair, USA, Choice::Agree).unwrap();
            pair.quiet();
            task(pair, JPN).unwrap();
            task(pair, USA).unwrap();
            pair.quiet();
            for i in [JPN, USA] {
                let (_, _, version) = current(pair, i);
                assert!(version.held_own && version.held_partner);
                assert_eq!(version.outcome, Outcome::Agreed);
                assert!(version.tasked.values().all(Option::is_some));
                let view = pair.nodes[i].affairs.snapshot(pair.now);
                assert_eq!(view.tasks.len(), 1, "each sees only its own task");
                assert!(view.tasks[0].partner_holds);
                assert!(view.attention.is_empty(), "nothing is left to do");
            }
        },
        &expect![[r#"
            JPN offer v1J
            JPN incident r3 Options, paired
            USA rings Alert
            USA receipt v1J
            USA incident r2 Options, paired
            JPN answer v1J: agree
            USA answer v1J: agree
            USA holding v1J
            USA incident r3 Decided, paired
            JPN holding v1J
            JPN incident r4 Decided, paired
            JPN tasked v1J
            JPN incident r5 Tasked, paired
            USA tasked v1J
            USA incident r4 Tasked, paired
        "#]],
    );
}

#[test]
fn a_task_needs_both_signatures() {
    check(
        |pair| {
            begin(pair);
            draft(pair, JPN).unwrap();
            offer(pair, JPN).unwrap();
            task(pair, JPN).unwrap_err();
            answer(pair, JPN, Choice::Agree).unwrap();
            task(pair, JPN).unwrap_err();
        },
        &expect![[r#"
            JPN offer v1J
            JPN incident r3 Options, paired
            JPN refused RK-1122: a task needs both signatures under this version
            JPN answer v1J: agree
            JPN refused RK-1122: a task needs both signatures under this version
        "#]],
    );
}

#[test]
fn an_edit_voids_both_answers() {
    let mut pair = Pair::new();
    begin(&mut pair);
    draft(&mut pair, JPN).unwrap();
    offer(&mut pair, JPN).unwrap();
    pair.quiet();
    answer(&mut pair, JPN, Choice::Agree).unwrap();
    answer(&mut pair, USA, Choice::ReferUp).unwrap();
    pair.quiet();
    edit(&mut pair, JPN, None).unwrap();
    offer(&mut pair, JPN).unwrap();
    pair.quiet();
    for i in [JPN, USA] {
        assert_eq!(outcomes(&pair, i), [(1, Outcome::Superseded), (2, Outcome::Open)]);
        let view = pair.nodes[i].affairs.snapshot(pair.now);
        let first = &view.options[0].versions[0];
        assert!(first.void && first.answers.len() == 2, "both answers are shown, and void");
    }
    answer(&mut pair, USA, Choice::Agree).unwrap();
    answer(&mut pair, JPN, Choice::Agree).unwrap();
    pair.quiet();
    assert_eq!(outcomes(&pair, JPN), [(1, Outcome::Superseded), (2, Outcome::Agreed)]);
    assert_eq!(outcomes(&pair, USA), outcomes(&pair, JPN));
}

#[test]
fn a_counter_offer_voids_the_answer_to_the_first() {
    check(
        |pair| {
            begin(pair);
            draft(pair, JPN).unwrap();
            offer(pair, JPN).unwrap();
            answer(pair, JPN, Choice::Agree).unwrap();
            pair.quiet();
            edit(pair, USA, None).unwrap();
            offer(pair, USA).unwrap();
            pair.quiet();
            answer(pair, USA, Choice::Agree).unwrap();
            answer(pair, JPN, Choice::Caveat).unwrap();
            pair.quiet();
            let both = [(1, Outcome::Superseded), (2, Outcome::AgreedWithCaveat)];
            assert_eq!(outcomes(pair, JPN), both);
            assert_eq!(outcomes(pair, USA), both);
        },
        &expect![[r#"
            JPN offer v1J
            JPN incident r3 Options, paired
            JPN answer v1J: agree
            USA rings Alert
            USA receipt v1J
            USA incident r2 Options, paired
            USA offer v2U
            JPN rings Alert
            JPN receipt v2U
            USA answer v2U: agree
            JPN answer v2U: caveat
            JPN holding v2U
            JPN incident r4 Decided, paired
            USA holding v2U
            USA incident r3 Decided, paired
        "#]],
    );
}

#[test]
fn an_answer_cannot_be_taken_back() {
    check(
        |pair| {
            begin(pair);
            draft(pair, JPN).unwrap();
            offer(pair, JPN).unwrap();
            answer(pair, JPN, Choice::Agree).unwrap();
            answer(pair, JPN, Choice::Decline).unwrap_err();
        },
        &expect![[r#"
            JPN offer v1J
            JPN incident r3 Options, paired
            JPN answer v1J: agree
            JPN refused RK-1120: our side answered this version at 220628ZNOV26 (Gen. Kuroda); an answer is irrevocable, make a new version
        "#]],
    );
}

#[test]
fn referred_up_is_no_signature_and_may_be_followed_by_one() {
    check(
        |pair| {
            begin(pair);
            draft(pair, JPN).unwrap();
            offer(pair, JPN).unwrap();
            pair.quiet();
            answer(pair, USA, Choice::ReferUp).unwrap();
            answer(pair, JPN, Choice::Agree).unwrap();
            pair.quiet();
            assert_eq!(outcomes(pair, JPN), [(1, Outcome::Open)]);
            answer(pair, USA, Choice::Agree).unwrap();
            pair.quiet();
            assert_eq!(outcomes(pair, JPN), [(1, Outcome::Agreed)]);
        },
        &expect![[r#"
            JPN offer v1J
            JPN incident r3 Options, paired
            USA rings Alert
            USA receipt v1J
            USA incident r2 Options, paired
            USA answer v1J: refer up
            JPN answer v1J: agree
            USA answer v1J: agree
            USA holding v1J
            USA incident r3 Decided, paired
            JPN holding v1J
            JPN incident r4 Decided, paired
        "#]],
    );
}

#[test]
fn silence_is_never_consent() {
    check(
        |pair| {
            begin(pair);
            draft(pair, JPN).unwrap();
            offer(pair, JPN).unwrap();
            answer(pair, JPN, Choice::Agree).unwrap();
            pair.quiet();
            pair.pass(601);
            pair.tick();
            pair.quiet();
            assert_eq!(outcomes(pair, JPN), [(1, Outcome::Lapsed)]);
            answer(pair, USA, Choice::Agree).unwrap_err();
            edit(pair, JPN, None).unwrap();
            offer(pair, JPN).unwrap();
            pair.quiet();
            assert_eq!(outcomes(pair, USA), [(1, Outcome::Superseded), (2, Outcome::Open)]);
        },
        &expect![[r#"
            JPN offer v1J
            JPN incident r3 Options, paired
            JPN answer v1J: agree
            USA rings Alert
            USA receipt v1J
            USA incident r2 Options, paired
            USA answer v1J: lapsed
            USA refused RK-1128: the deadline has passed; make a new version with a new deadline
            JPN offer v2J
            USA rings Alert
            USA receipt v2J
        "#]],
    );
}

#[test]
fn an_edit_that_crosses_a_concurrence_does_not_undo_it() {
    check(
        |pair| {
            begin(pair);
            draft(pair, JPN).unwrap();
            offer(pair, JPN).unwrap();
            answer(pair, JPN, Choice::Agree).unwrap();
            pair.quiet();
            // On the wire at the same time: the US signature under v1, and Japan's edit of it.
            answer(pair, USA, Choice::Agree).unwrap();
            edit(pair, JPN, None).unwrap();
            offer(pair, JPN).unwrap();
            // Japan cannot sign v2 while its signature under v1 may still meet the US one.
            answer(pair, JPN, Choice::Agree).unwrap_err();
            let (_, _, second) = current(pair, JPN);
            assert!(second.wait.is_some());
            pair.quiet();
            let both = [(1, Outcome::Agreed), (2, Outcome::Superseded)];
            assert_eq!(outcomes(pair, JPN), both);
            assert_eq!(outcomes(pair, USA), both);
        },
        &expect![[r#"
            JPN offer v1J
            JPN incident r3 Options, paired
            JPN answer v1J: agree
            USA rings Alert
            USA receipt v1J
            USA incident r2 Options, paired
            USA answer v1J: agree
            USA holding v1J
            USA incident r3 Decided, paired
            JPN offer v2J
            JPN refused RK-1121: our signature under version 1 is on its way and the US side may be signing it: wait until its node has confirmed receipt of version 2
            JPN holding v1J
            JPN incident r4 Decided, paired
            USA rings Alert
            USA receipt v2J
        "#]],
    );
}

#[test]
fn two_counter_offers_at_once_leave_one_on_both_sides() {
    let mut pair = Pair::new();
    begin(&mut pair);
    draft(&mut pair, JPN).unwrap();
    offer(&mut pair, JPN).unwrap();
    pair.quiet();
    for i in [JPN, USA] {
        edit(&mut pair, i, None).unwrap();
        offer(&mut pair, i).unwrap();
        answer(&mut pair, i, Choice::Agree).unwrap();
    }
    pair.quiet();
    let standing = |i| current(&pair, i).1;
    assert_eq!(standing(JPN), standing(USA));
    let other = |i: usize| answer(&mut pair, i, Choice::Agree);
    let done: Vec<_> = [JPN, USA].map(other).into_iter().filter(Result::is_ok).collect();
    assert_eq!(done.len(), 1, "the side whose own lost signs the other's");
    pair.quiet();
    for i in [JPN, USA] {
        assert_eq!(current(&pair, i).2.outcome, Outcome::Agreed);
    }
}

#[test]
fn what_was_agreed_is_changed_only_by_a_new_option() {
    check(
        |pair| {
            begin(pair);
            draft(pair, JPN).unwrap();
            offer(pair, JPN).unwrap();
            answer(pair, JPN, Choice::Agree).unwrap();
            pair.quiet();
            answer(pair, USA, Choice::Agree).unwrap();
            pair.quiet();
            edit(pair, JPN, None).unwrap_err();
        },
        &expect![[r#"
            JPN offer v1J
            JPN incident r3 Options, paired
            JPN answer v1J: agree
            USA rings Alert
            USA receipt v1J
            USA incident r2 Options, paired
            USA answer v1J: agree
            USA holding v1J
            USA incident r3 Decided, paired
            JPN holding v1J
            JPN incident r4 Decided, paired
            JPN refused RK-1114: both sides have agreed; make a new option to change it
        "#]],
    );
}

#[test]
fn a_version_in_hand_is_seen_by_nobody_else_and_its_edit_takes_its_place() {
    let mut pair = Pair::new();
    begin(&mut pair);
    draft(&mut pair, JPN).unwrap();
    edit(&mut pair, JPN, None).unwrap();
    pair.quiet();
    assert!(pair.trace.is_empty());
    assert_eq!(outcomes(&pair, JPN), [(1, Outcome::Draft)]);
    assert!(pair.nodes[USA].affairs.snapshot(pair.now).options.is_empty());
    let liaison = pair.nodes[JPN].affairs.snapshot_for(pair.nodes[USA].nation, pair.now);
    assert!(liaison.options.is_empty());
}

#[test]
fn free_text_blocks_the_offer_until_a_named_person_checked_the_other_language() {
    let extra =
        |en: &str, ja: &str, who: &str| Extra { text: both(en, ja), translator: who.into() };
    let wants = [
        (extra("", "夜間は距離をとる。", "Ms. Sato"), Err("RK-1117".to_owned())),
        (extra("Keep off at night.", "夜間は距離をとる。", ""), Err("RK-1117".to_owned())),
        (extra("Keep off.", "Keep off.", "Ms. Sato"), Err("RK-1117".to_owned())),
        (extra("Keep off at night.", "夜間は距離をとる。", "Ms. Sato"), Ok(())),
    ];
    for (extra, want) in wants {
        let mut pair = Pair::new();
        begin(&mut pair);
        draft(&mut pair, JPN).unwrap();
        edit(&mut pair, JPN, Some(extra)).unwrap();
        let (_, _, version) = current(&pair, JPN);
        assert_eq!(version.blocked.is_some(), want.is_err());
        assert_eq!(offer(&mut pair, JPN).map(|_| ()), want);
    }
}

#[test]
fn an_offer_needs_an_incident_that_the_partner_may_have() {
    use renkei_core::affairs::AffairsInput;
    use renkei_model::statement::Occurrence;
    let mut pair = super::review::with_policy();
    let mut about = super::pair::ship(JPN);
    about.released = None;
    let zone = super::pair::zone(JPN);
    let occurrence =
        Occurrence::ZoneEntered { zone, zone_name: both("Miyako Strait", "宮古海峡") };
    let alert = super::pair::alert(occurrence, about, pair.now);
    pair.act(JPN, AffairsInput::Raise(alert));
    let incident = incident(&pair, JPN);
    pair.ask(JPN, Role::WatchOfficer, Command::Acknowledge { incident }).unwrap();
    draft(&mut pair, JPN).unwrap();
    assert_eq!(offer(&mut pair, JPN), Err("RK-1119".into()));
}

#[test]
fn the_same_scene_gives_the_same_bytes() {
    let scene = || {
        let mut pair = Pair::new();
        begin(&mut pair);
        draft(&mut pair, JPN).unwrap();
        offer(&mut pair, JPN).unwrap();
        answer(&mut pair, JPN, Choice::Agree).unwrap();
        pair.quiet();
        pair.nodes.map(|node| node.ledger)
    };
    assert_eq!(scene(), scene());
}
