//! `renkei key`: puts a new signing key in force, or revokes the one so far. Both are records of the
//! ledger: the old key endorses the new one, and the partner is told at the next start.

use std::path::Path;

use ed25519_dalek::{Signer as _, SigningKey};
use renkei_model::statement::{Bilingual, KeyId};
use renkei_model::time::Timestamp;
use renkei_store::StoreDir;
use renkei_store::ledger::{Ledger, OpenError, Owner, Revocation};

use super::{End, NodeDir, node_config};
use crate::config::Config;
use crate::{clock, keeper, keys};

/// Signing keys of a node that is not running.
#[derive(clap::Subcommand, Debug)]
pub(crate) enum Command {
    /// Put a new signing key in force, endorsed by the one so far
    Rotate(NodeDir),
    /// The same, and say from which record on the key so far is not to be trusted
    Revoke(Revoke),
}

/// What is not to be trusted, and why.
#[derive(clap::Args, Debug)]
pub(crate) struct Revoke {
    #[command(flatten)]
    node: NodeDir,
    /// The first record of the own ledger that is not to be trusted
    #[arg(long)]
    from_record: u64,
    /// Since when the key is not to be trusted, RFC 3339; this is what the partner is told
    #[arg(long)]
    since: String,
    /// Why, in English
    #[arg(long)]
    reason_en: String,
    /// Why, in Japanese
    #[arg(long)]
    reason_ja: String,
}

/// Runs `renkei key`.
///
/// # Errors
/// [`End::Wrong`] when the node is running or its files cannot be used.
pub(crate) fn run(command: &Command) -> Result<(), End> {
    match command {
        Command::Rotate(node) => rotate(&node.dir, None),
        Command::Revoke(arguments) => {
            let since = Timestamp::from_rfc3339(&arguments.since).ok_or_else(|| {
                let since = &arguments.since;
                End::Wrong(format!("read `--since {since}`: write it as 2026-11-22T06:28:00Z"))
            })?;
            let reason =
                Bilingual { en: arguments.reason_en.clone(), ja: arguments.reason_ja.clone() };
            let from_record = Some(arguments.from_record);
            rotate(&arguments.node.dir, Some(Revocation { from_record, since, reason }))
        }
    }
}

fn rotate(dir: &Path, revokes: Option<Revocation>) -> Result<(), End> {
    let config = node_config(dir)?;
    let store = StoreDir::open(keeper::store_dir(dir, &config.partition))?;
    // A new key of a rotation that was broken off: in force already, or of no use.
    if let Some(next) = keys::next_signing(dir, &config.partition)? {
        match open(&config, &store, &next) {
            Ok(_) => {
                keys::take_next_signing(dir, &config.partition)?;
                eprintln!("finished a change of keys that was broken off before");
            }
            Err(OpenError::Foreign { .. }) => keys::drop_next_signing(dir, &config.partition)?,
            Err(error) => return Err(error.into()),
        }
    }
    let old = keys::load(dir, &config.partition)?.signing;
    let mut ledger = open(&config, &store, &old)?;
    let new = keys::make_next_signing(dir, &config.partition)?;
    let public_key = new.verifying_key().to_bytes();
    let sign_old = |bytes: &[u8]| old.sign(bytes).to_bytes();
    let sign_new = |bytes: &[u8]| new.sign(bytes).to_bytes();
    ledger.rotate((public_key, &sign_new), revokes, clock::now(), &sign_old)?;
    ledger.checkpoint(clock::now(), &sign_new)?;
    keys::take_next_signing(dir, &config.partition)?;
    println!(
        "key in force: {:016x}, fingerprint {}",
        KeyId::of(&public_key).0,
        ledger.notice().fingerprint()
    );
    eprintln!("the partner takes it when both nodes are linked; new cards carry the new key");
    Ok(())
}

fn open(config: &Config, store: &StoreDir, key: &SigningKey) -> Result<Ledger, OpenError> {
    let owner = Owner {
        nation: config.nation,
        name: config.name.clone(),
        partition: config.partition.clone(),
        public_key: key.verifying_key().to_bytes(),
    };
    let sign = |bytes: &[u8]| key.sign(bytes).to_bytes();
    Ok(Ledger::open(store, &owner, clock::now(), &sign)?.0)
}
