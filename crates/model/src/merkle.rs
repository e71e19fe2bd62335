//! The Merkle tree of RFC 6962 section 2, over record headers in a ledger and over records in a
//! border log.
//!
//! A ledger's leaf holds a record's header, and the header holds only a salted hash of the body: a
//! body can be withheld or lawfully destroyed and every proof still holds.

use crate::cbor::Digest;

/// The hash of the leaf that holds `entry`: SHA-256(0x00 ‖ entry).
#[must_use]
pub fn leaf_hash(entry: &[u8]) -> Digest {
    Digest::of_parts(&[&[0], entry])
}

fn node_hash(left: Digest, right: Digest) -> Digest {
    Digest::of_parts(&[&[1], &left.0, &right.0])
}

/// The right edge of a growing tree: one hash for each full subtree, largest first. It is enough
/// to go on appending and to name the root. Invariant: as many peaks as `size` has one-bits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Digest>,
}

impl Frontier {
    /// The edge of a tree of `size` leaves, or `None` when the number of peaks does not fit.
    #[must_use]
    pub fn new(size: u64, peaks: Vec<Digest>) -> Option<Self> {
        (peaks.len() == size.count_ones() as usize).then_some(Self { size, peaks })
    }

    /// Number of leaves.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The full subtrees' hashes, largest first.
    #[must_use]
    pub fn peaks(&self) -> &[Digest] {
        &self.peaks
    }

    /// Adds one leaf.
    pub fn push(&mut self, leaf: Digest) {
        let mut hash = leaf;
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                hash = node_hash(left, hash);
            }
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    /// The root; of the empty tree, SHA-256 of nothing.
    #[must_use]
    pub fn root(&self) -> Digest {
        self.peaks
            .iter()
            .rev()
            .copied()
            .reduce(|right, left| node_hash(left, right))
            .unwrap_or_else(|| Digest::of(&[]))
    }
}

/// The root of a tree with these leaf hashes.
#[must_use]
pub fn root(leaves: &[Digest]) -> Digest {
    let mut tree = Frontier::default();
    for leaf in leaves {
        tree.push(*leaf);
    }
    tree.root()
}

/// The largest power of two below `n` (for `n` ≥ 2).
fn split(n: usize) -> usize {
    n.next_power_of_two() / 2
}

/// The audit path of leaf `index` (RFC 6962 section 2.1.1), or `None` when there is no such leaf.
#[must_use]
pub fn inclusion_proof(leaves: &[Digest], index: usize) -> Option<Vec<Digest>> {
    if index >= leaves.len() {
        return None;
    }
    if leaves.len() == 1 {
        return Some(Vec::new());
    }
    let (left, right) = leaves.split_at(split(leaves.len()));
    let (mut path, sibling) = match index.checked_sub(left.len()) {
        None => (inclusion_proof(left, index)?, root(right)),
        Some(index) => (inclusion_proof(right, index)?, root(left)),
    };
    path.push(sibling);
    Some(path)
}

/// Whether `path` proves that `leaf` is number `index` of the tree of `size` leaves with `root`
/// (RFC 9162 section 2.1.3.2).
#[must_use]
pub fn proves_inclusion(
    leaf: Digest,
    index: u64,
    size: u64,
    path: &[Digest],
    root: Digest,
) -> bool {
    if index >= size {
        return false;
    }
    let (mut at, mut last, mut hash) = (index, size - 1, leaf);
    for step in path {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            hash = node_hash(*step, hash);
            while at & 1 == 0 && at != 0 {
                (at, last) = (at >> 1, last >> 1);
            }
        } else {
            hash = node_hash(hash, *step);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    last == 0 && hash == root
}

/// The proof that the tree of the first `old` leaves is a prefix of this one (RFC 6962 section
/// 2.1.2), or `None` when `old` is zero or more than there are.
#[must_use]
pub fn consistency_proof(leaves: &[Digest], old: usize) -> Option<Vec<Digest>> {
    if old == 0 || old > leaves.len() {
        return None;
    }
    Some(subproof(leaves, old, true))
}

fn subproof(leaves: &[Digest], old: usize, whole: bool) -> Vec<Digest> {
    if old == leaves.len() {
        return if whole { Vec::new() } else { vec![root(leaves)] };
    }
    let (left, right) = leaves.split_at(split(leaves.len()));
    let (mut proof, sibling) = match old.checked_sub(left.len()) {
        Some(rest) if rest > 0 => (subproof(right, rest, false), root(left)),
        _ => (subproof(left, old, whole), root(right)),
    };
    proof.push(sibling);
    proof
}

/// Whether `proof` shows that the tree (`old`, `old_root`) is a prefix of (`new`, `new_root`)
/// (RFC 9162 section 2.1.4.2).
#[must_use]
pub fn proves_consistency(
    (old, old_root): (u64, Digest),
    (new, new_root): (u64, Digest),
    proof: &[Digest],
) -> bool {
    if old == 0 || old > new {
        return false;
    }
    if old == new {
        return proof.is_empty() && old_root == new_root;
    }
    let (mut at, mut last) = (old - 1, new - 1);
    let shift = at.trailing_ones();
    (at, last) = (at >> shift, last >> shift);
    let mut steps = proof.iter().copied();
    let first = if old.is_power_of_two() { Some(old_root) } else { steps.next() };
    let Some(first) = first else { return false };
    let (mut old_hash, mut new_hash) = (first, first);
    for step in steps {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            old_hash = node_hash(step, old_hash);
            new_hash = node_hash(step, new_hash);
            while at & 1 == 0 && at != 0 {
                (at, last) = (at >> 1, last >> 1);
            }
        } else {
            new_hash = node_hash(new_hash, step);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    last == 0 && old_hash == old_root && new_hash == new_root
}

#[cfg(test)]
mod tests;
