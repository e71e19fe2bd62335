//! `renkei partner`: the exchange of cards. Two people read the fingerprint aloud to one another;
//! nothing else makes a stranger a partner.

use std::collections::BTreeMap;
use std::path::PathBuf;

use renkei_model::id::Nation;

use super::{End, NodeDir, node_config};
use crate::config::BorderSettings;
use crate::keys::{self, PartnerCard};

/// Exchange of cards with partner headquarters.
#[derive(clap::Subcommand, Debug)]
pub(crate) enum Command {
    /// Print this node's card on stdout and its fingerprint on stderr
    Card(NodeDir),
    /// Take a partner's card, once its fingerprint was heard from the partner's own mouth
    Add(Add),
    /// List the partners: whose cards were taken, their fingerprints, and how each is met
    List(NodeDir),
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
        Command::List(node) => list(node),
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

/// One line a partner that a card or a border names: nation, way, name, fingerprint.
fn list(node: &NodeDir) -> Result<(), End> {
    let config = node_config(&node.dir)?;
    let way = |border: &BorderSettings| match (border.listen, border.dial) {
        (Some(address), _) => format!("listens on {address}"),
        (None, Some(address)) => format!("dials {address}"),
        (None, None) => String::new(),
    };
    let mut partners: BTreeMap<Nation, (String, Option<PartnerCard>)> =
        config.borders.iter().map(|b| (b.partner, (way(b), None))).collect();
    for card in keys::cards(&config.dir, &config.partition)? {
        let no_border = || ("no [[border]] in renkei.toml".into(), None);
        let nation = card.nation;
        partners.entry(nation).or_insert_with(no_border).1 = Some(card);
    }
    for (nation, (way, card)) in partners {
        match card {
            Some(card) => println!("{nation}  {way}  {}  {}", card.name, card.fingerprint()),
            None => println!(
                "{nation}  {way}  no card; take it with `renkei partner add {} CARD`",
                node.dir.display()
            ),
        }
    }
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
