//! The answers of `renkei ledger`, and its wrong calls.

use ed25519_dalek::{Signer as _, SigningKey};
use renkei_model::time::Timestamp;
use renkei_store::StoreDir;
use renkei_store::ledger::{Batch, Entry, Ledger, Owner, Retention};

use super::*;

/// A node's directory with one store in it: ten entries of `kind` and a checkpoint.
fn node(root: &Path, nation: Nation, kind: u16) -> PathBuf {
    let key = SigningKey::from_bytes(&[nation.code().as_bytes()[0]; 32]);
    let sign = |bytes: &[u8]| key.sign(bytes).to_bytes();
    let owner = Owner {
        nation,
        name: "n".into(),
        partition: Partition::Exercise("demo".into()),
        public_key: key.verifying_key().to_bytes(),
    };
    let dir = root.join(nation.code());
    let store = StoreDir::open(dir.join("store/exercise-demo")).unwrap();
    let mut ledger = Ledger::open(&store, &owner, Timestamp(0), &sign).unwrap().0;
    let retention = Retention::TEN_YEARS;
    let entry =
        |n| Entry { kind, time: Timestamp(n), retention, salt: [n as u8; 32], body: vec![0x80] };
    ledger.append(&Batch { entries: (0..10).map(entry).collect(), cursors: None }).unwrap();
    ledger.checkpoint(Timestamp(99), &sign).unwrap();
    dir
}

fn call(path: &Path, partner: Option<&Path>, lang: Language) -> Result<Answer, End> {
    let (path, partner) = (path.to_owned(), partner.map(Path::to_owned));
    verify(&Verify { path, partner, card: Vec::new(), account: false, lang })
}

#[test]
fn a_node_directory_its_store_and_its_ledger_folder_are_all_found() {
    let root = tempfile::tempdir().unwrap();
    let dir = node(root.path(), Nation::JPN, 16);
    for part in ["", "store/exercise-demo", "store/exercise-demo/ledger"] {
        let answer = call(&dir.join(part), None, Language::En).unwrap();
        assert!(answer.yes, "{part}: {}", answer.text);
        assert!(answer.text.starts_with("YES: "), "{}", answer.text);
    }
    let answer = call(&dir, None, Language::Ja).unwrap();
    assert!(answer.text.starts_with("可："), "{}", answer.text);
}

#[test]
fn a_flipped_bit_is_a_no_and_an_empty_place_is_a_wrong_call() {
    let root = tempfile::tempdir().unwrap();
    let dir = node(root.path(), Nation::JPN, 16);
    let segment = dir.join("store/exercise-demo/ledger/00000000.seg");
    let mut bytes = fs::read(&segment).unwrap();
    bytes[600] ^= 1;
    fs::write(&segment, bytes).unwrap();
    let answer = call(&dir, None, Language::En).unwrap();
    assert!(!answer.yes);
    assert!(answer.text.contains("00000000.seg`, byte "), "{}", answer.text);
    assert!(matches!(call(root.path(), None, Language::En), Err(End::Wrong(_))));
    assert!(matches!(call(&root.path().join("nowhere"), None, Language::En), Err(End::Wrong(_))));
}

#[test]
fn decisions_are_judged_only_with_both_keys() {
    let root = tempfile::tempdir().unwrap();
    let (jpn, usa) =
        (node(root.path(), Nation::JPN, 0x0101), node(root.path(), Nation::USA, 0x0101));
    let alone = call(&jpn, None, Language::En).unwrap();
    assert!(alone.yes && alone.text.contains("give the partner's ledger"), "{}", alone.text);
    let both = call(&jpn, Some(&usa), Language::En).unwrap();
    assert!(both.yes && !both.text.contains("give the partner's ledger"), "{}", both.text);
    assert!(matches!(call(&jpn, Some(&jpn), Language::En), Err(End::Wrong(_))));
}

#[test]
fn an_export_is_verified_as_it_is_made() {
    let root = tempfile::tempdir().unwrap();
    let dir = node(root.path(), Nation::JPN, 16);
    let to = |out: &str, from| Export {
        dir: dir.clone(),
        out: root.path().join(out),
        from,
        until: None,
        tiles: false,
        cose: false,
        kinds: Some(vec![17]),
        lang: Language::En,
    };
    let answer = export_to(&to("out", 0)).unwrap();
    assert!(answer.yes && answer.text.contains("10 bodies were left out"), "{}", answer.text);
    assert!(call(&root.path().join("out"), None, Language::En).unwrap().yes);
    assert!(matches!(export_to(&to("out", 0)), Err(End::Wrong(_))), "the folder is not empty");
    assert!(matches!(export_to(&to("other", 900)), Err(End::Wrong(_))));
}
