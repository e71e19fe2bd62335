//! Data that an older build wrote stays readable for ever: `testdata/v1` and `testdata/v2` were
//! written by the first builds that had formats 1 and 2 and are never written again.

use std::fs;
use std::path::Path;

use renkei_model::id::Nation;
use renkei_store::StoreDir;
use renkei_store::history::History;
use renkei_store::ledger::{Cursor, Cursors, Ledger, verify_with};

use crate::world::{NOON, entry, history_row, owner, scratch, sign};

fn v1() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/v1")
}

#[test]
fn a_ledger_of_format_1_verifies_and_says_what_it_said() {
    let mut bodies = Vec::new();
    let report = verify_with(&v1(), |entry| {
        if entry.kind >= 16 {
            bodies.push((entry.kind, entry.time, entry.body().unwrap().to_vec()));
        }
    })
    .unwrap();
    assert!(report.is_whole(), "{report:?}");
    let expected = (0..21).map(|n| {
        let entry = entry(n);
        (entry.kind, entry.time, entry.body)
    });
    assert_eq!(bodies, expected.collect::<Vec<_>>());
    let checkpoint = report.last_checkpoint.unwrap();
    assert_eq!((report.next_seq, checkpoint.size, report.checkpoints), (26, 25, 2));
    assert_eq!(
        checkpoint.root.to_hex(),
        "36383e55ee470750460cd2ff6acbcd07e367c408a6c70ef81a8f3ab744400e37"
    );
}

#[test]
fn a_data_directory_of_format_1_is_gone_on_with() {
    let dir = scratch();
    for folder in ["", "ledger", "history"] {
        fs::create_dir_all(dir.path().join(folder)).unwrap();
        for file in fs::read_dir(v1().join(folder)).unwrap().map(|f| f.unwrap().path()) {
            if file.is_file() {
                fs::copy(&file, dir.path().join(folder).join(file.file_name().unwrap())).unwrap();
            }
        }
    }
    let store = StoreDir::open(dir.path()).unwrap();
    let (ledger, recovery) = Ledger::open(&store, &owner(), NOON, &sign).unwrap();
    assert_eq!((ledger.len(), recovery), (26, Default::default()));
    assert_eq!(ledger.notice().epoch, 2);
    let cursors = Cursors::from([((Nation::USA, 1), Cursor { epoch: 1, seq: 41 })]);
    assert_eq!(ledger.cursors(), &cursors);
    let (mut history, damages) = History::open(&store).unwrap();
    assert_eq!(damages, []);
    for track in 1..=3 {
        let expected: Vec<_> = (0..50).map(|n| history_row(track, n)).collect();
        assert_eq!(history.query(track, NOON, NOON.plus_ms(1 << 40)), (expected, vec![]));
    }
}

#[test]
fn a_ledger_of_format_2_verifies_and_says_what_it_said() {
    let v2 = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/v2");
    let mut bodies = Vec::new();
    let report = verify_with(&v2, |found| {
        if found.kind >= 16 {
            bodies.push((found.seq, found.retention, found.body().map(<[u8]>::to_vec)));
        }
    })
    .unwrap();
    assert!(report.is_whole(), "{report:?}");
    let expected: Vec<_> = (0..21).map(|n| (Some(entry(n).retention), entry(n).body)).collect();
    assert_eq!(bodies.len(), expected.len());
    for ((seq, retention, body), (term, expected)) in bodies.into_iter().zip(expected) {
        let expected = Some(expected).filter(|_| seq != 6);
        assert_eq!((retention, body), (term, expected), "record {seq}");
    }
    assert_eq!((report.bodies_destroyed, report.keys.len(), report.checkpoints), (1, 2, 3));
}
