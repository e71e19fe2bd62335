//! Published vectors, and every proof of every small tree with every single change to it.

use super::*;

fn leaves(n: usize) -> Vec<Digest> {
    (0..n).map(|i| leaf_hash(&i.to_le_bytes())).collect()
}

#[test]
fn roots_are_those_of_certificate_transparency() {
    // The reference leaves of google/certificate-transparency `merkle_tree_test.cc`.
    let data: [&[u8]; 8] = [
        &[],
        &[0x00],
        &[0x10],
        &[0x20, 0x21],
        &[0x30, 0x31],
        &[0x40, 0x41, 0x42, 0x43],
        &[0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
        &[
            0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d,
            0x6e, 0x6f,
        ],
    ];
    let hashes: Vec<Digest> = data.iter().map(|d| leaf_hash(d)).collect();
    let check = |n: usize, hex: &str| assert_eq!(root(&hashes[..n]).to_hex(), hex, "size {n}");
    check(0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    check(1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    check(2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
    check(3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77");
    check(8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
}

#[test]
fn inclusion_is_proved_for_each_leaf_and_for_no_other_place() {
    for size in 1..=17usize {
        let all = leaves(size);
        let tree = root(&all);
        for (index, leaf) in all.iter().enumerate() {
            let path = inclusion_proof(&all, index).unwrap();
            let holds = |i: u64, n: u64, path: &[Digest]| proves_inclusion(*leaf, i, n, path, tree);
            assert!(holds(index as u64, size as u64, &path), "{index} of {size}");
            for other in (0..size).filter(|o| *o != index) {
                assert!(!holds(other as u64, size as u64, &path), "{index} as {other} of {size}");
            }
            for broken in 0..path.len() {
                let mut wrong = path.clone();
                wrong[broken].0[0] ^= 1;
                assert!(!holds(index as u64, size as u64, &wrong));
            }
        }
        assert!(inclusion_proof(&all, size).is_none());
    }
}

#[test]
fn consistency_is_proved_for_each_prefix_and_for_no_other_tree() {
    for size in 1..=17usize {
        let all = leaves(size);
        for old in 1..=size {
            let proof = consistency_proof(&all, old).unwrap();
            let (before, now) = ((old as u64, root(&all[..old])), (size as u64, root(&all)));
            assert!(proves_consistency(before, now, &proof), "{old} of {size}");
            let mut forged = before;
            forged.1.0[0] ^= 1;
            assert!(!proves_consistency(forged, now, &proof), "{old} of {size}");
            let mut forged = now;
            forged.1.0[0] ^= 1;
            assert!(!proves_consistency(before, forged, &proof), "{old} of {size}");
        }
    }
    assert!(consistency_proof(&leaves(3), 0).is_none());
    assert!(consistency_proof(&leaves(3), 4).is_none());
}

#[test]
fn an_edge_is_refused_when_its_peaks_do_not_fit_its_size() {
    assert!(Frontier::new(3, leaves(2)).is_some());
    assert!(Frontier::new(3, leaves(3)).is_none());
    assert!(Frontier::new(4, Vec::new()).is_none());
}
