//! `renkei ledger`: verify the record and what both sides decided from files alone, and copy it for
//! another person to verify.
//!
//! It never writes into what it verifies and needs no running node.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use renkei_core::affairs::account::{self, Told};
use renkei_core::affairs::decision::{self, DecisionReport, Finding, Half};
use renkei_core::affairs::entry::Entry;
use renkei_core::affairs::witness::{self, Against};
use renkei_core::affairs::{Keyring, learn_keys};
use renkei_model::cbor::Digest;
use renkei_model::id::{Nation, Partition};
use renkei_model::statement::{Bilingual, KeyId, Language};
use renkei_store::ledger::{KIND_CHECKPOINT, Selection, export, tiles, verify_with};

use super::End;
use crate::engine::kinds::RELEASES;
use crate::keys;

/// The ledger kinds that tell of decisions (`renkei_core::affairs::entry`).
const AFFAIRS: std::ops::RangeInclusive<u16> = 0x0100..=0x01ff;

/// Verify and export the record.
#[derive(clap::Subcommand, Debug)]
pub(crate) enum Command {
    /// Check every byte of a ledger or an export, its signatures, and what was decided in it
    ///
    /// Exit 0: whole. 1: not whole, each finding is named by file, offset and record. 2: there is
    /// no ledger at that place.
    Verify(Verify),
    /// Copy a ledger, or a part of it, into a folder that anybody can verify
    Export(Export),
}

/// What to verify.
#[derive(clap::Args, Debug)]
pub(crate) struct Verify {
    /// A node's directory, one of its stores, or an export
    path: PathBuf,
    /// The partner's: both halves of each decision are then held against each other
    partner: Option<PathBuf>,
    /// The card of a headquarters whose ledger is not given, to check its signatures (a node's own
    /// directory has its partner's)
    #[arg(long)]
    card: Vec<PathBuf>,
    /// Say what each side knew when, from which release, and what was offered, answered, withheld and
    /// tasked, record by record
    #[arg(long)]
    account: bool,
    /// Language of the report: en or ja
    #[arg(long, default_value = "en", value_parser = super::user::language)]
    lang: Language,
}

/// What to export.
#[derive(clap::Args, Debug)]
pub(crate) struct Export {
    /// A node's directory or one of its stores; the node may be running
    dir: PathBuf,
    /// New folder to write to
    #[arg(long)]
    out: PathBuf,
    /// First record wanted
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// Record to end before; the export goes on to the checkpoint that covers it
    #[arg(long)]
    until: Option<u64>,
    /// Write the whole ledger as C2SP tlog-tiles instead, up to its last checkpoint: headers only, no
    /// body, for any client of transparency logs
    #[arg(long, conflicts_with_all = ["from", "until", "kinds", "cose"])]
    tiles: bool,
    /// Write this side's signed records as COSE_Sign1 objects instead, one a file, for any COSE library
    #[arg(long, conflicts_with_all = ["from", "until", "kinds"])]
    cose: bool,
    /// Only bodies of these kinds, for example 257,258; the headers of all records are copied
    #[arg(long, value_delimiter = ',')]
    kinds: Option<Vec<u16>>,
    /// Language of the report: en or ja
    #[arg(long, default_value = "en", value_parser = super::user::language)]
    lang: Language,
}

/// Runs `renkei ledger`.
///
/// # Errors
/// [`End::No`] when something is not whole or contradicts, [`End::Wrong`] when there is nothing to
/// verify or the export cannot be written.
pub(crate) fn run(command: &Command) -> Result<(), End> {
    let answer = match command {
        Command::Verify(arguments) => verify(arguments)?,
        Command::Export(arguments) => export_to(arguments)?,
    };
    print!("{}", answer.text);
    if answer.yes { Ok(()) } else { Err(End::No) }
}

/// What is printed, and whether the answer is yes.
#[derive(Debug)]
struct Answer {
    text: String,
    yes: bool,
}

impl Answer {
    fn say(&mut self, line: &str) {
        // Writing to a string cannot fail.
        writeln!(self.text, "{line}").ok();
    }
}

/// What one partition's ledgers gave for judging decisions.
#[derive(Default)]
struct Given {
    halves: Vec<Half>,
    keys: Keyring,
    /// What each half's ledger gave beside its entries.
    ledgers: Vec<Ledger>,
}

/// A ledger that was verified.
struct Ledger {
    told: Vec<Told>,
    /// How many records each checkpoint note covers.
    checkpoints: BTreeMap<String, u64>,
    records: u64,
    complete: bool,
}

fn verify(arguments: &Verify) -> Result<Answer, End> {
    let lang = arguments.lang;
    let mut answer = Answer { text: String::new(), yes: true };
    let mut given: BTreeMap<Partition, Given> = BTreeMap::new();
    for path in [Some(&arguments.path), arguments.partner.as_ref()].into_iter().flatten() {
        for ledger in ledgers(path)? {
            one(&ledger, lang, &mut answer, &mut given)?;
        }
    }
    let mut cards = arguments.card.clone();
    cards.extend(node_cards(&arguments.path));
    for path in cards {
        let card = keys::load_card(&path)?;
        let Some(given) = given.get_mut(&card.partition) else { continue };
        let key = card.public_key().map_err(End::Wrong)?;
        if !given.keys.entry(card.nation).or_insert_with(|| vec![key]).contains(&key) {
            answer.yes = false;
            answer.say(pick(&other_key(&path, card.nation), lang));
        }
    }
    for (partition, mut given) in given {
        for half in &given.halves {
            learn_keys(&mut given.keys, half);
        }
        if arguments.account {
            accounts(&partition, &given, lang, &mut answer);
        }
        witnesses(&partition, &given, lang, &mut answer);
        decisions(&partition, &given, lang, &mut answer);
    }
    Ok(answer)
}

/// Verifies one ledger and takes what it says of decisions when it is whole.
fn one(
    ledger: &Path,
    lang: Language,
    answer: &mut Answer,
    given: &mut BTreeMap<Partition, Given>,
) -> Result<(), End> {
    let mut entries = Vec::new();
    let mut told = Vec::new();
    let mut checkpoints = BTreeMap::new();
    let report = verify_with(ledger, |entry| {
        let (seq, time, kind) = (entry.seq, entry.time, entry.kind);
        let Some(content) = entry.content else { return };
        match kind {
            KIND_CHECKPOINT => {
                checkpoints.insert(String::from_utf8_lossy(&content.body).into_owned(), seq);
            }
            RELEASES => told.push(Told { seq, time, kind, body: content.body }),
            _ if AFFAIRS.contains(&kind) => {
                told.push(Told { seq, time, kind, body: content.body.clone() });
                entries.push((kind, content.body));
            }
            _ => {}
        }
    })?;
    answer.say(&report.text(lang));
    answer.yes &= report.is_whole();
    let Some(notice) = report.notice.as_ref().filter(|_| report.is_whole()) else { return Ok(()) };
    let given = given.entry(notice.partition.clone()).or_default();
    if given.halves.iter().any(|half| half.nation == notice.nation) {
        return Err(End::Wrong(format!(
            "verify `{}`: a ledger of {} {} was given before; give the partner's",
            ledger.display(),
            notice.nation,
            notice.partition
        )));
    }
    given.keys.insert(notice.nation, report.keys.clone());
    given.halves.push(Half { nation: notice.nation, entries });
    given.ledgers.push(Ledger {
        told,
        checkpoints,
        records: report.next_seq,
        complete: report.bodies_left_out == 0 && report.first_seq == 0,
    });
    Ok(())
}

/// Says what each half knew and did, record by record.
fn accounts(partition: &Partition, given: &Given, lang: Language, answer: &mut Answer) {
    for (half, ledger) in given.halves.iter().zip(&given.ledgers) {
        answer.say(&format!("{} {partition}", half.nation));
        for line in account::tell(half.nation, partition, &ledger.told, RELEASES) {
            answer.say(&format!("  {}", pick(&line, lang)));
        }
    }
}

/// Judges what the partner witnessed of each half.
fn witnesses(partition: &Partition, given: &Given, lang: Language, answer: &mut Answer) {
    for (half, ledger) in given.halves.iter().zip(&given.ledgers) {
        for &partner in given.keys.keys().filter(|nation| **nation != half.nation) {
            let against = Against {
                partner,
                partition,
                keys: &given.keys,
                checkpoints: &ledger.checkpoints,
                records: ledger.records,
                complete: ledger.complete,
            };
            for line in witness::verify(half, &against) {
                answer.yes &= line.sound;
                let sign = if line.sound { '-' } else { '!' };
                answer.say(&format!("{sign} {}: {}", half.nation, pick(&line.text, lang)));
            }
        }
    }
}

/// Judges what was decided in one partition.
fn decisions(partition: &Partition, given: &Given, lang: Language, answer: &mut Answer) {
    if given.halves.iter().all(|half| half.entries.is_empty()) {
        return;
    }
    if given.keys.len() < 2 {
        answer.say(pick(&no_partner_key(partition), lang));
        return;
    }
    for report in decision::verify(&given.halves, &given.keys) {
        answer.yes &= report.finding != Finding::Broken;
        say_decision(&report, lang, answer);
    }
}

fn say_decision(report: &DecisionReport, lang: Language, answer: &mut Answer) {
    let hash = report.hash.get(..12).unwrap_or_default();
    let (option, number) = (&report.option, report.number);
    let finding = finding(report.finding);
    answer.say(pick(
        &Bilingual {
            en: format!("option {option}, version {number} ({hash}): {}", finding.en),
            ja: format!("対応案 {option} 第{number}版（{hash}）：{}", finding.ja),
        },
        lang,
    ));
    answer.say(&format!("  「{}」", pick(&report.text, lang)));
    for line in &report.lines {
        let sign = if line.sound { '-' } else { '!' };
        answer.say(&format!("  {sign} {}", pick(&line.text, lang)));
    }
}

fn finding(finding: Finding) -> Bilingual {
    let (en, ja) = match finding {
        Finding::Holds => ("AGREED, both ledgers bear it out", "合意成立（双方の台帳で確認）"),
        Finding::HoldsHere => {
            ("AGREED, as far as this ledger reaches", "合意成立（提示された台帳の範囲で確認）")
        }
        Finding::NotAgreed => ("answered, not agreed", "回答あり、合意不成立"),
        Finding::Broken => ("CONTRADICTED, see the lines marked !", "矛盾あり（!の行を参照）"),
    };
    Bilingual { en: en.into(), ja: ja.into() }
}

fn no_partner_key(partition: &Partition) -> Bilingual {
    Bilingual {
        en: format!(
            "{partition}: what was decided was not judged, the partner's key is not known; give the partner's ledger, or its card with --card"
        ),
        ja: format!(
            "{partition}：他方の鍵が不明のため、合意内容は未検証。他方の台帳、又は --card で他方の鍵カードを指定すること"
        ),
    }
}

fn other_key(card: &Path, nation: Nation) -> Bilingual {
    let card = card.display();
    Bilingual {
        en: format!(
            "NO: the ledger of {nation} is under another key than the card `{card}`: one of the two is not genuine"
        ),
        ja: format!("否：{nation}の台帳の鍵が鍵カード「{card}」と不一致（いずれかが真正でない）"),
    }
}

fn pick(text: &Bilingual, lang: Language) -> &str {
    match lang {
        Language::En => &text.en,
        Language::Ja => &text.ja,
    }
}

/// The ledgers at `path`: itself, or each store of a node's directory.
fn ledgers(path: &Path) -> Result<Vec<PathBuf>, End> {
    if path.join("ledger").is_dir() || path.file_name().is_some_and(|name| name == "ledger") {
        return Ok(vec![path.to_owned()]);
    }
    let stores = fs::read_dir(path.join("store"));
    let mut found: Vec<PathBuf> = stores
        .into_iter()
        .flatten()
        .filter_map(|store| Some(store.ok()?.path()))
        .filter(|store| store.join("ledger").is_dir())
        .collect();
    found.sort();
    if found.is_empty() {
        return Err(End::Wrong(format!(
            "find a ledger in `{}`: there is none; give a node's directory, one of its stores or an export",
            path.display()
        )));
    }
    Ok(found)
}

/// The partners' cards in a node's directory.
fn node_cards(dir: &Path) -> Vec<PathBuf> {
    let folders = fs::read_dir(dir.join("partners")).into_iter().flatten().flatten();
    let files = folders.filter_map(|folder| fs::read_dir(folder.path()).ok()).flatten().flatten();
    let mut cards: Vec<PathBuf> = files.map(|file| file.path()).collect();
    cards.retain(|card| card.extension().is_some_and(|e| e == "toml"));
    cards.sort();
    cards
}

fn export_to(arguments: &Export) -> Result<Answer, End> {
    let found = ledgers(&arguments.dir)?;
    let [store] = found.as_slice() else {
        let names: Vec<String> = found.iter().map(|f| format!("`{}`", f.display())).collect();
        return Err(End::Wrong(format!(
            "export from `{}`: it has several stores; give one of {}",
            arguments.dir.display(),
            names.join(", ")
        )));
    };
    if arguments.tiles {
        return write_tiles(store, arguments);
    }
    if arguments.cose {
        return write_cose(store, arguments);
    }
    let kinds = arguments.kinds.as_ref().map(|k| k.iter().copied().collect::<BTreeSet<_>>());
    let selection = Selection { from: arguments.from, until: arguments.until, kinds };
    export(store, &selection, &arguments.out)?;
    let report = verify_with(&arguments.out, |_| {})?;
    Ok(Answer { text: report.text(arguments.lang), yes: report.is_whole() })
}

fn write_tiles(store: &Path, arguments: &Export) -> Result<Answer, End> {
    let tiled = tiles(store, &arguments.out)?;
    let (records, root, out) = (tiled.records, tiled.root.to_hex(), arguments.out.display());
    let text = Bilingual {
        en: format!("{records} records as tiles in `{out}`, root {root}\n"),
        ja: format!("記録{records}件を「{out}」にタイル形式で書き出した。ルート {root}\n"),
    };
    Ok(Answer { text: pick(&text, arguments.lang).to_owned(), yes: true })
}

/// Writes each own record as `NUMBER.cose`, and the public keys as `KEYID.key`, hexadecimal.
fn write_cose(store: &Path, arguments: &Export) -> Result<Answer, End> {
    let out = &arguments.out;
    fs::create_dir_all(out)?;
    if fs::read_dir(out)?.next().is_some() {
        let out = out.display();
        return Err(End::Wrong(format!("export to `{out}`: it is not empty; give a new folder")));
    }
    let (mut written, mut without, mut failed) = (0_u64, 0_u64, None);
    let report = verify_with(store, |entry| {
        let body = entry.body().unwrap_or_default();
        let Ok(Some(Entry::Own(signed))) = Entry::from_body(entry.kind, body) else { return };
        match signed.to_cose() {
            Some(object) if failed.is_none() => {
                failed = fs::write(out.join(format!("{:08}.cose", entry.seq)), object).err();
                written += 1;
            }
            Some(_) => {}
            None => without += 1,
        }
    })?;
    if let Some(error) = failed {
        return Err(error.into());
    }
    for key in &report.keys {
        let name = format!("{:016x}.key", KeyId::of(key).0);
        fs::write(out.join(name), format!("{}\n", Digest(*key).to_hex()))?;
    }
    let text = Bilingual {
        en: format!(
            "{written} records as COSE_Sign1 in `{}`; {without} were made before records had that signature\n",
            out.display()
        ),
        ja: format!(
            "記録{written}件を「{}」にCOSE_Sign1として書き出した。当該署名の導入前の記録{without}件は含まない\n",
            out.display()
        ),
    };
    Ok(Answer { text: pick(&text, arguments.lang).to_owned(), yes: report.is_whole() })
}

#[cfg(test)]
mod tests;
