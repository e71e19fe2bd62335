//! `renkei user`: people, roles, seats, one-time sign-in links.

use renkei_model::id::Nation;
use renkei_model::seat::{Role, SeatId};
use renkei_model::statement::Language;

use super::{End, NodeDir, node_config};
use crate::access::{self, User};
use crate::clock;

/// People: who may sign in, in which role and seat.
#[derive(clap::Subcommand, Debug)]
pub(crate) enum Command {
    /// Add a person, or change one of the same name, and print a sign-in link
    Add(Add),
    /// List people
    List(NodeDir),
    /// Print a new one-time sign-in link
    Link(Of),
    /// Remove a person; their sessions end at once
    Revoke(Of),
}

/// A person to add.
#[derive(clap::Args, Debug)]
pub(crate) struct Add {
    #[command(flatten)]
    node: NodeDir,
    /// The name to be spoken on the floor
    #[arg(long)]
    person: String,
    /// commander, watch_officer, j2, j3, j4, j5, release_officer, liaison, auditor, administrator, observer
    #[arg(long, value_parser = role)]
    role: Role,
    /// The seat they act from, as named in renkei.toml
    #[arg(long)]
    seat: Option<String>,
    /// Their nation; a liaison of the partner has the partner's
    #[arg(long)]
    nation: Option<Nation>,
    /// Language of their screen: en or ja
    #[arg(long, value_parser = language)]
    language: Option<Language>,
    /// Minutes for which the link is good
    #[arg(long, default_value_t = 60)]
    minutes: u32,
}

/// One person of a node.
#[derive(clap::Args, Debug)]
pub(crate) struct Of {
    #[command(flatten)]
    node: NodeDir,
    /// Their name
    #[arg(long)]
    person: String,
    /// Minutes for which a link is good
    #[arg(long, default_value_t = 60)]
    minutes: u32,
}

fn word<T: for<'d> serde::Deserialize<'d>>(text: &str, kinds: &str) -> Result<T, String> {
    serde_json::from_value(text.into()).map_err(|_| format!("write one of: {kinds}"))
}

fn role(text: &str) -> Result<Role, String> {
    word(
        text,
        "commander watch_officer j2 j3 j4 j5 release_officer liaison auditor administrator observer",
    )
}

/// `en` or `ja`.
///
/// # Errors
/// The words to choose from.
pub(crate) fn language(text: &str) -> Result<Language, String> {
    word(text, "en ja")
}

/// Runs `renkei user`.
///
/// # Errors
/// [`End::Wrong`] when the person, seat or directory does not exist.
pub(crate) fn run(command: &Command) -> Result<(), End> {
    match command {
        Command::Add(arguments) => add(arguments),
        Command::List(node) => list(node),
        Command::Link(of) => link(of),
        Command::Revoke(of) => revoke(of),
    }
}

fn add(arguments: &Add) -> Result<(), End> {
    let config = node_config(&arguments.node.dir)?;
    let nation = arguments.nation.unwrap_or(config.nation);
    if nation != config.nation && arguments.role != Role::Liaison {
        return Err(End::Wrong(format!(
            "add `{}`: a person of {nation} on the floor of {} can only be a liaison; use --role liaison",
            arguments.person, config.nation
        )));
    }
    let seat = arguments.seat.clone().map(SeatId);
    if let Some(seat) = &seat {
        let known = config.seats.iter().find(|s| s.seat == *seat);
        if known.is_none_or(|s| s.role != arguments.role) {
            let seats: Vec<_> = config.seats.iter().map(|s| s.seat.0.as_str()).collect();
            return Err(End::Wrong(format!(
                "add `{}`: no seat `{}` for that role in renkei.toml; seats: {}",
                arguments.person,
                seat.0,
                seats.join(" ")
            )));
        }
    }
    let default = if nation == Nation::JPN { Language::Ja } else { Language::En };
    access::put(
        &arguments.node.dir,
        User {
            person: arguments.person.clone(),
            nation,
            role: arguments.role,
            seat,
            language: arguments.language.unwrap_or(default),
            links: std::collections::BTreeMap::new(),
        },
    )?;
    print_link(&arguments.node, &arguments.person, arguments.minutes)
}

fn print_link(node: &NodeDir, person: &str, minutes: u32) -> Result<(), End> {
    let config = node_config(&node.dir)?;
    let now = clock::now();
    let until = now.plus_ms(i64::from(minutes) * 60_000);
    let Some(token) = access::link(&node.dir, person, now, until)? else {
        return Err(End::Wrong(format!(
            "make a link for `{person}`: nobody of that name; `renkei user list` shows them"
        )));
    };
    let scheme = if config.http_tls.is_some() { "https" } else { "http" };
    println!("{scheme}://{}/signin?token={token}", config.http);
    eprintln!("good once, for {minutes} minutes, for {person}");
    Ok(())
}

fn link(of: &Of) -> Result<(), End> {
    print_link(&of.node, &of.person, of.minutes)
}

fn list(node: &NodeDir) -> Result<(), End> {
    node_config(&node.dir)?;
    for user in access::users(&node.dir)? {
        let role = serde_json::to_value(user.role)?;
        let seat = user.seat.map_or_else(|| "-".into(), |s| s.0);
        println!("{}\t{}\t{}\t{seat}", user.person, user.nation, role.as_str().unwrap_or_default());
    }
    Ok(())
}

fn revoke(of: &Of) -> Result<(), End> {
    node_config(&of.node.dir)?;
    if access::revoke(&of.node.dir, &of.person)? {
        eprintln!("revoked {}: sessions end at once", of.person);
        Ok(())
    } else {
        Err(End::Wrong(format!(
            "revoke `{}`: nobody of that name; `renkei user list` shows them",
            of.person
        )))
    }
}
