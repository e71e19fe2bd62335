//! What a verification found, in plain words and both languages.

use std::fmt::Write as _;
use std::path::PathBuf;

use renkei_model::statement::{Bilingual, Language};
use renkei_model::time::Timestamp;

use super::damage::{Damage, in_language};
use super::destroy::Destruction;
use renkei_model::note::{Checkpoint, KeyNotice, Revocation};

/// How many findings a report lists; the rest is counted.
const FINDINGS_MAX: usize = 100;

/// What was verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A node's data directory at rest.
    Directory,
    /// A node's data directory while the node runs: what it acknowledged up to then.
    LiveDirectory,
    /// An export.
    Export,
}

/// The result of a verification.
#[derive(Clone, Debug)]
pub struct Report {
    /// What was looked at.
    pub path: PathBuf,
    /// Which kind of thing it is.
    pub shape: Shape,
    /// Whose ledger, under which key; `None` when no key notice could be read.
    pub notice: Option<KeyNotice>,
    /// Records that passed every check.
    pub records: u64,
    /// The first record's number.
    pub first_seq: u64,
    /// The number after the last record.
    pub next_seq: u64,
    /// Earliest time in a header.
    pub first_time: Option<Timestamp>,
    /// Latest time in a header.
    pub last_time: Option<Timestamp>,
    /// Records before this number are under a checkpoint that was checked against them.
    pub signed: u64,
    /// Checkpoints whose signature and root hold.
    pub checkpoints: u64,
    /// The last of them.
    pub last_checkpoint: Option<Checkpoint>,
    /// Records of an export that came without their body.
    pub bodies_left_out: u64,
    /// The keys that were in force, oldest first.
    pub keys: Vec<[u8; 32]>,
    /// Keys that are not to be trusted: the record that says so, and from where on.
    pub revoked: Vec<(u64, Revocation)>,
    /// Bodies that were destroyed by order.
    pub bodies_destroyed: u64,
    /// The orders.
    pub destructions: Vec<Destruction>,
    /// What is wrong, in the order of the files; at most 100.
    pub findings: Vec<Damage>,
    /// How many more there are.
    pub more_findings: u64,
}

impl Report {
    pub(super) fn new(path: PathBuf, shape: Shape) -> Self {
        Self {
            path,
            shape,
            notice: None,
            records: 0,
            first_seq: 0,
            next_seq: 0,
            first_time: None,
            last_time: None,
            signed: 0,
            checkpoints: 0,
            last_checkpoint: None,
            bodies_left_out: 0,
            keys: Vec::new(),
            revoked: Vec::new(),
            bodies_destroyed: 0,
            destructions: Vec::new(),
            findings: Vec::new(),
            more_findings: 0,
        }
    }

    pub(super) fn find(&mut self, damage: Damage) {
        if self.findings.len() < FINDINGS_MAX {
            self.findings.push(damage);
        } else {
            self.more_findings += 1;
        }
    }

    pub(super) fn saw(&mut self, time: Timestamp) {
        self.records += 1;
        self.first_time = Some(self.first_time.map_or(time, |first| first.min(time)));
        self.last_time = Some(self.last_time.map_or(time, |last| last.max(time)));
    }

    /// The answer: every byte checked and nothing was wrong.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.findings.is_empty() && self.records > 0
    }

    /// Records after the last checkpoint: protected by checksums, not yet by a signature.
    #[must_use]
    pub fn unsigned(&self) -> u64 {
        self.next_seq.saturating_sub(self.signed.max(self.first_seq))
    }

    /// The whole report in one language, several lines.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let mut text = String::new();
        for line in self.lines() {
            // Writing to a string cannot fail.
            writeln!(text, "{}", in_language(&line, language)).ok();
        }
        text
    }

    fn lines(&self) -> Vec<Bilingual> {
        let mut lines = vec![self.verdict()];
        lines.extend(self.notice.as_ref().map(whose));
        lines.extend(self.extent());
        lines.push(self.signatures());
        if self.bodies_left_out > 0 {
            let n = self.bodies_left_out;
            lines.push(Bilingual {
                en: format!("{n} bodies were left out of this export; their headers hold"),
                ja: format!("本文{n}件はこの書き出しに含まれない（ヘッダーは検証済み）"),
            });
        }
        lines.extend(self.revoked.iter().map(revoked));
        lines.extend(self.destructions.iter().map(destroyed));
        lines.extend(self.findings.iter().map(Damage::text));
        if self.more_findings > 0 {
            let n = self.more_findings;
            lines.push(Bilingual {
                en: format!("and {n} more like these"),
                ja: format!("ほか{n}件"),
            });
        }
        lines
    }

    fn verdict(&self) -> Bilingual {
        let path = self.path.display();
        let (en, ja) = match self.shape {
            Shape::Directory => ("ledger", "台帳"),
            Shape::LiveDirectory => {
                ("ledger in use (what was acknowledged)", "使用中の台帳（受領確認済みの範囲）")
            }
            Shape::Export => ("export", "書き出し"),
        };
        if self.is_whole() {
            Bilingual {
                en: format!("YES: the {en} `{path}` is whole: every byte was checked"),
                ja: format!("可：{ja}「{path}」に異常なし（全バイト検査済み）"),
            }
        } else {
            let n = self.findings.len() as u64 + self.more_findings;
            Bilingual {
                en: format!("NO: the {en} `{path}` is not whole: {n} finding{}", plural(n)),
                ja: format!("否：{ja}「{path}」に異常{n}件"),
            }
        }
    }

    fn extent(&self) -> Option<Bilingual> {
        let time = |t: Option<Timestamp>| t.and_then(Timestamp::to_rfc3339);
        let (from, to) = (time(self.first_time)?, time(self.last_time)?);
        let (records, first, last) = (self.records, self.first_seq, self.next_seq.checked_sub(1)?);
        Some(Bilingual {
            en: format!(
                "{records} record{} ({first} to {last}) from {from} to {to}",
                plural(records)
            ),
            ja: format!("記録{records}件（{first}～{last}）、{from}から{to}まで"),
        })
    }

    fn signatures(&self) -> Bilingual {
        let (n, unsigned) = (self.checkpoints, self.unsigned());
        let Some(checkpoint) = self.last_checkpoint else {
            return Bilingual {
                en: "no signed checkpoint could be checked: checksums alone vouch for this".into(),
                ja: "検証できた署名済み検査点なし：検査値のみによる確認".into(),
            };
        };
        let (size, root) = (checkpoint.size, checkpoint.root.to_hex());
        Bilingual {
            en: format!(
                "signed checkpoints that hold: {n}; the last covers the records before {size}, root {root}; records after it: {unsigned}"
            ),
            ja: format!(
                "署名済み検査点{n}件が有効。最後の検査点は記録{size}の手前まで、ルート {root}。以後の未署名の記録{unsigned}件"
            ),
        }
    }
}

fn plural(n: u64) -> &'static str {
    if n == 1 { "" } else { "s" }
}

fn whose(notice: &KeyNotice) -> Bilingual {
    let KeyNotice { nation, name, partition, epoch, .. } = notice;
    let fingerprint = notice.fingerprint();
    Bilingual {
        en: format!("of {nation} `{name}`, {partition}, epoch {epoch}; key {fingerprint}"),
        ja: format!("{nation}「{name}」、区画 {partition}、第{epoch}期、鍵 {fingerprint}"),
    }
}

fn revoked((seq, revocation): &(u64, Revocation)) -> Bilingual {
    let since = revocation.since.to_rfc3339().unwrap_or_else(|| revocation.since.0.to_string());
    let from = revocation.from_record.map_or_else(|| "?".into(), |from| from.to_string());
    let Bilingual { en, ja } = &revocation.reason;
    Bilingual {
        en: format!(
            "KEY REVOKED: records {from} to {seq} were written under a key that is not trusted since {since}, because: {en}"
        ),
        ja: format!(
            "鍵の失効：記録{from}～{seq}は、{since}以降信頼できない鍵によるもの。理由：{ja}"
        ),
    }
}

fn destroyed(order: &Destruction) -> Bilingual {
    let record = |r: &super::DestroyedRecord| match r.retention {
        Some(years) => format!("{} ({} y)", r.seq, years.0),
        None => r.seq.to_string(),
    };
    let records = order.records.iter().map(record).collect::<Vec<_>>().join(", ");
    let on = order.approved_at.to_rfc3339().unwrap_or_else(|| order.approved_at.0.to_string());
    let (one, other) = (&order.proposed_by, &order.approved_by);
    let (reason, authority) = (&order.reason, &order.authority);
    Bilingual {
        en: format!(
            "destroyed by {} ({}) and {} ({}) on {on}, under {authority}, because: {}; bodies of records {records}",
            one.person, one.seat.0, other.person, other.seat.0, reason.en
        ),
        ja: format!(
            "{on}、{}（{}）及び{}（{}）により廃棄。根拠：{authority}、理由：{}、対象記録：{records}",
            one.person, one.seat.0, other.person, other.seat.0, reason.ja
        ),
    }
}
