//! Each node notarises the other: the log of what crossed is a Merkle log that the reader recomputes
//! and cosigns, and an opaque commitment to the national ledger is countersigned at a fixed beat.
//!
//! Refuses: to let the size or growth of a national ledger show. A commitment goes by the clock
//! alone, always with the same number of bytes, and notarial records are counted apart from all
//! others, so that their numbers tell nothing of what stays at home.

use std::collections::{BTreeMap, VecDeque};

use minicbor::{Decode, Encode};
use renkei_model::cbor::{Digest, to_canonical};
use renkei_model::id::{Nation, ObjectId};
use renkei_model::merkle::{Frontier, leaf_hash};
use renkei_model::note::{Checkpoint, border_origin, cosign, read_cosigned, witness_name};
use renkei_model::statement::{BorderHead, BorderLeaf, LogEnd, Notarial, Statement};
use renkei_model::time::Timestamp;

use super::effect::Place;
use super::entry::Local;
use super::not_taken::NotTaken;
use super::received::Expected;
use super::state::State;
use super::work::Work;

/// A head goes at most this often, and only after something other than notarial records crossed.
pub const HEAD_EVERY_MS: i64 = 60_000;
/// A commitment to the national ledger goes at every multiple of this time of the clock.
pub const SEAL_EVERY_MS: i64 = 600_000;
/// This bit marks the number of a notarial record: it always takes the same bytes, and counts
/// nothing but notarial records.
pub const NOTARIAL: u64 = ObjectId::NOTARIAL;
/// Heads of the partner that wait for records still on their way; more than this is no honest log.
const HEADS_MAX: usize = 1_024;

/// The opening of a commitment: it stays here until an export shows it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Seal {
    /// To whom the commitment went.
    #[n(0)]
    pub to: Nation,
    /// What went.
    #[n(1)]
    pub commitment: Digest,
    /// 32 random bytes.
    #[n(2)]
    #[cbor(with = "minicbor::bytes")]
    pub salt: [u8; 32],
    /// The checkpoint note of the national ledger, as it lies there.
    #[n(3)]
    pub note: String,
}

/// What opens to a commitment.
#[must_use]
pub fn commitment(salt: &[u8; 32], note: &str) -> Digest {
    Digest::of_parts(&[salt, note.as_bytes()])
}

/// One direction's log: what the last head covers, and what came after it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct BorderLog {
    epoch: u32,
    tree: Frontier,
    waiting: BTreeMap<(u8, Place), Digest>,
}

impl BorderLog {
    pub(super) fn add(&mut self, class: u8, place: Place, record: Digest) {
        let leaf = BorderLeaf { class, epoch: place.epoch, seq: place.seq, record };
        self.waiting.insert((class, place), leaf_hash(&to_canonical(&leaf)));
    }

    /// The last waiting place of each class in `epoch` that the partner holds: what has not gone may
    /// still be recalled, and another record takes its place then.
    fn ends(&self, epoch: u32, is_held: impl Fn(&(u8, Place)) -> bool) -> Vec<LogEnd> {
        let waiting = self.waiting.keys().filter(|key| key.1.epoch == epoch && is_held(key));
        let ends: BTreeMap<u8, u64> = waiting.map(|(class, place)| (*class, place.seq)).collect();
        ends.into_iter().map(|(class, seq)| LogEnd { class, seq }).collect()
    }

    /// Goes on to a head; each epoch has a tree of its own.
    pub(super) fn absorb(&mut self, epoch: u32, up_to: &[LogEnd]) -> Checkpoint {
        if epoch != self.epoch {
            (self.epoch, self.tree) = (epoch, Frontier::default());
            self.waiting.retain(|(_, place), _| place.epoch >= epoch);
        }
        for end in up_to {
            let at = |seq| (end.class, Place { epoch, seq });
            let covered: Vec<_> =
                self.waiting.range(at(0)..=at(end.seq)).map(|(key, leaf)| (*key, *leaf)).collect();
            for (key, leaf) in covered {
                self.waiting.remove(&key);
                self.tree.push(leaf);
            }
        }
        Checkpoint { size: self.tree.size(), root: self.tree.root() }
    }
}

/// A head of the partner that does not fit what was received: an alarm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mismatch {
    /// Number of entries under the head before it.
    pub(super) first: u64,
    /// Number of entries that the partner's head claims.
    pub(super) end: u64,
    /// When the head was made, by the partner's clock.
    pub(super) at: Timestamp,
}

/// What is notarised between this node and one partner.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Notary {
    pub(super) out: BorderLog,
    /// Something other than notarial records crossed since the last head.
    news: bool,
    head_at: Option<Timestamp>,
    /// Own heads that wait for a cosignature, by size.
    heads_sent: BTreeMap<u64, String>,
    /// The newest own head that the partner cosigned, and its time.
    cosigned: Option<(u64, Timestamp)>,
    pub(super) received: BorderLog,
    /// Heads of the partner that cover records still on their way.
    heads: VecDeque<(BorderHead, Timestamp)>,
    /// A head of the partner that fits and is to be cosigned.
    to_cosign: Option<String>,
    /// The first head of the partner that does not fit.
    pub(super) mismatch: Option<Mismatch>,
    sealed_at: Option<Timestamp>,
    /// Own commitments that wait for the countersignature.
    seals_sent: BTreeMap<Digest, Timestamp>,
    /// Commitments of the partner to countersign.
    to_countersign: Vec<Digest>,
}

impl State {
    /// An own record has its place in the border log.
    pub(super) fn notary_placed(&mut self, record: &ObjectId, class: u8, place: Place) {
        let Some(signed) = self.pending.get(record) else { return };
        let digest = signed.digest();
        let notary = self.notary.entry(self.partner).or_default();
        notary.out.add(class, place, digest);
        notary.news |= record.counter & NOTARIAL == 0;
    }

    /// A place of the partner's log is used up, by a record that was taken or one that was not.
    pub(super) fn notary_received(
        &mut self,
        from: Nation,
        class: u8,
        place: Place,
        record: Digest,
    ) {
        self.notary.entry(from).or_default().received.add(class, place, record);
        self.compare_heads(from);
    }

    pub(super) fn notary_own(&mut self, at: Timestamp, notarial: &Notarial) {
        let notary = self.notary.entry(self.partner).or_default();
        match notarial {
            Notarial::Head(head) => {
                let size = notary.out.absorb(head.epoch, &head.up_to).size;
                notary.heads_sent.insert(size, head.note.clone());
                (notary.news, notary.head_at) = (false, Some(at));
            }
            Notarial::Cosigned(_) => notary.to_cosign = None,
            Notarial::Sealed(commitment) => {
                notary.seals_sent.insert(*commitment, at);
                notary.sealed_at = Some(at);
            }
            Notarial::Countersigned(commitment, _) => {
                notary.to_countersign.retain(|due| due != commitment);
            }
        }
    }

    pub(super) fn notary_theirs(&mut self, from: Nation, at: Timestamp, notarial: Notarial) {
        let notary = self.notary.entry(from).or_default();
        match notarial {
            Notarial::Head(head) => {
                notary.heads.push_back((head, at));
                self.compare_heads(from);
            }
            Notarial::Cosigned(note) => {
                let known = notary.heads_sent.iter().find(|(_, sent)| note.starts_with(*sent));
                let Some(size) = known.map(|(size, _)| *size) else { return };
                notary.heads_sent.retain(|sent, _| *sent > size);
                notary.cosigned = Some((size, at));
            }
            Notarial::Sealed(commitment) => notary.to_countersign.push(commitment),
            Notarial::Countersigned(commitment, _) => {
                notary.seals_sent.remove(&commitment);
            }
        }
    }

    /// Compares the partner's heads with what came, as soon as all that they cover has come.
    fn compare_heads(&mut self, from: Nation) {
        let inbound = &self.inbound;
        let Some(notary) = self.notary.get_mut(&from) else { return };
        while let Some((head, at)) = notary.heads.pop_front_if(|(head, _)| {
            head.up_to.iter().all(|end| {
                let held = inbound.get(&end.class).copied().unwrap_or_default();
                held >= Place { epoch: head.epoch, seq: end.seq }
            })
        }) {
            // Sent again after a restore: that log ended, and what crosses anew is in the new one.
            if head.epoch < notary.received.epoch {
                continue;
            }
            let first = notary.received.tree.size();
            let found = notary.received.absorb(head.epoch, &head.up_to);
            let claimed = claims(&head.note);
            if claimed == Some((found.size, found.root)) {
                notary.to_cosign = Some(head.note);
            } else if notary.mismatch.is_none() {
                let end = claimed.map_or(found.size, |(size, _)| size);
                notary.mismatch = Some(Mismatch { first, end, at });
            }
        }
    }
}

/// Size and root that a note claims; its signature was checked when it came.
fn claims(note: &str) -> Option<(u64, Digest)> {
    let mut lines = note.split('\n').skip(1);
    let size = lines.next()?.parse().ok()?;
    let root = renkei_model::note::unbase64(lines.next()?)?;
    Some((size, Digest(root.try_into().ok()?)))
}

/// What a notarial record of the partner must be before it is taken.
pub(super) fn check(
    state: &State,
    expected: &Expected<'_>,
    notarial: &Notarial,
) -> Result<(), NotTaken> {
    let notary = state.notary.get(&expected.partner);
    let held = |holds: bool| if holds { Ok(()) } else { Err(NotTaken::NotAsked) };
    match notarial {
        Notarial::Head(head) => {
            let (from, to) = (expected.partner, expected.me);
            let origin = border_origin(from, to, expected.partition, head.epoch);
            let waits = notary.map_or(0, |notary| notary.heads.len());
            let ordered = head.up_to.is_sorted_by(|a, b| a.class < b.class);
            let classes = head.up_to.iter().all(|end| matches!(end.class, 1 | 2 | 4));
            match Checkpoint::read(head.note.as_bytes(), &origin, expected.key) {
                Some((_, true)) if ordered && classes && waits < HEADS_MAX => Ok(()),
                Some((_, false)) => Err(NotTaken::Forged),
                _ => Err(NotTaken::Malformed),
            }
        }
        Notarial::Cosigned(cosigned) => {
            let name = witness_name(expected.partner, expected.partition);
            let (note, _) =
                read_cosigned(cosigned, (&name, expected.key)).ok_or(NotTaken::Forged)?;
            held(notary.is_some_and(|n| n.heads_sent.values().any(|sent| sent == note)))
        }
        Notarial::Sealed(_) => Ok(()),
        Notarial::Countersigned(commitment, _) => {
            held(notary.is_some_and(|n| n.seals_sent.contains_key(commitment)))
        }
    }
}

impl Work<'_> {
    /// States what is due by the clock: a head of the border log, a commitment to the national
    /// ledger, whose newest checkpoint is `national`.
    pub(super) fn notarise(&mut self, national: Option<&str>, salt: [u8; 32]) {
        // Without a card there is nobody who could countersign.
        if self.config.partner.key == [0; 32] {
            return;
        }
        let notary = self.state.notary.entry(self.config.partner.nation).or_default();
        let waited = notary.head_at.is_none_or(|at| self.now.since_ms(at) >= HEAD_EVERY_MS);
        let slot = |at: Timestamp| at.0.div_euclid(SEAL_EVERY_MS);
        let beat = notary.sealed_at.is_none_or(|at| slot(self.now) > slot(at));
        if notary.news && waited {
            self.state_head();
        }
        if let Some(note) = national.filter(|_| beat) {
            let commitment = commitment(&salt, note);
            let to = self.config.partner.nation;
            let seal = Seal { to, commitment, salt, note: note.to_owned() };
            self.note_down(Local::Sealed(Box::new(seal)));
            self.state_notarial(Notarial::Sealed(commitment));
        }
    }

    fn state_head(&mut self) {
        let (me, to, epoch) = (self.config.nation, self.config.partner.nation, self.config.epoch);
        let Some(notary) = self.state.notary.get(&to) else { return };
        let mut log = notary.out.clone();
        let up_to = log.ends(epoch, |key| !self.state.placed.contains_key(key));
        if up_to.is_empty() {
            return;
        }
        let head = log.absorb(epoch, &up_to);
        let origin = border_origin(me, to, &self.config.partition, epoch);
        let public_key = self.config.key.verifying_key().to_bytes();
        let note = head.sign(&origin, &public_key, &|bytes| self.signature(bytes));
        self.state_notarial(Notarial::Head(BorderHead { epoch, note, up_to }));
    }

    /// Answers what the partner had notarised.
    pub(super) fn countersign(&mut self) {
        let Some(notary) = self.state.notary.get(&self.config.partner.nation) else { return };
        let (cosign_due, due) = (notary.to_cosign.clone(), notary.to_countersign.clone());
        if let Some(note) = cosign_due {
            let name = witness_name(self.config.nation, &self.config.partition);
            let public_key = self.config.key.verifying_key().to_bytes();
            let witness = (name.as_str(), &public_key);
            let cosigned = cosign(&note, witness, self.now, &|bytes| self.signature(bytes));
            self.state_notarial(Notarial::Cosigned(cosigned));
        }
        for commitment in due {
            self.state_notarial(Notarial::Countersigned(commitment, self.now));
        }
    }

    fn signature(&self, bytes: &[u8]) -> [u8; 64] {
        ed25519_dalek::Signer::sign(&self.config.key, bytes).to_bytes()
    }

    fn state_notarial(&mut self, notarial: Notarial) {
        let counter = NOTARIAL | (self.state.notarial + 1);
        let id = ObjectId { counter, ..self.id(0) };
        self.publish(id, self.config.label.clone(), Statement::Notarial(notarial));
    }
}
