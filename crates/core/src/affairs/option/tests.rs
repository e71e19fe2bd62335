//! The rules of agreement under every order of writing, signing and arriving, and what happens to
//! them when a rule is left out.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use renkei_model::id::Partition;
use renkei_model::seat::SeatId;
use renkei_model::statement::{Deadline, Language, Signatory, Translation};

use super::*;

const SIDES: [Nation; 2] = [Nation::JPN, Nation::USA];

/// Which rule the two sides leave out.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fault {
    None,
    /// An edit does not void what was answered: older versions are signed too.
    NoVoiding,
    /// A newer version is signed while the older signature may still meet the partner's.
    NoWaiting,
}

#[derive(Clone, Debug)]
enum Step {
    Write(usize),
    /// Sign the current version, or the one before it.
    Sign(usize, bool),
    Decline(usize),
    Arrive(usize),
}

#[derive(Clone)]
enum Message {
    Offer(Box<OptionVersion>),
    Answer(Box<Answer>),
    Receipt(Standing),
}

struct Sides {
    opts: [Opt; 2],
    /// What is on the way to each side.
    way: [VecDeque<Message>; 2],
    signed: BTreeMap<Digest, BTreeSet<Nation>>,
    refused: usize,
    fault: Fault,
    counter: i64,
}

fn object(counter: u64) -> ObjectId {
    ObjectId { node: Nation::JPN, partition: Partition::Real, epoch: 0, counter }
}

fn by(nation: Nation) -> Signatory {
    let seat = SeatId("s".into());
    Signatory { nation, seat, person: "p".into(), passkey: None }
}

fn answer(nation: Nation, version: Digest, verdict: Verdict) -> Answer {
    Answer {
        domain: Answer::DOMAIN.into(),
        partition: Partition::Real,
        option: object(1),
        version,
        verdict,
        by: by(nation),
        at: Timestamp(0),
    }
}

impl Sides {
    fn new(fault: Fault) -> Self {
        let mut sides = Self {
            opts: [(); 2].map(|()| Opt::new(object(2), Timestamp(0))),
            way: Default::default(),
            signed: BTreeMap::new(),
            refused: 0,
            fault,
            counter: 0,
        };
        sides.step(&Step::Write(0));
        sides
    }

    fn step(&mut self, step: &Step) {
        match *step {
            Step::Write(i) => self.write(i),
            Step::Sign(i, older) => self.sign(i, older),
            Step::Decline(i) => {
                let Some(digest) = self.opts[i].current().map(|v| v.digest) else { return };
                let verdict = Verdict::Decline { reason: Bilingual::default() };
                if self.opts[i].may_answer(SIDES[i], SIDES[1 - i], digest, &verdict).is_ok() {
                    self.give(i, answer(SIDES[i], digest, verdict));
                }
            }
            Step::Arrive(i) => {
                if let Some(message) = self.way[i].pop_front() {
                    self.arrive(i, message);
                }
            }
        }
    }

    fn write(&mut self, i: usize) {
        let opt = &mut self.opts[i];
        if opt.agreed.is_some() || opt.versions.is_empty() && self.counter > 0 {
            return;
        }
        self.counter += 1;
        let version = OptionVersion {
            domain: OptionVersion::DOMAIN.into(),
            partition: Partition::Real,
            option: object(1),
            number: opt.current().map_or(1, |v| v.version.number + 1),
            parent: opt.current().map(|v| v.digest),
            incident: object(2),
            template: None,
            text: Bilingual::default(),
            actions: Vec::new(),
            language: Language::Ja,
            translation: Translation::Phrases,
            deadlines: SIDES.map(|nation| Deadline { nation, at: Timestamp(self.counter) }).into(),
            author: by(SIDES[i]),
            made_at: Timestamp(0),
        };
        opt.offered(version.clone(), Timestamp(0));
        self.way[1 - i].push_back(Message::Offer(Box::new(version)));
    }

    fn sign(&mut self, i: usize, older: bool) {
        let opt = &self.opts[i];
        let mut versions: Vec<_> = opt.versions.values().collect();
        versions.sort_by_key(|v| std::cmp::Reverse(v.standing()));
        let Some(target) = versions.get(usize::from(older)).map(|v| v.digest) else { return };
        let may = match opt.may_answer(SIDES[i], SIDES[1 - i], target, &Verdict::Agree) {
            Ok(_) => true,
            Err(NotNow::Answered(_)) => false,
            Err(NotNow::Replaced) => self.fault == Fault::NoVoiding && opt.agreed.is_none(),
            Err(NotNow::Wait { .. }) => self.fault == Fault::NoWaiting,
        };
        if may {
            self.signed.entry(target).or_default().insert(SIDES[i]);
            self.give(i, answer(SIDES[i], target, Verdict::Agree));
        }
    }

    fn give(&mut self, i: usize, answer: Answer) {
        self.hold(i, answer.clone());
        self.way[1 - i].push_back(Message::Answer(Box::new(answer)));
    }

    fn hold(&mut self, i: usize, answer: Answer) {
        let held = HeldAnswer { answer, record: Digest([0; 32]), held_at: Timestamp(0) };
        self.opts[i].answered(held, SIDES);
    }

    fn arrive(&mut self, i: usize, message: Message) {
        let (me, other) = (SIDES[i], SIDES[1 - i]);
        match message {
            Message::Offer(version) => {
                let standing = (version.number, version.digest());
                self.opts[i].offered(*version, Timestamp(0));
                self.opts[i].shows(me, standing);
                self.way[1 - i].push_back(Message::Receipt(standing));
            }
            Message::Answer(answer) => {
                let (version, verdict) = (answer.version, &answer.verdict);
                match self.opts[i].may_have_answered(other, me, version, verdict) {
                    Ok(()) => self.hold(i, *answer),
                    Err(_) => self.refused += 1,
                }
            }
            Message::Receipt(standing) => self.opts[i].shows(other, standing),
        }
    }

    /// What must be true at every moment.
    fn check(&self) -> Result<(), TestCaseError> {
        let twice = self.signed.values().filter(|by| by.len() == 2).count();
        prop_assert!(twice <= 1, "two versions carry both signatures");
        prop_assert_eq!(self.refused, 0, "an honest partner was refused");
        if let (Some(a), Some(b)) = (self.opts[0].agreed, self.opts[1].agreed) {
            prop_assert_eq!(a, b);
        }
        Ok(())
    }
}

fn step() -> impl Strategy<Value = Step> {
    let side = 0..2_usize;
    prop_oneof![
        2 => side.clone().prop_map(Step::Write),
        5 => (side.clone(), any::<bool>()).prop_map(|(i, older)| Step::Sign(i, older)),
        1 => side.clone().prop_map(Step::Decline),
        6 => side.prop_map(Step::Arrive),
    ]
}

fn holds(fault: Fault, steps: &[Step]) -> Result<(), TestCaseError> {
    let mut sides = Sides::new(fault);
    for step in steps {
        sides.step(step);
        sides.check()?;
    }
    while !sides.way.iter().all(VecDeque::is_empty) {
        sides.step(&Step::Arrive(0));
        sides.step(&Step::Arrive(1));
    }
    sides.check()?;
    prop_assert_eq!(sides.opts[0].agreed, sides.opts[1].agreed, "both sides know the same");
    let standing = |opt: &Opt| opt.current().map(Version::standing);
    prop_assert_eq!(standing(&sides.opts[0]), standing(&sides.opts[1]));
    Ok(())
}

fn run(fault: Fault, cases: u32) -> Result<(), String> {
    let mut runner = TestRunner::new_with_rng(
        Config { cases, failure_persistence: None, ..Config::default() },
        proptest::test_runner::TestRng::deterministic_rng(
            proptest::test_runner::RngAlgorithm::ChaCha,
        ),
    );
    let steps = proptest::collection::vec(step(), 1..60);
    runner.run(&steps, |steps| holds(fault, &steps)).map_err(|e| e.to_string())
}

#[test]
fn no_two_versions_ever_carry_both_signatures() {
    run(Fault::None, 20_000).unwrap();
}

#[test]
fn a_side_that_does_not_void_on_edit_is_caught() {
    run(Fault::NoVoiding, 20_000).unwrap_err();
}

#[test]
fn a_side_that_signs_the_newer_without_waiting_is_caught() {
    let caught = run(Fault::NoWaiting, 20_000).unwrap_err();
    assert!(caught.contains("both signatures") || caught.contains("refused"), "{caught}");
}
