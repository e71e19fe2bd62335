//! What a statement of the partner may say: only for itself, only about versions that are held, and
//! only within the rules of agreement (see `option`).

use renkei_model::id::{BorderAlias, Nation, ObjectId};
use renkei_model::observation::Identity;
use renkei_model::seat::{Authority, SeatId};
use renkei_model::statement::{
    Answer, Bilingual, Handling, Holding, Incident, OptionVersion, Recall, RecallReceipt, Recalled,
    Record, Statement, Subject, TaskStatus, Translation, Verdict, Zone,
};

use super::not_taken::NotTaken;
use super::option::Version;
use super::received::Expected;
use super::state::State;
use super::{notary, succession};

/// A zone has at most this many corners, in all its rings: a coast drawn at 1:1,000,000 needs a few hundred.
const CORNERS_MAX: usize = 2_000;

/// Checks what `record` states.
pub(super) fn check(
    state: &State,
    expected: &Expected<'_>,
    record: &Record,
) -> Result<(), NotTaken> {
    let from = expected.partner;
    match &record.statement {
        Statement::Seat(notice) => ours(notice.nation == from),
        Statement::Identity(statement) => {
            speaks_of(expected, &statement.subject)?;
            well(is_said(&statement.reason))
        }
        Statement::Zone(zone) => check_zone(zone),
        Statement::Incident(incident) => check_incident(state, expected, incident),
        Statement::Offer(version) => check_offer(state, expected, version),
        Statement::Answer(answer) => check_answer(state, expected, answer),
        Statement::Holding(holding) => check_holding(state, expected, holding),
        Statement::Tasked(status) => check_tasked(state, from, status),
        Statement::Receipt(r) => version(state, &r.option, r.version).map(|_| ()),
        Statement::Notarial(notarial) => notary::check(state, expected, notarial),
        // Whoever speaks under a key speaks of it as the last of its chain.
        Statement::Keys(chain) => well(succession::last(chain, expected) == Some(*expected.key)),
        Statement::Recall(recall) => check_recall(from, recall),
        Statement::RecallReceipt(receipt) => check_recall_receipt(state, expected.me, receipt),
    }
}

fn ours(holds: bool) -> Result<(), NotTaken> {
    if holds { Ok(()) } else { Err(NotTaken::ForeignContent) }
}

fn well(holds: bool) -> Result<(), NotTaken> {
    if holds { Ok(()) } else { Err(NotTaken::Malformed) }
}

/// A partner names a thing by its own alias or by the one that we gave it, never by what passed
/// between us and another.
fn speaks_of(expected: &Expected<'_>, subject: &Subject) -> Result<(), NotTaken> {
    let between_us = |alias: &BorderAlias| {
        let given = alias.nation == expected.me && alias.lane() == expected.lane;
        given || alias.nation == expected.partner
    };
    let alias = |identity: &Identity| match identity {
        Identity::Alias(alias) => Some(*alias),
        _ => None,
    };
    let named = subject.identity.as_ref().and_then(alias);
    ours(subject.alias.iter().chain(&named).all(between_us))
}

fn is_said(text: &Bilingual) -> bool {
    !text.en.trim().is_empty() && !text.ja.trim().is_empty()
}

fn version<'a>(
    state: &'a State,
    option: &ObjectId,
    digest: renkei_model::cbor::Digest,
) -> Result<&'a Version, NotTaken> {
    state.options.get(option).and_then(|o| o.versions.get(&digest)).ok_or(NotTaken::NoSuchVersion)
}

/// A recall needs no authority here: whoever shows less than it may does no harm.
fn check_recall(from: Nation, recall: &Recall) -> Result<(), NotTaken> {
    let owner = match &recall.what {
        Recalled::Object(object) => object.node,
        Recalled::Alias(alias) => alias.nation,
    };
    let labels = match &recall.handling {
        Handling::Withdraw => true,
        Handling::Relabel { from: before, to } => {
            before.originator == from && to.originator == from
        }
    };
    ours(owner == from && recall.by.nation == from && labels)
}

fn check_recall_receipt(
    state: &State,
    me: Nation,
    receipt: &RecallReceipt,
) -> Result<(), NotTaken> {
    ours(receipt.recall.node == me)?;
    let held = state.recalls.all.get(&receipt.recall);
    well(held.is_some_and(|held| held.digest == receipt.digest))
}

fn check_zone(zone: &Zone) -> Result<(), NotTaken> {
    let rings = || std::iter::once(&zone.ring).chain(&zone.holes);
    let corners: usize = rings().map(Vec::len).sum();
    let drawn = corners <= CORNERS_MAX && rings().all(|ring| ring.len() >= 3);
    well(drawn && is_said(&zone.name) && rings().flatten().all(|p| p.position().is_some()))
}

fn check_incident(
    state: &State,
    expected: &Expected<'_>,
    incident: &Incident,
) -> Result<(), NotTaken> {
    let own_id =
        |id: &ObjectId, nation: Nation| id.node == nation && id.partition == *expected.partition;
    ours(own_id(&incident.incident, expected.partner))?;
    if let Some(pair) = &incident.pair {
        ours(own_id(pair, expected.me) && state.incidents.contains_key(pair))?;
    }
    speaks_of(expected, &incident.subject)?;
    well(incident.position.is_none_or(|p| p.position().is_some()))?;
    match state.theirs.get(&incident.incident) {
        None => Ok(()),
        Some(held) => {
            // Of what was recalled only that it stands in the log matters: nothing of it is shown.
            let recalled = state.recalls.of(&incident.incident).is_some()
                || incident.pair.as_ref().is_some_and(|pair| state.recalls.of(pair).is_some());
            let held = &held.record;
            well(recalled || held.occurrence == incident.occurrence)?;
            let forward = incident.revision > held.revision && incident.state >= held.state;
            if forward { Ok(()) } else { Err(NotTaken::NotNewer) }
        }
    }
}

fn check_offer(
    state: &State,
    expected: &Expected<'_>,
    offer: &OptionVersion,
) -> Result<(), NotTaken> {
    ours(
        offer.author.nation == expected.partner
            && offer.partition == *expected.partition
            && offer.option.partition == *expected.partition
            && offer.incident.node == expected.partner,
    )?;
    well(
        offer.domain == OptionVersion::DOMAIN
            && is_said(&offer.text)
            && offer.actions.iter().all(|a| is_said(&a.text))
            && !matches!(&offer.translation, Translation::Person(p) if p.trim().is_empty()),
    )?;
    let parties = [expected.me.min(expected.partner), expected.me.max(expected.partner)];
    well(
        offer.deadlines.iter().map(|d| d.nation).eq(parties)
            && offer.actions.is_sorted_by(|a, b| a.nation < b.nation)
            && offer.actions.iter().all(|a| parties.contains(&a.nation)),
    )?;
    authority(state, expected.partner, &offer.author.seat, Authority::Offer)?;
    match (state.options.get(&offer.option), offer.parent) {
        (None, None) => ours(offer.number == 1 && offer.option.node == expected.partner),
        (None, Some(_)) => Err(NotTaken::NoSuchVersion),
        // A first version has no parent and is made once, by the node that named the option.
        (Some(_), None) => Err(NotTaken::Malformed),
        (Some(_), Some(parent)) => {
            let parent = version(state, &offer.option, parent)?;
            well(parent.version.number.checked_add(1) == Some(offer.number))
        }
    }
}

fn authority(
    state: &State,
    nation: Nation,
    seat: &SeatId,
    what: Authority,
) -> Result<(), NotTaken> {
    let notice = state.seats.get(&(nation, seat.clone()));
    if notice.is_some_and(|n| n.may(what)) { Ok(()) } else { Err(NotTaken::NoAuthority) }
}

fn check_answer(state: &State, expected: &Expected<'_>, answer: &Answer) -> Result<(), NotTaken> {
    let from = expected.partner;
    ours(answer.by.nation == from && answer.partition == *expected.partition)?;
    well(answer.domain == Answer::DOMAIN && is_worded(&answer.verdict))?;
    let option = state.options.get(&answer.option).ok_or(NotTaken::NoSuchVersion)?;
    authority(state, from, &answer.by.seat, Authority::Approve)?;
    option.may_have_answered(from, expected.me, answer.version, &answer.verdict)
}

fn is_worded(verdict: &Verdict) -> bool {
    match verdict {
        Verdict::Agree | Verdict::Lapsed => true,
        Verdict::AgreeWithCaveat { caveat } => is_said(caveat),
        Verdict::ReferredUp { to } => !to.0.is_empty(),
        Verdict::Decline { reason } => is_said(reason),
    }
}

fn check_holding(
    state: &State,
    expected: &Expected<'_>,
    holding: &Holding,
) -> Result<(), NotTaken> {
    let held = version(state, &holding.option, holding.version)?;
    let agreed = state.options.get(&holding.option).and_then(|o| o.agreed);
    let names_ours =
        held.final_answer(expected.me).is_some_and(|a| a.record == holding.partner_answer);
    if agreed == Some(holding.version) && names_ours { Ok(()) } else { Err(NotTaken::NotAgreed) }
}

fn check_tasked(state: &State, from: Nation, status: &TaskStatus) -> Result<(), NotTaken> {
    let held = version(state, &status.option, status.version)?;
    let agreed = state.options.get(&status.option).and_then(|o| o.agreed);
    if agreed != Some(status.version) || !held.holding.contains_key(&from) {
        return Err(NotTaken::NotAgreed);
    }
    if held.tasked.contains_key(&from) { Err(NotTaken::Duplicate) } else { Ok(()) }
}
