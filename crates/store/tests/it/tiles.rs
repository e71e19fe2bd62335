//! Tiles are read by a client that knows nothing of our files: RFC 6962 and the layout alone.

use std::fs;
use std::path::Path;

use renkei_store::ledger::{tiles, verify};
use sha2::{Digest as _, Sha256};

use crate::world::{batch, open_with, scratch, sign};

fn hash(parts: &[&[u8]]) -> Vec<u8> {
    let mut hasher = Sha256::new();
    parts.iter().for_each(|part| hasher.update(part));
    hasher.finalize().to_vec()
}

/// RFC 6962 section 2.1, as it is written there.
fn mth(leaves: &[Vec<u8>]) -> Vec<u8> {
    match leaves {
        [] => hash(&[]),
        [leaf] => leaf.clone(),
        _ => {
            let k = leaves.len().next_power_of_two() / 2;
            hash(&[&[1], &mth(&leaves[..k]), &mth(&leaves[k..])])
        }
    }
}

/// The tile `number` of a level, full or as wide as the tree has it.
fn tile(root: &Path, level: &str, number: u64, of: u64) -> Vec<u8> {
    let whole = of / 256;
    let name = format!("tile/{level}/{number:03}");
    let path = if number < whole { name } else { format!("{name}.p/{}", of % 256) };
    fs::read(root.join(path)).unwrap()
}

/// Checks tiles as a client would; the root that the checkpoint names.
fn client(root: &Path) -> Result<Vec<u8>, String> {
    let note = fs::read_to_string(root.join("checkpoint")).unwrap();
    let size: u64 = note.lines().nth(1).unwrap().parse().unwrap();
    let (mut leaves, mut entries) = (Vec::new(), Vec::new());
    for number in 0..size.div_ceil(256) {
        let hashes = tile(root, "0", number, size);
        leaves.extend(hashes.chunks(32).map(<[u8]>::to_vec));
        let bundle = tile(root, "entries", number, size);
        let mut rest = bundle.as_slice();
        while let [high, low, after @ ..] = rest {
            let (entry, next) = after.split_at(usize::from(u16::from_be_bytes([*high, *low])));
            entries.push(hash(&[&[0], entry]));
            rest = next;
        }
    }
    if entries != leaves || leaves.len() as u64 != size {
        return Err("entries and hashes differ".into());
    }
    let full = size / 256;
    for number in 0..full {
        let above = tile(root, "1", 0, full);
        let part = &leaves[number as usize * 256..][..256];
        if above[number as usize * 32..][..32] != mth(part)[..] {
            return Err("a level does not hash the one below".into());
        }
    }
    let named = renkei_model::note::unbase64(note.lines().nth(2).unwrap()).unwrap();
    if mth(&leaves) == named { Ok(named) } else { Err("another root".into()) }
}

#[test]
fn a_client_of_tiles_finds_the_root_that_the_checkpoint_names() {
    let dir = scratch();
    let (mut ledger, _) = open_with(dir.path(), 1 << 20);
    for n in 0..10 {
        ledger.append(&batch(n * 70, 70)).unwrap();
    }
    ledger.checkpoint(crate::world::NOON, &sign).unwrap();
    ledger.append(&batch(800, 5)).unwrap();
    drop(ledger);
    let out = scratch();
    let tiled = tiles(dir.path(), out.path()).unwrap();
    assert_eq!(tiled.records, 701);
    let last = verify(dir.path()).unwrap().last_checkpoint.unwrap();
    assert_eq!(client(out.path()).unwrap(), last.root.0);
    assert!(tiles(dir.path(), out.path()).is_err(), "the folder is not empty");
    // The planted fault: one changed byte in any tile is told.
    for path in ["tile/0/001", "tile/entries/000", "tile/1/000.p/2", "tile/0/002.p/189"] {
        let file = out.path().join(path);
        let whole = fs::read(&file).unwrap();
        let mut changed = whole.clone();
        changed[40] ^= 1;
        fs::write(&file, changed).unwrap();
        assert!(client(out.path()).is_err(), "{path}");
        fs::write(&file, whole).unwrap();
    }
}
