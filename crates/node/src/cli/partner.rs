//! `renkei partner`: the exchange of cards. Two people read the fingerprint aloud to one another;
//! nothing else makes a stranger a partner.

use std::path::PathBuf;

use super::{End, NodeDir, node_config};
use crate::keys;

/// Exchange of cards with the partner headquarters.
#[derive(clap::Subcommand, Debug)]
pub(crate) enum Command {
    /// Print this node's card on stdout and its fingerprint on stderr
    Card(NodeDir),
    /// Take the partner's card, once its fingerprint was heard from the partner's own mouth
    Add(Add),
}

/// The partner's card and what was heard.
#[derive(clap::Args, Debug)]
pub(crate) struct Add {
    #[command(flatten)]
    node: NodeDir,
    /// The partner's card file
    card: PathBuf,
    /// The fingerprint as the partner's officer read it aloud, blanks do not matter
    #[arg(long)]
    heard: Option<String>,
}

/// Runs `renkei partner`.
///
/// # Errors
/// [`End::Wrong`] for a bad card, [`End::No`] when the fingerprint does not match.
pub(crate) fn run(command: &Command) -> Result<(), End> {
    match command {
        Command::Card(node) => card(node),
        Command::Add(arguments) => add(arguments),
    }
}

fn card(node: &NodeDir) -> Result<(), End> {
    let config = node_config(&node.dir)?;
    let keys = keys::load(&config.dir, &config.partition)?;
    let card = keys::card(&keys, config.nation, &config.name, &config.partition);
    print!("{}", toml::to_string(&card)?);
    eprintln!("fingerprint of this card, to be read aloud: {}", card.fingerprint());
    Ok(())
}

fn add(arguments: &Add) -> Result<(), End> {
    let config = node_config(&arguments.node.dir)?;
    let card = keys::load_card(&arguments.card)?;
    if card.nation == config.nation {
        return Err(End::Wrong(format!(
            "take `{}`: it is a card of {}, this node's own nation; take the partner's",
            arguments.card.display(),
            card.nation
        )));
    }
    if card.partition != config.partition {
        return Err(End::Wrong(format!(
            "take `{}`: it is for partition {}, this node lives in {}; ask for the right card",
            arguments.card.display(),
            card.partition,
            config.partition
        )));
    }
    let want = card.fingerprint();
    let Some(heard) = &arguments.heard else {
        eprintln!("the card of {} ({}) has the fingerprint", card.nation, card.name);
        eprintln!("    {want}");
        return Err(End::Wrong(
            "call the partner's officer, hear the fingerprint, and repeat with --heard \"…\""
                .into(),
        ));
    };
    let bare = |text: &str| text.replace([' ', '-'], "").to_lowercase();
    if bare(heard) != bare(&want) {
        eprintln!("renkei: the fingerprint that was heard is not this card's: do not use the card");
        return Err(End::No);
    }
    let path = keys::card_path(&config.dir, &config.partition, card.nation);
    keys::write_private(&path, &toml::to_string(&card)?)?;
    eprintln!("took the card of {} ({})", card.nation, card.name);
    Ok(())
}
