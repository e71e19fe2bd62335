//! The account of one half (経過説明): what that side knew, when and from which release, what was
//! offered, answered, withheld, tasked and not taken, in plain words and both languages, in the order
//! of the ledger. It reads exported entries alone and judges nothing; `decision` and `witness` do.

use std::collections::{BTreeMap, BTreeSet};

use renkei_model::cbor::{Digest, from_canonical};
use renkei_model::id::{Nation, ObjectId, Partition};
use renkei_model::seat::{Authority, SeatId, SeatNotice};
use renkei_model::statement::{
    Answer, Bilingual, Ground, Handling, IncidentState, Language, Occurrence, OptionVersion,
    Recall, Recalled, Record, SignedRecord, Statement, Translation, Verdict,
};
use renkei_model::time::Timestamp;

use super::decision::stamp;
use super::entry::{Entry, FromPartner, Kept, Local};
use super::not_taken::NotTaken;
use super::standing::spoken;
use super::words::{both, of_side, side};
use crate::picture::ReleaseBlock;

/// One record of a half.
#[derive(Clone, Debug)]
pub struct Told {
    /// Its number in that ledger.
    pub seq: u64,
    /// Its time by that node's clock.
    pub time: Timestamp,
    /// Its kind.
    pub kind: u16,
    /// Its body.
    pub body: Vec<u8>,
}

/// The account of `nation`'s half. Records of `releases` hold counts of released reports.
#[must_use]
pub fn tell(nation: Nation, partition: &Partition, half: &[Told], releases: u16) -> Vec<Bilingual> {
    let mut account = Account {
        nation,
        own: BTreeMap::new(),
        seats: BTreeMap::new(),
        offers: BTreeMap::new(),
        answered: BTreeSet::new(),
        tasks: 0,
        lines: vec![world(partition)],
    };
    for told in half {
        let said = if told.kind == releases {
            from_canonical(&told.body).ok().map(|block| released(&block))
        } else {
            let entry = Entry::from_body(told.kind, &told.body).ok().flatten();
            entry.and_then(|entry| account.entry(entry))
        };
        if let Some(Bilingual { en, ja }) = said {
            let (seq, at) = (told.seq, stamp(told.time));
            account
                .lines
                .push(both(format!("record {seq}, {at}: {en}"), format!("記録{seq}、{at}：{ja}")));
        }
    }
    account.close();
    account.lines
}

fn world(partition: &Partition) -> Bilingual {
    match partition {
        Partition::Real => {
            both("This is real, no exercise.", "これは実事案の記録であり、訓練ではない。")
        }
        other => both(
            format!("EXERCISE or simulation ({other}): nothing in it was real."),
            format!("訓練又は模擬（{other}）：実事案ではない。"),
        ),
    }
}

struct Account {
    nation: Nation,
    /// Own records by id, in words: what a withheld one was.
    own: BTreeMap<ObjectId, Bilingual>,
    seats: BTreeMap<(Nation, SeatId), SeatNotice>,
    offers: BTreeMap<Digest, OptionVersion>,
    answered: BTreeSet<Digest>,
    tasks: u64,
    lines: Vec<Bilingual>,
}

impl Account {
    fn entry(&mut self, entry: Entry) -> Option<Bilingual> {
        match entry {
            Entry::Own(signed) => {
                let (id, said) = self.record(&signed)?;
                self.own.insert(id, said.clone());
                let by = side(self.nation);
                Some(both(format!("{}: {}", by.en, said.en), format!("{}：{}", by.ja, said.ja)))
            }
            Entry::Partner(e) => self.received(&e),
            Entry::Refused(e) => {
                let name = of_side(e.from);
                let (code, reason) = NotTaken::by_code(&e.code)
                    .unwrap_or(("RK-1200", both("for another reason", "その他の理由")));
                Some(both(
                    format!("a record of {} was not taken: {} ({code})", name.en, reason.en),
                    format!("{}の記録を不受理：{}（{code}）", name.ja, reason.ja),
                ))
            }
            Entry::Kept(kept) => Some(self.withheld(&kept)),
            Entry::Placed(_) | Entry::Held(_) => None,
            Entry::Local(local) => self.local(*local),
        }
    }

    fn received(&mut self, e: &FromPartner) -> Option<Bilingual> {
        let name = of_side(e.from);
        let (class, seq) = (e.class, e.place.seq);
        let Some((_, said)) = self.record(&e.signed) else {
            let known = from_canonical::<Record>(&e.signed.bytes).is_ok();
            return (!known).then(|| {
                both(
                    format!("a record of {} that this build does not know", name.en),
                    format!("{}の記録（このソフトでは内容を解釈できない）", name.ja),
                )
            });
        };
        Some(both(
            format!("learnt from {} (its release {class}/{seq}): {}", name.en, said.en),
            format!("{}からの提供（{class}／{seq}）により承知：{}", name.ja, said.ja),
        ))
    }

    fn withheld(&self, kept: &Kept) -> Bilingual {
        let what = self.own.get(&kept.record).cloned().unwrap_or_else(|| {
            let id = kept.record.to_string();
            both(id.clone(), id)
        });
        let rule = kept.policy.as_deref();
        let (rule_en, rule_ja) = match rule {
            Some(rule) => (format!("rule {rule}"), format!("規則 {rule}")),
            None => ("no rule lets it go".into(), "該当する提供規則なし".into()),
        };
        both(
            format!("WITHHELD ({rule_en}): {}. Because: {}", what.en, kept.reason.en),
            format!("不提供（{rule_ja}）：{}。理由：{}", what.ja, kept.reason.ja),
        )
    }

    fn local(&mut self, local: Local) -> Option<Bilingual> {
        match local {
            Local::Task(task) => {
                self.tasks += 1;
                let (person, seat) = (&task.by.person, &task.by.seat.0);
                Some(both(
                    format!("{person} (seat {seat}) tasked own forces: {}", task.text.en),
                    format!("{person}（職：{seat}）が自国の部隊に任務を付与：{}", task.text.ja),
                ))
            }
            Local::Seen(seen) => {
                let name = spoken(&seen.subject);
                Some(both(
                    format!("own sensors: {} ({})", name.en, seen.incident),
                    format!("自らの情報資料：{}（{}）", name.ja, seen.incident),
                ))
            }
            Local::Line(line) => Some(both(
                format!("log: {} {}", line.person, line.text.en),
                format!("経過：{} {}", line.person, line.text.ja),
            )),
            _ => None,
        }
    }

    /// A statement in words, with the id of its record; `None` for what is not about the world.
    fn record(&mut self, signed: &SignedRecord) -> Option<(ObjectId, Bilingual)> {
        let record = from_canonical::<Record>(&signed.bytes).ok()?;
        let node = record.id.node;
        let said = match record.statement {
            Statement::Seat(notice) => {
                let said = seat_words(&notice);
                self.seats.insert((node, notice.seat.clone()), notice);
                said
            }
            Statement::Identity(i) => {
                let (name, what) = (spoken(&i.subject), format!("{:?}", i.affiliation));
                both(
                    format!("states {}: {what}, because: {}", name.en, i.reason.en),
                    format!("{}の識別区分：{what}、理由：{}", name.ja, i.reason.ja),
                )
            }
            Statement::Zone(zone) => {
                both(format!("zone {}", zone.name.en), format!("区域「{}」", zone.name.ja))
            }
            Statement::Incident(i) => {
                let (what, name) = (occurrence(&i.occurrence), spoken(&i.subject));
                let (sensed, taken) = (stamp(i.sensed_at), stamp(i.ingested_at));
                let state = state(i.state);
                both(
                    format!(
                        "incident {} ({}): {}, {}; sensed {sensed}, taken in {taken}",
                        i.incident, state.en, what.en, name.en
                    ),
                    format!(
                        "事案 {}（{}）：{}、{}。探知{sensed}、受信{taken}",
                        i.incident, state.ja, what.ja, name.ja
                    ),
                )
            }
            Statement::Offer(version) => {
                let said = offer(&version);
                self.offers.insert(version.digest(), version);
                said
            }
            Statement::Answer(answer) => self.answer(&answer),
            Statement::Holding(_) => {
                both("confirms holding both signatures", "双方の署名の保有を通知")
            }
            Statement::Tasked(status) => both(
                format!(
                    "has tasked its own at {}; the task itself did not cross",
                    stamp(status.tasked_at)
                ),
                format!(
                    "{}に自国の部隊に任務を付与した旨を通知（任務の内容は提供されていない）",
                    stamp(status.tasked_at)
                ),
            ),
            Statement::Recall(recall) => recalled(&recall),
            Statement::RecallReceipt(receipt) => both(
                format!(
                    "carried out recall {}: {}",
                    receipt.recall,
                    if receipt.held { "it was held" } else { "it was not held" }
                ),
                format!(
                    "提供取消{}を実施（{}）",
                    receipt.recall,
                    if receipt.held { "保有していた" } else { "保有していなかった" }
                ),
            ),
            Statement::Keys(chain) => {
                let n = chain.notices.len();
                both(format!("tells its keys, {n} so far"), format!("署名鍵の通知（通算{n}件）"))
            }
            Statement::Receipt(_) | Statement::Notarial(_) => return None,
        };
        Some((record.id, said))
    }

    fn answer(&mut self, answer: &Answer) -> Bilingual {
        if !matches!(answer.verdict, Verdict::ReferredUp { .. }) {
            self.answered.insert(answer.version);
        }
        let number = self.offers.get(&answer.version).map_or(0, |version| version.number);
        let what = verdict(&answer.verdict);
        let seat = self.seats.get(&(answer.by.nation, answer.by.seat.clone()));
        let authority = seat
            .map_or_else(|| both("none on record", "記録なし"), |seat| authority(&seat.authority));
        let (person, seat, at) = (&answer.by.person, &answer.by.seat.0, stamp(answer.at));
        let person = if person.is_empty() { "-" } else { person };
        both(
            format!(
                "version {number}: {}, by {person}, seat {seat}, authority {}, at {at}",
                what.en, authority.en
            ),
            format!(
                "第{number}版：{}。氏名：{person}、職：{seat}、権限：{}、{at}",
                what.ja, authority.ja
            ),
        )
    }

    fn close(&mut self) {
        let open: Vec<_> =
            self.offers.iter().filter(|(digest, _)| !self.answered.contains(*digest)).collect();
        for (_, version) in open {
            let (option, number) = (&version.option, version.number);
            self.lines.push(both(
                format!("never answered in this ledger: option {option}, version {number}"),
                format!("本台帳に回答の記録なし：対応案 {option} 第{number}版"),
            ));
        }
        let (tasks, name) = (self.tasks, of_side(self.nation));
        self.lines.push(both(
            format!("Tasks in this ledger: {tasks}, each in the own chain of command of {}. No record that crosses can carry a task.", name.en),
            format!("本台帳の任務{tasks}件は、いずれも{}の指揮系統内のもの。任務を載せて提供できる記録の型はない。", name.ja),
        ));
        self.lines.push(both(
            "Times are those of the node's clock. Its source and offset are not recorded in this ledger.",
            "時刻はノードの時計による。時計の基準及び誤差は本台帳に記録されていない。",
        ));
    }
}

fn released(block: &ReleaseBlock) -> Bilingual {
    let (name, policy) = (of_side(block.partner), block.policy.to_hex());
    let policy = policy.get(..12).unwrap_or_default();
    let rule = block.rule.as_deref().unwrap_or("-");
    let (sent, held, tier) = (block.sent, block.held, &block.tier);
    both(
        format!(
            "reports to {}: {sent} released, {held} withheld, tier {tier}, rule {rule}, policy {policy}",
            name.en
        ),
        format!(
            "{}への情報資料：提供{sent}件、不提供{held}件、段階 {tier}、規則 {rule}、方針 {policy}",
            name.ja
        ),
    )
}

fn offer(version: &OptionVersion) -> Bilingual {
    let (option, number) = (&version.option, version.number);
    let (en, ja) = (&version.text.en, &version.text.ja);
    let (tongue_en, tongue_ja) = match version.language {
        Language::En => ("English", "英語"),
        Language::Ja => ("Japanese", "日本語"),
    };
    let (by_en, by_ja) = match &version.translation {
        Translation::Phrases => ("phrase blocks".to_owned(), "定型文".to_owned()),
        Translation::Person(person) => (person.clone(), person.clone()),
    };
    both(
        format!(
            "offers option {option}, version {number}: [EN] {en} [JA] {ja} (written in {tongue_en}; the other language by {by_en}; offered by {}, seat {})",
            version.author.person, version.author.seat.0
        ),
        format!(
            "対応案 {option} 第{number}版を提案：［英］{en}［日］{ja}（起案：{tongue_ja}、他言語：{by_ja}、提案者：{}、職：{}）",
            version.author.person, version.author.seat.0
        ),
    )
}

fn seat_words(notice: &SeatNotice) -> Bilingual {
    let holder = notice.holder.as_deref().unwrap_or("-");
    let (title, authority) = (&notice.title, authority(&notice.authority));
    both(
        format!("seat {} ({}): {holder}, authority {}", notice.seat.0, title.en, authority.en),
        format!("職 {}（{}）：{holder}、権限：{}", notice.seat.0, title.ja, authority.ja),
    )
}

fn authority(held: &[Authority]) -> Bilingual {
    let word = |authority: &Authority| match authority {
        Authority::Offer => ("to offer", "提案"),
        Authority::Approve => ("to approve", "承認・同意"),
        Authority::Task => ("to task own forces", "任務付与"),
        Authority::Release => ("to release", "提供"),
    };
    let (en, ja): (Vec<_>, Vec<_>) = held.iter().map(word).unzip();
    if en.is_empty() { both("none", "なし") } else { both(en.join(", "), ja.join("、")) }
}

fn verdict(verdict: &Verdict) -> Bilingual {
    match verdict {
        Verdict::Agree => both("AGREED", "承認・同意"),
        Verdict::AgreeWithCaveat { caveat } => both(
            format!("AGREED WITH A CAVEAT: {}", caveat.en),
            format!("条件付同意：{}", caveat.ja),
        ),
        Verdict::ReferredUp { to } => {
            both(format!("referred up to {}", to.0), format!("{}へ上申", to.0))
        }
        Verdict::Decline { reason } => {
            both(format!("DECLINED: {}", reason.en), format!("不同意：{}", reason.ja))
        }
        Verdict::Lapsed => both("NO ANSWER by its deadline", "期限内回答なし"),
    }
}

fn state(state: IncidentState) -> Bilingual {
    let (en, ja) = match state {
        IncidentState::Reported => ("reported", "受信"),
        IncidentState::Acknowledged => ("acknowledged", "受領確認"),
        IncidentState::Options => ("options", "対応案検討"),
        IncidentState::Decided => ("decided", "合意"),
        IncidentState::Tasked => ("tasked", "任務付与"),
        IncidentState::Closed => ("closed", "終結"),
    };
    both(en, ja)
}

fn occurrence(occurrence: &Occurrence) -> Bilingual {
    match occurrence {
        Occurrence::ZoneEntered { zone_name, .. } => {
            both(format!("entered {}", zone_name.en), format!("{}への区域進入", zone_name.ja))
        }
        Occurrence::ZoneLeft { zone_name, .. } => {
            both(format!("left {}", zone_name.en), format!("{}からの区域退出", zone_name.ja))
        }
        Occurrence::ZoneDwelt { zone_name, .. } => {
            both(format!("stayed in {}", zone_name.en), format!("{}での区域内滞留", zone_name.ja))
        }
        Occurrence::Reported { text, .. } => text.clone(),
        other => {
            let key = super::occurrence::key(other).trim_start_matches("attention-");
            both(key.replace('-', " "), key.replace('-', " "))
        }
    }
}

fn recalled(recall: &Recall) -> Bilingual {
    let what = match &recall.what {
        Recalled::Object(id) => id.to_string(),
        Recalled::Alias(alias) => alias.to_string(),
    };
    let (ground_en, ground_ja) = match recall.ground {
        Ground::Mistake => ("released by mistake", "誤提供"),
        Ground::Wrong => ("wrong", "内容の誤り"),
        Ground::Source => ("to protect its source", "情報源の保護"),
        Ground::Review => ("label reviewed", "秘密指定の見直し"),
    };
    let (person, seat) = (&recall.by.person, &recall.by.seat.0);
    let (verb_en, verb_ja) = match recall.handling {
        Handling::Withdraw => ("recalls", "提供取消・回収"),
        Handling::Relabel { .. } => ("labels anew", "秘密指定・表示の変更"),
    };
    both(
        format!("{verb_en} {what}: {ground_en}; by {person}, seat {seat}"),
        format!("{verb_ja}：{what}、理由：{ground_ja}。氏名：{person}、職：{seat}"),
    )
}
