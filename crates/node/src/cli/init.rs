//! `renkei init`: a new node's directory with fresh keys, an annotated configuration, the shipped
//! release policy, and a first administrator.

use std::path::{Path, PathBuf};

use renkei_model::id::{Nation, Partition};
use renkei_model::seat::{Role, SeatId};
use renkei_model::statement::Language;

use super::End;
use crate::access::{self, User};
use crate::{clock, dirty_words, keys, labels};

/// How long the first administrator's link is good.
const FIRST_LINK_MS: i64 = 24 * 3_600_000;

/// Make a new node's directory.
#[derive(clap::Args, Debug)]
pub(crate) struct Init {
    /// Directory to make; it must not exist or be empty
    dir: PathBuf,
    /// The nation's ISO 3166-1 alpha-3 code; JPN and USA come with a release policy, others write one
    #[arg(long)]
    nation: Nation,
    /// The headquarters' name as screens show it
    #[arg(long)]
    name: String,
    /// real, exercise:ID or simulation:ID
    #[arg(long, default_value = "real")]
    partition: Partition,
    /// Where the watch floor will be served
    #[arg(long, default_value = "127.0.0.1:8600")]
    http: std::net::SocketAddr,
    /// Name of the first administrator
    #[arg(long, default_value = "administrator")]
    administrator: String,
}

/// Runs `renkei init`.
///
/// # Errors
/// [`End::Wrong`] when the directory is in use or cannot be written.
pub(crate) fn run(arguments: &Init) -> Result<(), End> {
    let dir = &arguments.dir;
    let used = std::fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some());
    if used {
        return Err(End::Wrong(format!(
            "make a node in `{}`: the directory is not empty; choose another",
            dir.display()
        )));
    }
    create(dir, arguments.nation, &arguments.name, &arguments.partition, arguments.http)?;
    let now = clock::now();
    access::put(dir, administrator(arguments.nation, &arguments.administrator))?;
    let token = access::link(dir, &arguments.administrator, now, now.plus_ms(FIRST_LINK_MS))?;
    println!("made {} ({}, {})", dir.display(), arguments.nation, arguments.partition);
    println!("  keys, configuration, release policy and one administrator");
    if let Some(token) = token {
        println!("  first sign-in, once, within 24 hours after `renkei serve`:");
        println!("    http://{}/signin?token={token}", arguments.http);
    }
    println!("next: docs/operate.md, or");
    println!("    renkei user add {} --help", dir.display());
    println!("    renkei partner card {}", dir.display());
    println!("    renkei serve --config {}", dir.join("renkei.toml").display());
    Ok(())
}

fn administrator(nation: Nation, name: &str) -> User {
    let language = if nation == Nation::JPN { Language::Ja } else { Language::En };
    User {
        person: name.into(),
        nation,
        role: Role::Administrator,
        seat: None::<SeatId>,
        language,
        links: std::collections::BTreeMap::new(),
    }
}

/// Makes keys, configuration, policy and the words of labels under `dir`.
///
/// # Errors
/// [`End::Wrong`] when something cannot be written.
pub(crate) fn create(
    dir: &Path,
    nation: Nation,
    name: &str,
    partition: &Partition,
    http: std::net::SocketAddr,
) -> Result<(), End> {
    std::fs::create_dir_all(dir)
        .map_err(|e| End::Wrong(format!("make `{}`: {e}", dir.display())))?;
    keys::create(dir, nation, partition)?;
    let template = include_str!("renkei.toml.in");
    let text = template
        .replace("@NATION@", nation.code())
        .replace("@NAME@", &name.replace(['"', '\\'], "'"))
        .replace("@PARTITION@", &partition.to_string())
        .replace("@HTTP@", &http.to_string())
        + shipped_seats(nation);
    keys::write_private(&dir.join("renkei.toml"), &text)?;
    for (file, policy) in renkei_codec::label::shipped(labels::world(partition)) {
        keys::write_private(&labels::folder(dir).join(file), &policy)?;
    }
    keys::write_private(&dir.join(dirty_words::FILE), dirty_words::TEMPLATE)?;
    for (file, policy) in renkei_policy::shipped(nation) {
        keys::write_private(&dir.join("policy").join(file), policy)?;
    }
    for (file, never) in renkei_policy::shipped_never(nation) {
        keys::write_private(&dir.join("policy").join("never").join(file), never)?;
    }
    if let Some(proof) = renkei_policy::shipped_proof(nation) {
        keys::write_private(&dir.join("policy").join("proof.json"), proof)?;
    }
    Ok(())
}

/// The shipped seats of a nation's headquarters, as tables of `renkei.toml`.
pub(crate) fn shipped_seats(nation: Nation) -> &'static str {
    match nation {
        Nation::JPN => include_str!("seats-jpn.toml"),
        Nation::USA => include_str!("seats-usa.toml"),
        _ => include_str!("seats-other.toml"),
    }
}
