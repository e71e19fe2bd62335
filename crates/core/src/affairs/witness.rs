//! What the partner witnessed, checked from one exported half: the log of what crossed is recomputed
//! and held against its heads and cosignatures, and commitments to the national ledger are opened.
//!
//! Says up to where there is a witness, and never hides the span after it.

use std::collections::{BTreeMap, BTreeSet};

use renkei_model::cbor::{Digest, from_canonical};
use renkei_model::id::{Nation, ObjectId, Partition};
use renkei_model::note::{Checkpoint, border_origin, read_cosigned, witness_name};
use renkei_model::statement::{BorderHead, Notarial, Record, SignedRecord, Statement};
use renkei_model::time::Timestamp;

use super::decision::{Half, ReportLine, stamp};
use super::effect::Place;
use super::entry::{Entry, Local};
use super::notary::{BorderLog, Seal, commitment};
use super::sign::Keyring;
use super::words::{both, of_side, side};

/// What a half is held against.
pub struct Against<'a> {
    /// The partner that witnessed.
    pub partner: Nation,
    /// The world of the half.
    pub partition: &'a Partition,
    /// The keys of both.
    pub keys: &'a Keyring,
    /// The checkpoint notes in the ledger that was verified, and how many records each covers.
    pub checkpoints: &'a BTreeMap<String, u64>,
    /// Records in that ledger.
    pub records: u64,
    /// Whether every body of the headquarters' kinds is there.
    pub complete: bool,
}

/// Checks what `half` says of its border with one partner.
#[must_use]
pub fn verify(half: &Half, against: &Against<'_>) -> Vec<ReportLine> {
    let mut walk = Walk::new(half.nation, against);
    for (kind, body) in &half.entries {
        if let Ok(Some(entry)) = Entry::from_body(*kind, body) {
            walk.entry(entry);
        }
    }
    walk.report()
}

/// One direction.
#[derive(Default)]
struct Direction {
    log: BorderLog,
    /// Entries seen.
    entries: u64,
    heads: u64,
    /// Entries under the last head that fits.
    covered: u64,
    /// Entries under the last head that the reader cosigned, and when by its clock.
    cosigned: Option<(u64, Timestamp)>,
    /// Ranges that do not fit.
    wrong: Vec<(u64, u64)>,
    /// Heads that may have come before what they cover.
    waiting: Vec<(BorderHead, Option<Checkpoint>)>,
    /// The last number seen of each class and epoch.
    seen: BTreeMap<(u8, u32), u64>,
    /// Heads over records that were still on their way when the half was made.
    pending: u64,
}

struct Walk<'a> {
    half: Nation,
    against: &'a Against<'a>,
    sent: Direction,
    received: Direction,
    own: BTreeMap<ObjectId, Digest>,
    seals: BTreeMap<Digest, Seal>,
    /// The newest countersigned commitment whose opening is here: the note, and when.
    witnessed: Option<(String, Timestamp)>,
    broken: BTreeSet<&'static str>,
}

impl<'a> Walk<'a> {
    fn new(half: Nation, against: &'a Against<'a>) -> Self {
        Self {
            half,
            against,
            sent: Direction::default(),
            received: Direction::default(),
            own: BTreeMap::new(),
            seals: BTreeMap::new(),
            witnessed: None,
            broken: BTreeSet::new(),
        }
    }

    fn entry(&mut self, entry: Entry) {
        match entry {
            Entry::Own(signed) => {
                let Ok(record) = from_canonical::<Record>(&signed.bytes) else { return };
                self.own.insert(record.id.clone(), signed.digest());
                if let Statement::Notarial(notarial) = &record.statement {
                    self.ours(notarial);
                }
            }
            Entry::Placed(placed) => {
                self.sent.entries += 1;
                if let Some(digest) =
                    self.own.get(placed.carries.as_ref().unwrap_or(&placed.record))
                {
                    self.sent.log.add(placed.class, placed.place, *digest);
                }
            }
            Entry::Partner(e) if e.from == self.against.partner => {
                self.received.came(e.class, e.place, e.signed.digest());
                self.theirs(&e.signed);
            }
            Entry::Refused(e) if e.from == self.against.partner => {
                self.received.came(e.class, e.place, e.digest);
            }
            Entry::Local(local) => {
                if let Local::Sealed(seal) = *local {
                    self.seals.insert(seal.commitment, *seal);
                }
            }
            _ => {}
        }
    }

    fn ours(&mut self, notarial: &Notarial) {
        match notarial {
            Notarial::Head(head) => {
                let found = self.head_of(head, self.half, self.against.partner);
                self.sent.compare(head, found);
            }
            Notarial::Cosigned(cosigned) => {
                let (half, keys) = (self.half, self.against.keys.get(&self.half));
                if let Some((size, at)) = self.cosignature(cosigned, half, keys) {
                    self.received.cosigned = Some((size, at));
                }
            }
            Notarial::Sealed(_) | Notarial::Countersigned(..) => {}
        }
    }

    fn theirs(&mut self, signed: &SignedRecord) {
        let Ok(record) = from_canonical::<Record>(&signed.bytes) else { return };
        let Statement::Notarial(notarial) = record.statement else { return };
        let partner = self.against.partner;
        match notarial {
            Notarial::Head(head) => {
                let found = self.head_of(&head, partner, self.half);
                // It may have come before what it covers: it is compared when all was read.
                self.received.waiting.push((head, found));
            }
            Notarial::Cosigned(cosigned) => {
                match self.cosignature(&cosigned, partner, self.against.keys.get(&partner)) {
                    Some(found) => self.sent.cosigned = Some(found),
                    None => drop(self.broken.insert("cosignature")),
                }
            }
            Notarial::Countersigned(commitment_of, at) => {
                let Some(seal) = self.seals.get(&commitment_of) else { return };
                if commitment(&seal.salt, &seal.note) != commitment_of {
                    self.broken.insert("opening");
                } else {
                    self.witnessed = Some((seal.note.clone(), at));
                }
            }
            Notarial::Sealed(_) => {}
        }
    }

    /// The head that a note claims, where its author signed it.
    fn head_of(&self, head: &BorderHead, from: Nation, to: Nation) -> Option<Checkpoint> {
        let origin = border_origin(from, to, self.against.partition, head.epoch);
        let keys = self.against.keys.get(&from)?;
        keys.iter().find_map(|key| {
            let (checkpoint, holds) = Checkpoint::read(head.note.as_bytes(), &origin, key)?;
            holds.then_some(checkpoint)
        })
    }

    fn cosignature(
        &self,
        cosigned: &str,
        witness: Nation,
        keys: Option<&Vec<[u8; 32]>>,
    ) -> Option<(u64, Timestamp)> {
        let name = witness_name(witness, self.against.partition);
        let read = |key| read_cosigned(cosigned, (&name, key));
        let (note, at) = keys?.iter().find_map(read)?;
        Some((note.lines().nth(1)?.parse().ok()?, at))
    }

    fn report(mut self) -> Vec<ReportLine> {
        self.received.compare_waiting();
        let (me, partner) = (self.half, self.against.partner);
        let mut lines = Vec::new();
        if !self.against.complete {
            lines.push(line(
                true,
                "This export does not hold all bodies from record 0 on: what crossed is checked by signatures, not recomputed.",
                "記録0からの全本文を含まないため、提供記録の目録は署名のみ検証した（再計算なし）。",
            ));
            (self.sent.wrong, self.received.wrong) = (Vec::new(), Vec::new());
        }
        self.sent.report(me, partner, &mut lines);
        self.received.report(partner, me, &mut lines);
        if self.broken.contains("cosignature") {
            let name = of_side(partner);
            lines.push(line(
                false,
                format!("A cosignature of {} does not stand.", name.en),
                format!("{}の副署が成立しない。", name.ja),
            ));
        }
        if self.broken.contains("opening") {
            lines.push(line(
                false,
                "A commitment to this ledger does not open to what the ledger says of it.",
                "自国台帳の封印値が、台帳に記録された内容と一致しない。",
            ));
        }
        lines.extend(self.national());
        lines
    }

    fn national(&self) -> Option<ReportLine> {
        let name = side(self.against.partner);
        let Some((note, at)) = &self.witnessed else {
            let (en, ja) = (of_side(self.against.partner).en, name.ja);
            return Some(line(
                true,
                format!(
                    "No commitment to this ledger was countersigned by {en}: no record in it has a witness yet."
                ),
                format!("{ja}の副署を得た封印値はない。台帳全体が第三者による裏付けを欠く。"),
            ));
        };
        let at = stamp(*at);
        let Some(size) = self.against.checkpoints.get(note) else {
            return Some(line(
                false,
                format!(
                    "{} countersigned at {at} a checkpoint that is not in this ledger: it was rewritten or cut since.",
                    name.en
                ),
                format!(
                    "{}が{at}に副署した検査点が台帳に存在しない。その後に台帳の改変又は欠落があった。",
                    name.ja
                ),
            ));
        };
        let after = self.against.records.saturating_sub(*size);
        Some(line(
            true,
            format!(
                "{} countersigned at {at} by its own clock: the records before {size} were not rewritten since. The {after} records after them have no witness yet.",
                name.en
            ),
            format!(
                "{}が{at}（同側の時計による）に副署した。記録{size}の手前まで、以後の改変はない。その後の{after}件には裏付けがまだない。",
                name.ja
            ),
        ))
    }
}

impl Direction {
    fn compare(&mut self, head: &BorderHead, claimed: Option<Checkpoint>) {
        let first = self.covered;
        let found = self.log.absorb(head.epoch, &head.up_to);
        self.heads += 1;
        self.covered = found.size;
        if claimed != Some(found) {
            self.wrong.push((first, claimed.map_or(found.size, |c| c.size)));
        }
    }

    fn came(&mut self, class: u8, place: Place, record: Digest) {
        self.entries += 1;
        self.log.add(class, place, record);
        let last = self.seen.entry((class, place.epoch)).or_default();
        *last = place.seq.max(*last);
    }

    /// Compares the heads that came. What a head covers may still have been on its way, unless this
    /// side cosigned it: then all of it was here.
    fn compare_waiting(&mut self) {
        let cosigned = self.cosigned.map_or(0, |(size, _)| size);
        for (head, claimed) in std::mem::take(&mut self.waiting) {
            let seen = |class| self.seen.get(&(class, head.epoch)).copied().unwrap_or(0);
            let missing = head.up_to.iter().any(|end| end.seq > seen(end.class));
            if missing && claimed.is_some_and(|head| head.size > cosigned) {
                self.pending += 1;
            } else {
                self.compare(&head, claimed);
            }
        }
    }

    fn report(&self, from: Nation, to: Nation, lines: &mut Vec<ReportLine>) {
        if self.entries == 0 {
            return;
        }
        let (from, to) = (of_side(from), of_side(to));
        for (first, end) in &self.wrong {
            lines.push(line(
                false,
                format!("What crossed from {} to {} does not fit its own log between entry {first} and entry {end}: something was changed, added or left out.", from.en, to.en),
                format!("{}から{}への提供記録が目録と一致しない（{first}～{end}件目）。改変、追加又は欠落がある。", from.ja, to.ja),
            ));
        }
        let (entries, heads, covered) = (self.entries, self.heads, self.covered);
        if self.pending > 0 {
            let n = self.pending;
            lines.push(line(
                true,
                format!(
                    "{n} heads of {} cover records that are not here (yet); they are not judged.",
                    from.en
                ),
                format!("{}の目録{n}回は未着の記録を含むため判定していない。", from.ja),
            ));
        }
        let (en, ja) = match self.cosigned {
            Some((size, at)) => (
                format!("cosigned up to entry {size} at {} by the reader's clock", stamp(at)),
                format!("受領側が{}（同側の時計による）に{size}件目まで副署", stamp(at)),
            ),
            None => ("not cosigned yet".into(), "副署はまだない".into()),
        };
        lines.push(line(
            true,
            format!("From {} to {} crossed {entries} records; {heads} signed heads, the last over {covered}; {en}.", from.en, to.en),
            format!("{}から{}への提供記録{entries}件。署名済み目録{heads}回、最新のものは{covered}件まで。{ja}。", from.ja, to.ja),
        ));
    }
}

fn line(sound: bool, en: impl Into<String>, ja: impl Into<String>) -> ReportLine {
    ReportLine { sound, text: both(en, ja) }
}
