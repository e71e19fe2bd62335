//! Checking a decision from exported ledger entries, years later, without a node: the text under the
//! hash, both signatures, the order of what happened, what each side knew. Both halves together
//! check each other; either half alone is checked as far as it reaches, and the report says where
//! that is.
//!
//! The entries' own integrity (hashes, Merkle root) is the store's to verify before this.

use std::collections::{BTreeMap, BTreeSet};

use renkei_model::cbor::{Digest, from_canonical};
use renkei_model::id::{Nation, ObjectId};
use renkei_model::statement::{
    Answer, Bilingual, Holding, OptionVersion, Record, SignedRecord, Statement, Verdict,
};
use renkei_model::time::Timestamp;
use serde::Serialize;

use super::entry::{Entry, Local, Task};
use super::option::is_signature;
use super::sign::{Keyring, is_signed_by_one};
use super::words::{both, of_side, side};

/// One side's exported ledger: kinds and bodies in ledger order, entries of other kinds among them.
#[derive(Clone, Debug)]
pub struct Half {
    /// Whose.
    pub nation: Nation,
    /// In ledger order.
    pub entries: Vec<(u16, Vec<u8>)>,
}

/// What came of checking one version of one option.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    /// Agreed, and both halves bear it out.
    Holds,
    /// Agreed as far as the one half that was given reaches.
    HoldsHere,
    /// Answered, but not by two signatures.
    NotAgreed,
    /// Something contradicts; the lines say what.
    Broken,
}

/// The report on one version that was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DecisionReport {
    /// The option.
    pub option: String,
    /// The version's number.
    pub number: u32,
    /// The hash that was signed.
    pub hash: String,
    /// The text under it.
    pub text: Bilingual,
    /// The result.
    pub finding: Finding,
    /// How it was reached, in plain words, in order.
    pub lines: Vec<ReportLine>,
}

/// One sentence of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReportLine {
    /// False when it tells of a contradiction.
    pub sound: bool,
    /// In words.
    pub text: Bilingual,
}

/// Checks every version that was answered, in either half.
#[must_use]
pub fn verify(halves: &[Half], keys: &Keyring) -> Vec<DecisionReport> {
    let read: Vec<_> = halves.iter().map(|half| Read::of(half, keys)).collect();
    let mut versions: BTreeMap<(ObjectId, u32, Digest), OptionVersion> = BTreeMap::new();
    for half in &read {
        for found in &half.records {
            if let Statement::Offer(v) = &found.record.statement {
                versions.insert((v.option.clone(), v.number, v.digest()), v.clone());
            }
        }
    }
    let answered = |digest: &Digest| read.iter().any(|h| h.answers(*digest).next().is_some());
    versions
        .into_iter()
        .filter(|((_, _, digest), _)| answered(digest))
        .map(|((option, number, digest), version)| {
            let mut check = Check { read: &read, digest, version: &version, lines: Vec::new() };
            let finding = check.run();
            DecisionReport {
                option: option.to_string(),
                number,
                hash: digest.to_hex(),
                text: version.text.clone(),
                finding,
                lines: check.lines,
            }
        })
        .collect()
}

/// One record as found in a half.
struct Found {
    /// Its place among the half's entries.
    at: usize,
    record: Record,
    digest: Digest,
    /// Whether its author's key signed these bytes.
    sound: bool,
}

/// A half, read.
struct Read {
    nation: Nation,
    records: Vec<Found>,
    tasks: Vec<(usize, Task)>,
}

impl Read {
    fn of(half: &Half, keys: &Keyring) -> Self {
        let mut read = Self { nation: half.nation, records: Vec::new(), tasks: Vec::new() };
        for (at, (kind, body)) in half.entries.iter().enumerate() {
            match Entry::from_body(*kind, body) {
                Ok(Some(Entry::Own(signed))) => read.add(at, &signed, keys),
                Ok(Some(Entry::Partner(e))) => read.add(at, &e.signed, keys),
                Ok(Some(Entry::Local(local))) => {
                    if let Local::Task(task) = *local {
                        read.tasks.push((at, task));
                    }
                }
                _ => {}
            }
        }
        read
    }

    fn add(&mut self, at: usize, signed: &SignedRecord, keys: &Keyring) {
        // A statement of a newer build is not about this decision as far as this build can tell.
        let Ok(record) = from_canonical::<Record>(&signed.bytes) else { return };
        let key = keys.get(&record.id.node);
        let sound = key.is_some_and(|keys| is_signed_by_one(keys, signed));
        self.records.push(Found { at, record, digest: signed.digest(), sound });
    }

    fn answers(&self, version: Digest) -> impl Iterator<Item = (&Found, &Answer)> {
        self.records.iter().filter_map(move |found| match &found.record.statement {
            Statement::Answer(answer) if answer.version == version => Some((found, answer)),
            _ => None,
        })
    }

    fn signature(&self, version: Digest, of: Nation) -> Option<(&Found, &Answer)> {
        self.answers(version)
            .find(|(found, a)| found.record.id.node == of && is_signature(&a.verdict))
    }

    fn holding(&self, version: Digest, of: Nation) -> Option<(&Found, &Holding)> {
        self.records.iter().find_map(|found| match &found.record.statement {
            Statement::Holding(h) if h.version == version && found.record.id.node == of => {
                Some((found, h))
            }
            _ => None,
        })
    }
}

/// The check of one version.
struct Check<'a> {
    read: &'a [Read],
    digest: Digest,
    version: &'a OptionVersion,
    lines: Vec<ReportLine>,
}

impl Check<'_> {
    fn run(&mut self) -> Finding {
        let parties: BTreeSet<Nation> = self.version.deadlines.iter().map(|d| d.nation).collect();
        self.text();
        let signed: Vec<_> = parties.iter().filter(|n| self.answer_of(**n)).copied().collect();
        self.order();
        let agreed = signed.len() == 2 && parties.len() == 2;
        if agreed {
            self.only_one();
            for nation in &parties {
                self.holding_of(*nation);
                self.task_of(*nation, &parties);
            }
        }
        let whole = parties.iter().all(|n| self.read.iter().any(|half| half.nation == *n));
        if !whole {
            self.reach(&parties);
        }
        match (self.lines.iter().all(|line| line.sound), agreed, whole) {
            (false, ..) => Finding::Broken,
            (true, false, _) => Finding::NotAgreed,
            (true, true, true) => Finding::Holds,
            (true, true, false) => Finding::HoldsHere,
        }
    }

    fn say(&mut self, sound: bool, en: String, ja: String) {
        self.lines.push(ReportLine { sound, text: both(en, ja) });
    }

    /// Both texts, and who answers for them.
    fn text(&mut self) {
        let author = &self.version.author;
        let (Bilingual { en, ja }, person) = (side(author.nation), author.person.clone());
        let hash = self.digest.to_hex().split_at(12).0.to_owned();
        self.say(
            true,
            format!("{en} ({person}) offered this text; its hash begins {hash}."),
            format!("{ja}（{person}）が本文面を提案した。ハッシュ値の先頭は{hash}である。"),
        );
        let offers = self.read.iter().flat_map(|half| &half.records);
        let forged = offers
            .filter(|f| is_offer_of(&f.record.statement, self.digest))
            .any(|f| !f.sound || f.record.id.node != author.nation);
        if forged {
            self.say(
                false,
                format!("{en}: the signature under the offer does not stand."),
                format!("{ja}の提案の署名が成立しない。"),
            );
        }
        let complete = !self.version.text.en.is_empty() && !self.version.text.ja.is_empty();
        if !complete {
            self.say(
                false,
                "A language is missing under the hash.".into(),
                "ハッシュ値の対象に一方の言語文がない。".into(),
            );
        }
    }

    /// One side's answer, the same in every half; true when it is a signature that stands.
    fn answer_of(&mut self, nation: Nation) -> bool {
        let held: Vec<_> = self
            .read
            .iter()
            .flat_map(|half| half.answers(self.digest))
            .filter(|(found, _)| found.record.id.node == nation)
            .filter(|(_, a)| !matches!(a.verdict, Verdict::ReferredUp { .. }))
            .map(|(found, a)| (found.digest, found.sound, a.clone()))
            .collect();
        let name = side(nation);
        let Some((_, _, answer)) = held.first() else {
            let (en, ja) = (name.en, name.ja);
            self.say(true, format!("{en} has not answered."), format!("{ja}の回答はない。"));
            return false;
        };
        let answer = answer.clone();
        let digests: BTreeSet<_> = held.iter().map(|(digest, ..)| *digest).collect();
        let sound = held.iter().all(|(_, sound, _)| *sound)
            && digests.len() == 1
            && answer.by.nation == nation
            && answer.partition == self.version.partition;
        if !sound {
            self.say(
                false,
                format!("{}: the answer's signature or wording does not stand.", name.en),
                format!("{}の回答の署名又は内容が成立しない。", name.ja),
            );
            return false;
        }
        let (what, did) = verdict_words(&answer.verdict);
        let (at, seat) = (stamp(answer.at), &answer.by.seat.0);
        let person = &answer.by.person;
        let (who_en, who_ja) = match person.as_str() {
            "" => (format!("seat {seat}"), format!("職：{seat}")),
            person => (format!("{person}, seat {seat}"), format!("職：{seat}、氏名：{person}")),
        };
        self.say(
            true,
            format!("{} {what} at {at} by its own clock ({who_en}).", name.en),
            format!("{}は{at}（同側の時計による）に{did}（{who_ja}）。", name.ja),
        );
        is_signature(&answer.verdict)
    }

    /// In each half the offer comes before the answers to it.
    fn order(&mut self) {
        for half in self.read {
            let offer = half.records.iter().find(|f| is_offer_of(&f.record.statement, self.digest));
            let answers: Vec<_> = half.answers(self.digest).map(|(found, _)| found).collect();
            let Some(first) = answers.first() else { continue };
            let name = of_side(half.nation);
            if offer.is_none_or(|offer| offer.at > first.at) {
                self.say(
                    false,
                    format!("In the ledger of {} an answer stands before the offer.", name.en),
                    format!("{}の台帳では、提案より前に回答が記録されている。", name.ja),
                );
                continue;
            }
            let order = answers.iter().map(|f| of_side(f.record.id.node));
            let (en, ja): (Vec<_>, Vec<_>) = order.map(|b| (b.en, b.ja)).unzip();
            self.say(
                true,
                format!(
                    "In the ledger of {} the offer stands first, then the answers in this order: {}.",
                    name.en,
                    en.join(", ")
                ),
                format!("{}の台帳では、提案の後に回答が次の順に記録されている：{}。", name.ja, ja.join("、")),
            );
        }
    }

    /// No other version of the option has both signatures.
    fn only_one(&mut self) {
        let mut signed: BTreeMap<Digest, BTreeSet<Nation>> = BTreeMap::new();
        for found in self.read.iter().flat_map(|half| &half.records) {
            if let Statement::Answer(a) = &found.record.statement
                && a.option == self.version.option
                && is_signature(&a.verdict)
            {
                signed.entry(a.version).or_default().insert(found.record.id.node);
            }
        }
        let other = signed.iter().any(|(v, by)| *v != self.digest && by.len() > 1);
        if other {
            self.say(
                false,
                "Another version of the same option carries both signatures too.".into(),
                "同じ対応案の別の版にも双方の署名がある。".into(),
            );
        }
    }

    /// A side's confirmation that it held both, naming the other's answer.
    fn holding_of(&mut self, nation: Nation) {
        let name = side(nation);
        let held = self.read.iter().find_map(|half| {
            let (found, holding) = half.holding(self.digest, nation)?;
            let other = self.read.iter().flat_map(|h| h.answers(self.digest));
            let named = other
                .filter(|(f, _)| f.record.id.node != nation)
                .any(|(f, _)| f.digest == holding.partner_answer);
            Some((found.sound && named, found.record.made_at))
        });
        match held {
            Some((true, at)) => self.say(
                true,
                format!("{} confirmed at {} that it held both signatures.", name.en, stamp(at)),
                format!("{}は{}に双方の署名の保有を通知した。", name.ja, stamp(at)),
            ),
            Some((false, _)) => self.say(
                false,
                format!("{} confirmed holding an answer that is not this one.", name.en),
                format!("{}の保有通知は、本回答と異なる回答を指している。", name.ja),
            ),
            None => self.say(
                true,
                format!("No confirmation that {} held both signatures.", of_side(nation).en),
                format!("{}が双方の署名を保有していたとの通知はない。", name.ja),
            ),
        }
    }

    /// A national task rests on both signatures, and says what was agreed.
    fn task_of(&mut self, nation: Nation, parties: &BTreeSet<Nation>) {
        let Some(half) = self.read.iter().find(|half| half.nation == nation) else { return };
        let Some((at, task)) = half.tasks.iter().find(|(_, t)| t.version == self.digest) else {
            return;
        };
        let name = side(nation);
        let before = parties
            .iter()
            .all(|n| half.signature(self.digest, *n).is_some_and(|(found, _)| found.at < *at));
        let action = self.version.actions.iter().find(|a| a.nation == nation);
        let as_agreed = action.is_some_and(|a| a.text == task.text);
        let when = stamp(task.at);
        if before && as_agreed {
            self.say(
                true,
                format!("{} tasked its own forces at {when}, word for word as agreed.", name.en),
                format!("{}は{when}に、合意どおりの文言で自国の部隊に任務を付与した。", name.ja),
            );
        } else {
            self.say(
                false,
                format!("The task of {} does not rest on this agreement.", of_side(nation).en),
                format!("{}の任務は本合意に基づいていない。", name.ja),
            );
        }
    }

    /// What one half alone cannot show.
    fn reach(&mut self, parties: &BTreeSet<Nation>) {
        let given = |n: &Nation| self.read.iter().any(|half| half.nation == *n);
        for nation in parties.iter().filter(|n| !given(n)).copied().collect::<Vec<_>>() {
            let name = of_side(nation);
            self.say(
                true,
                format!(
                    "The ledger of {} was not given: its signature is checked, its order of events \
                     and its own task are not.",
                    name.en
                ),
                format!(
                    "{}の台帳は提示されていない。署名は検証したが、記録の順序及び任務は検証していない。",
                    name.ja
                ),
            );
        }
    }
}

fn is_offer_of(statement: &Statement, digest: Digest) -> bool {
    matches!(statement, Statement::Offer(v) if v.digest() == digest)
}

pub(super) fn stamp(at: Timestamp) -> String {
    at.to_rfc3339().unwrap_or_else(|| at.0.to_string())
}

fn verdict_words(verdict: &Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::Agree => ("signed", "署名した"),
        Verdict::AgreeWithCaveat { .. } => ("signed with a caveat", "条件付で署名した"),
        Verdict::ReferredUp { .. } => ("referred it up", "上申した"),
        Verdict::Decline { .. } => ("did not agree", "不同意とした"),
        Verdict::Lapsed => ("gave no answer by its deadline", "期限内に回答しなかった"),
    }
}
