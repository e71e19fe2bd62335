//! Who may do what: one table, deny by default. The role opens the door, the seat's published
//! authority decides, and only its holder may use it.

use renkei_model::id::Nation;
use renkei_model::seat::{Authority, Role, SeatNotice};

use super::input::{Command, Session};
use super::refusal::Refusal;
use super::state::State;
use super::words::of_side;

/// The commands by name, as the table and the screens speak of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    /// Takes an incident.
    Acknowledge,
    /// Opens an incident by hand.
    OpenIncident,
    /// Makes an option.
    Draft,
    /// Makes a new version.
    Edit,
    /// Sends a version to the partner.
    Offer,
    /// Answers a version.
    Answer,
    /// Tasks own forces.
    Task,
    /// Closes an incident.
    Close,
    /// States whose a thing is.
    StateIdentity,
    /// Takes a seat over.
    TakeSeat,
    /// Writes into the log.
    Note,
    /// Judges an alert that opened no incident.
    JudgeNotice,
    /// States that tracks are one thing, or two.
    MergeTracks,
    /// Has a track watched.
    WatchTrack,
    /// Ends a watch.
    EndWatch,
    /// Proposes or approves the destruction of bodies.
    Destroy,
    /// Proposes a change of the release policy, or decides on one.
    ChangePolicy,
    /// Decides about what waits for a review.
    Review,
    /// Recalls what was released, or changes its label.
    Recall,
}

impl Act {
    /// All of them, for tables that must name each.
    pub const ALL: [Self; 19] = [
        Self::Acknowledge,
        Self::OpenIncident,
        Self::Draft,
        Self::Edit,
        Self::Offer,
        Self::Answer,
        Self::Task,
        Self::Close,
        Self::StateIdentity,
        Self::TakeSeat,
        Self::Note,
        Self::JudgeNotice,
        Self::MergeTracks,
        Self::WatchTrack,
        Self::EndWatch,
        Self::Destroy,
        Self::ChangePolicy,
        Self::Review,
        Self::Recall,
    ];

    /// What a command does.
    #[must_use]
    pub fn of(command: &Command) -> Self {
        match command {
            Command::Acknowledge { .. } => Self::Acknowledge,
            Command::OpenIncident { .. } => Self::OpenIncident,
            Command::Draft { .. } => Self::Draft,
            Command::Edit { .. } => Self::Edit,
            Command::Offer { .. } => Self::Offer,
            Command::Answer { .. } => Self::Answer,
            Command::Task { .. } => Self::Task,
            Command::Close { .. } => Self::Close,
            Command::StateIdentity { .. } => Self::StateIdentity,
            Command::TakeSeat { .. } => Self::TakeSeat,
            Command::Note { .. } => Self::Note,
            Command::JudgeNotice { .. } => Self::JudgeNotice,
            Command::MergeTracks { .. }
            | Command::SplitTrack { .. }
            | Command::WithdrawMerge { .. } => Self::MergeTracks,
            Command::WatchTrack { .. } => Self::WatchTrack,
            Command::EndWatch { .. } => Self::EndWatch,
            Command::ProposeDestruction { .. } | Command::ApproveDestruction { .. } => {
                Self::Destroy
            }
            Command::DecidePolicy { .. } => Self::ChangePolicy,
            Command::Review { .. } => Self::Review,
            Command::Recall { .. } | Command::RecallAlias { .. } | Command::Relabel { .. } => {
                Self::Recall
            }
        }
    }

    /// The authority that the seat must have published; `None` where the role is enough.
    #[must_use]
    pub fn needs(self) -> Option<Authority> {
        match self {
            Self::Acknowledge | Self::OpenIncident | Self::Offer | Self::Close => {
                Some(Authority::Offer)
            }
            Self::Answer => Some(Authority::Approve),
            Self::Task => Some(Authority::Task),
            Self::Review | Self::Recall => Some(Authority::Release),
            Self::Draft
            | Self::Edit
            | Self::StateIdentity
            | Self::TakeSeat
            | Self::Note
            | Self::JudgeNotice
            | Self::MergeTracks
            | Self::WatchTrack
            | Self::EndWatch
            | Self::Destroy
            | Self::ChangePolicy => None,
        }
    }
}

/// Whether a session of this role may do this at all. The floor and the decision are in different
/// hands: a watch officer offers, a commander answers. Liaison, auditor, administrator and observer
/// change nothing.
#[must_use]
pub fn role_may(role: Role, act: Act) -> bool {
    use Act::{
        Acknowledge, Answer, ChangePolicy, Close, Destroy, Draft, Edit, EndWatch, JudgeNotice,
        MergeTracks, Note, Offer, OpenIncident, Recall, Review, StateIdentity, TakeSeat, Task,
        WatchTrack,
    };
    match role {
        Role::Commander => matches!(
            act,
            Answer | Task | TakeSeat | Note | Destroy | ChangePolicy | Review | Recall
        ),
        Role::WatchOfficer => matches!(
            act,
            Acknowledge
                | OpenIncident
                | Draft
                | Edit
                | Offer
                | Task
                | Close
                | StateIdentity
                | TakeSeat
                | Note
                | JudgeNotice
                | MergeTracks
                | WatchTrack
                | EndWatch
        ),
        Role::J2 => {
            matches!(act, StateIdentity | MergeTracks | TakeSeat | Note | WatchTrack | EndWatch)
        }
        Role::J3 => matches!(act, Draft | Edit | Task | TakeSeat | Note),
        Role::J5 => matches!(act, Draft | Edit | TakeSeat | Note),
        Role::ReleaseOfficer => {
            matches!(act, TakeSeat | Note | Destroy | ChangePolicy | Review | Recall)
        }
        Role::J4 => matches!(act, TakeSeat | Note),
        Role::Liaison | Role::Auditor | Role::Administrator | Role::Observer => false,
    }
}

/// What a holder of `seat` who signed in with `role` may decide: the session's `may`.
#[must_use]
pub fn may(role: Role, seat: &SeatNotice) -> Vec<Authority> {
    let door = |authority: Authority| match authority {
        Authority::Offer => role_may(role, Act::Offer),
        Authority::Approve => role_may(role, Act::Answer),
        Authority::Task => role_may(role, Act::Task),
        Authority::Release => role_may(role, Act::Review),
    };
    let all = [Authority::Offer, Authority::Approve, Authority::Task, Authority::Release];
    all.into_iter().filter(|a| seat.role == role && seat.may(*a) && door(*a)).collect()
}

/// Lets `by` do `act`, or says why not.
pub(super) fn allow(state: &State, by: &Session, act: Act) -> Result<(), Refusal> {
    if by.nation != state.me {
        return Err(foreign(state.me));
    }
    if !role_may(by.role, act) {
        return Err(Refusal::new(
            "RK-1002",
            "your role may not do this; ask the watch officer or the commander",
            "現在の職務区分では実施できない。先任当直幕僚又は指揮官に依頼されたい",
        ));
    }
    let Some(authority) = act.needs() else { return Ok(()) };
    let seat = state.seats.get(&(state.me, by.seat.clone()));
    let Some(seat) = seat.filter(|s| s.role == by.role && s.may(authority)) else {
        return Err(Refusal::new(
            "RK-1003",
            format!("seat `{}` has no authority for this", by.seat.0),
            format!("職「{}」にはこの権限がない", by.seat.0),
        ));
    };
    if seat.holder.as_deref() == Some(by.person.as_str()) {
        return Ok(());
    }
    let holder = seat.holder.as_deref();
    Err(Refusal::new(
        "RK-1004",
        format!(
            "seat `{}` is held by {}; take it over first",
            by.seat.0,
            holder.unwrap_or("nobody")
        ),
        format!(
            "職「{}」は{}。先に上番されたい",
            by.seat.0,
            holder.map_or("空席である".into(), |h| format!("{h}が上番中である"))
        ),
    ))
}

fn foreign(me: Nation) -> Refusal {
    let own = of_side(me);
    Refusal::new(
        "RK-1001",
        format!("only {} acts on this floor", own.en),
        format!("この場で処置できるのは{}のみである", own.ja),
    )
}
