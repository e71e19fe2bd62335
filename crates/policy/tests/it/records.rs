//! Which signed statements cross, by the shipped policies.

use std::collections::BTreeSet;

use renkei_model::cbor::Digest;
use renkei_model::id::{Nation, ObjectId, Partition};
use renkei_model::label::{Classification, Label};
use renkei_model::observation::Domain;
use renkei_model::seat::{Authority, Role, SeatId, SeatNotice};
use renkei_model::statement::{
    Affiliation, Answer, Bilingual, Ground, Handling, Holding, IdentityStatement, Incident,
    IncidentState, KeyChain, Language, Notarial, Occurrence, OptionVersion, Recall, RecallReceipt,
    Recalled, Receipt, Record, Signatory, Statement, Subject, TaskStatus, Translation, Verdict,
    Wording, Zone,
};
use renkei_policy::explain::StatementKind;

use crate::support::{NOW, civil, listed, partition, policy, record, signed};

fn id(counter: u64) -> ObjectId {
    ObjectId { node: Nation::JPN, partition: partition(), epoch: 1, counter }
}

fn words(en: &str, ja: &str) -> Bilingual {
    Bilingual { en: en.into(), ja: ja.into() }
}

fn watch_officer() -> Signatory {
    let (nation, seat) = (Nation::JPN, SeatId("watch".into()));
    Signatory { nation, seat, person: "SATO".into(), passkey: None }
}

fn offer() -> OptionVersion {
    OptionVersion {
        domain: OptionVersion::DOMAIN.into(),
        partition: partition(),
        option: id(3),
        number: 1,
        parent: None,
        incident: id(2),
        template: None,
        text: words("Watch it.", "監視する。"),
        actions: Vec::new(),
        language: Language::Ja,
        translation: Translation::Phrases,
        deadlines: Vec::new(),
        author: watch_officer(),
        made_at: NOW,
    }
}

fn seat() -> SeatNotice {
    SeatNotice {
        nation: Nation::JPN,
        seat: SeatId("watch".into()),
        title: words("Senior watch officer", "先任当直幕僚"),
        role: Role::WatchOfficer,
        holder: Some("SATO".into()),
        since: NOW,
        authority: vec![Authority::Offer],
        counterpart: None,
        deputy: None,
    }
}

/// One statement of each kind. A national task is not among them: [`Statement`] has none, so this
/// list stops compiling (in `words.rs`) before one could be released.
fn one_of_each() -> Vec<Statement> {
    let (option, version) = (id(3), offer().digest());
    let subject = Subject { alias: None, identity: None, name: None, domain: Domain::Surface };
    vec![
        Statement::Seat(seat()),
        Statement::Identity(IdentityStatement {
            subject: subject.clone(),
            affiliation: Affiliation::Neutral,
            reason: words("a trader", "商船"),
            expires: NOW,
            wording: Some(Wording::Agreed("as-ordinary".into())),
        }),
        Statement::Zone(Zone {
            name: words("Miyako", "宮古"),
            ring: Vec::new(),
            domains: Vec::new(),
            neutral_too: false,
            holes: Vec::new(),
        }),
        Statement::Incident(Incident {
            incident: id(2),
            revision: 0,
            occurrence: Occurrence::DuplicateIdentity,
            subject,
            position: None,
            sensed_at: NOW,
            ingested_at: NOW,
            state: IncidentState::Reported,
            pair: None,
        }),
        Statement::Offer(offer()),
        Statement::Receipt(Receipt { option: option.clone(), version }),
        Statement::Answer(Answer {
            domain: Answer::DOMAIN.into(),
            partition: partition(),
            option: option.clone(),
            version,
            verdict: Verdict::Agree,
            by: watch_officer(),
            at: NOW,
        }),
        Statement::Holding(Holding {
            option: option.clone(),
            version,
            partner_answer: Digest::of(b"answer"),
        }),
        Statement::Tasked(TaskStatus { option, version, tasked_at: NOW }),
        Statement::Notarial(Notarial::Sealed(version)),
        Statement::Keys(KeyChain { notices: Vec::new() }),
        Statement::Recall(Recall {
            what: Recalled::Object(id(2)),
            handling: Handling::Withdraw,
            ground: Ground::Mistake,
            by: watch_officer(),
            at: NOW,
        }),
        Statement::RecallReceipt(RecallReceipt {
            recall: id(8),
            digest: Digest::of(b"recall"),
            held: true,
            at: NOW,
        }),
    ]
}

/// The permit that lets a record go, or the prohibition (`-` = no agreement) that keeps it.
fn check(label: Label, statement: Statement) -> Result<String, String> {
    let (signed, record) = record(label, statement);
    policy(Nation::JPN)
        .release_record(signed, &record, Nation::USA, NOW)
        .map(|released| released.policy().to_owned())
        .map_err(|withheld| withheld.policy.unwrap_or_else(|| "-".into()))
}

#[test]
fn every_kind_crosses_when_its_label_lists_the_partner() {
    let permits: Vec<String> = one_of_each()
        .into_iter()
        .map(|statement| {
            let kind = StatementKind::of(&statement).code();
            let label = listed(Classification::Restricted);
            format!("{kind}: {}", check(label, statement).expect("crosses"))
        })
        .collect();
    expect_test::expect![[r#"
        seat: who-is-on-watch
        identity: own-assessment
        zone: own-assessment
        incident: incident-shared
        offer: bilateral-decision
        receipt: bilateral-decision
        answer: bilateral-decision
        holding: bilateral-decision
        task_status: tasked-own-side
        notarial: notary
        keys: notary
        recall: recall-at-once
        recall_receipt: recall-at-once"#]]
    .assert_eq(&permits.join("\n"));
    assert_eq!(permits.len(), StatementKind::ALL.len());
}

#[test]
fn no_kind_crosses_when_its_label_does_not_list_the_partner() {
    for statement in one_of_each() {
        assert_eq!(check(civil(), statement), Err("-".into()));
    }
}

#[test]
fn a_prohibition_wins_over_the_list() {
    for (restriction, policy) in [
        ("NOFORN", "noforn-never"),
        ("HOLD", "hold-stated"),
        ("ORCON", "originator-consent-stated"),
        ("SENSITIVE_SOURCE", "sensitive-source-statement"),
        ("EYES_ONLY", "always-unknown-restriction"),
    ] {
        let restrictive = BTreeSet::from([restriction.to_owned()]);
        let label = Label { restrictive, ..listed(Classification::Unclassified) };
        assert_eq!(check(label, Statement::Seat(seat())), Err(policy.into()));
    }
}

#[test]
fn what_goes_is_what_was_signed() {
    let (signed, record) = record(listed(Classification::Restricted), Statement::Seat(seat()));
    let released = policy(Nation::JPN)
        .release_record(signed.clone(), &record, Nation::USA, NOW)
        .expect("crosses");
    assert_eq!((released.to(), released.into_item()), (Nation::USA, signed));
}

#[test]
fn a_record_cannot_pass_under_the_label_of_another() {
    let (harmless, record_shown) =
        record(listed(Classification::Restricted), Statement::Seat(seat()));
    let (secret, _) = record(listed(Classification::TopSecret), Statement::Offer(offer()));
    assert_ne!(harmless, secret);
    let withheld = policy(Nation::JPN)
        .release_record(secret, &record_shown, Nation::USA, NOW)
        .expect_err("stays");
    assert_eq!(withheld.reason.en, "the record is not the one that was signed");
}

#[test]
fn a_record_of_another_partition_stays() {
    let (_, mut moved) = record(listed(Classification::Restricted), Statement::Seat(seat()));
    moved.id.partition = Partition::Real;
    let withheld = policy(Nation::JPN)
        .release_record(signed(&moved), &moved, Nation::USA, NOW)
        .expect_err("stays");
    assert_eq!(withheld.policy.as_deref(), Some("always-same-partition"));
}

#[test]
fn a_partners_record_is_never_passed_on() {
    let (_, mut theirs) = record(listed(Classification::Restricted), Statement::Seat(seat()));
    theirs.id.node = Nation::USA;
    theirs.label.originator = Nation::USA;
    let australia: Nation = "AUS".parse().expect("a nation");
    theirs.label.releasable_to.insert(australia);
    for to in [australia, Nation::USA] {
        let withheld = policy(Nation::JPN)
            .release_record(signed(&theirs), &theirs, to, NOW)
            .expect_err("stays");
        assert_eq!(withheld.policy.as_deref(), Some("always-own-data-only"));
    }
}

#[test]
fn a_record_past_its_review_date_stays() {
    let label = Label { review: Some(NOW), ..listed(Classification::Restricted) };
    assert_eq!(check(label, Statement::Seat(seat())), Err("always-review-overdue".into()));
}

/// A label that rests on two is listed only for those that both list.
#[test]
fn a_statement_on_a_withheld_input_stays() {
    let secret = Label { classification: Classification::Secret, ..civil() };
    let label = listed(Classification::Unclassified).meet(&secret);
    let record: Result<String, String> = check(label, Statement::Seat(seat()));
    assert_eq!(record, Err("unlisted-classified".into()));
}

#[test]
fn a_record_that_was_not_made_by_this_code_is_compared_byte_for_byte() {
    let (mut signed, record): (_, Record) =
        record(listed(Classification::Restricted), Statement::Seat(seat()));
    signed.bytes.push(0);
    let withheld =
        policy(Nation::JPN).release_record(signed, &record, Nation::USA, NOW).expect_err("stays");
    assert_eq!(withheld.reason.ja, "署名された記録と内容が一致しない");
}
