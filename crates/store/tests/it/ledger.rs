//! The ledger.

use renkei_model::statement::Language;
use renkei_store::ledger::{Selection, export, verify};

use crate::world::sample;

#[test]
fn smoke() {
    let dir = tempfile::tempdir().unwrap();
    sample(dir.path(), 23);
    let report = verify(dir.path()).unwrap();
    println!("{}", report.text(Language::En));
    println!("{}", report.text(Language::Ja));
    assert!(report.is_whole());
    let out = dir.path().join("out");
    export(dir.path(), &Selection { from: 20, until: Some(40), kinds: Some([16].into()) }, &out)
        .unwrap();
    let report = verify(&out).unwrap();
    println!("{}", report.text(Language::En));
    println!("{}", std::fs::read_to_string(out.join("EXPORT")).unwrap());
    assert!(report.is_whole());
}
