//! A headquarters with several partners: one desk a partner, each with affairs of its own.
//!
//! No desk sees what comes to another, and each numbers what it writes in a lane of its own: what
//! one partner is told, or says, changes no byte of what another is told. Decisions stay between two.
//! The first desk, that of the lowest lane, keeps beside its partner's affairs what concerns this
//! node alone: notices, watches, changes of policy, and which tracks are one thing.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use renkei_model::cbor::from_canonical;
use renkei_model::id::{BorderAlias, Nation, ObjectId};
use renkei_model::statement::{Occurrence, Record, SignedRecord};
use renkei_model::time::Timestamp;

use super::AffairsConfig;
use super::effect::AffairsEffect;
use super::entry::{Entry, Local, kind};
use super::incident::same_occurrence;
use super::input::{About, AffairsInput, Alert, Command, Session};
use super::machine::{Affairs, ReplayError, refused_reply};
use super::policies::{PolicyChanges, PolicyTexts};
use super::received::id_of;
use super::refusal::Refusal;
use super::reviewing::ReviewDetail;
use super::view::{AffairsView, PhrasesView};

/// A request that nobody waits for the answer of.
const UNHEARD: u64 = 0;

/// More nations were ever partners of this node than there are lanes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a node has at most 8 partners in its life, those of the past among them; {0} is one more")]
pub struct TooManyPartners(pub Nation);

/// Which lane each partner has: what the ledger tells of any nation stands, and who is new gets the
/// lowest that is free, in the order of `configured`.
///
/// # Errors
/// [`TooManyPartners`] when no lane is free.
pub fn lanes(
    configured: &[Nation],
    told: impl IntoIterator<Item = (Nation, u32)>,
) -> Result<BTreeMap<Nation, u32>, TooManyPartners> {
    let mut held: BTreeMap<Nation, u32> = BTreeMap::new();
    for (nation, lane) in told {
        held.entry(nation).or_insert(lane);
    }
    let mut lanes = BTreeMap::new();
    for nation in configured {
        let used: BTreeSet<u32> = held.values().copied().collect();
        let free = || (0..BorderAlias::LANES).find(|lane| !used.contains(lane));
        let lane = held.get(nation).copied().or_else(free).ok_or(TooManyPartners(*nation))?;
        held.insert(*nation, lane);
        lanes.insert(*nation, lane);
    }
    Ok(lanes)
}

/// To whom an own record of the ledger was written, and in which lane; `None` for any other entry,
/// and for a record that was written for nobody.
#[must_use]
pub fn addressee(kind: u16, body: &[u8]) -> Option<(Nation, u32)> {
    if kind != kind::OWN {
        return None;
    }
    let signed: SignedRecord = from_canonical(body).ok()?;
    let record: Record = from_canonical(&signed.bytes).ok()?;
    let mut to = record.label.releasable_to.iter();
    let lane = u32::try_from(record.id.lane()).ok()?;
    to.next().filter(|_| to.next().is_none()).map(|to| (*to, lane))
}

/// What a person asks, and of whom.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Comes back in [`AffairsEffect::Reply`]; from 1.
    pub request: u64,
    /// Who asks.
    pub by: Session,
    /// What.
    pub command: Command,
    /// The partner that it is to be dealt with with, where the person said so.
    pub partner: Option<Nation>,
}

/// The affairs with every partner, by lane.
pub struct Desks {
    me: Nation,
    desks: Vec<Affairs>,
}

impl Desks {
    /// The affairs as the ledger left them: kinds and bodies in ledger order, entries of other kinds
    /// and of partners of the past among them. One configuration a partner, at least one. Hand in
    /// `Start` next.
    ///
    /// # Errors
    /// [`ReplayError`] names the entry that cannot be read.
    pub fn replay<B: AsRef<[u8]>>(
        mut configs: Vec<AffairsConfig>,
        entries: impl IntoIterator<Item = (u16, B)>,
    ) -> Result<Self, ReplayError> {
        configs.sort_by_key(|config| config.lane);
        let me = configs.first().map_or(Nation::JPN, |config| config.nation);
        let mut desks: Vec<Affairs> = configs.into_iter().map(Affairs::new).collect();
        for (index, (kind, body)) in entries.into_iter().enumerate() {
            let entry = Entry::from_body(kind, body.as_ref())
                .map_err(|cause| ReplayError::Entry { index, kind, cause })?;
            let Some(entry) = entry else { continue };
            let of = Owner::of(&entry);
            let nth = (0..desks.len()).find(|nth| of.is(&desks[*nth].config, *nth == 0));
            if let Some(desk) = nth.and_then(|nth| desks.get_mut(nth)) {
                desk.fold(&entry);
            }
        }
        desks.iter_mut().for_each(Affairs::replayed);
        Ok(Self { me, desks })
    }

    /// The partners, the first desk's in front.
    pub fn partners(&self) -> impl ExactSizeIterator<Item = Nation> + '_ {
        self.desks.iter().map(Affairs::partner)
    }

    /// The partner of the first desk.
    #[must_use]
    pub fn first(&self) -> Nation {
        self.partners().next().unwrap_or(self.me)
    }

    /// The affairs with one partner.
    #[must_use]
    pub fn desk(&self, partner: Nation) -> Option<&Affairs> {
        self.desks.iter().find(|desk| desk.partner() == partner)
    }

    /// The partner with whom the object of that id is dealt with.
    #[must_use]
    pub fn partner_of(&self, id: &ObjectId) -> Option<Nation> {
        let of = |desk: &&Affairs| Owner::Object(id).is(&desk.config, false);
        self.desks.iter().find(of).map(Affairs::partner)
    }

    /// Hands the desk of `partner` one input; nothing when there is none.
    pub fn handle(
        &mut self,
        partner: Nation,
        input: AffairsInput,
        now: Timestamp,
    ) -> Vec<AffairsEffect> {
        let Some(nth) = self.desks.iter().position(|desk| desk.partner() == partner) else {
            return Vec::new();
        };
        let me = self.me;
        let Some(desk) = self.desks.get_mut(nth) else { return Vec::new() };
        let mut effects = desk.handle(input, now);
        // Each partner is told of our zones; they ring once.
        let rings_again =
            |e: &AffairsEffect| matches!(e, AffairsEffect::Zone(stated) if stated.id.node == me);
        effects.retain(|effect| nth == 0 || !rings_again(effect));
        effects
    }

    /// Hands every desk the same: `Start`, `Tick`, fresh random bytes.
    pub fn all(
        &mut self,
        input: &AffairsInput,
        now: Timestamp,
    ) -> Vec<(Nation, Vec<AffairsEffect>)> {
        let partners: Vec<Nation> = self.partners().collect();
        let each = |partner| (partner, self.handle(partner, input.clone(), now));
        partners.into_iter().map(each).collect()
    }

    /// What the picture saw, for the desk of `partner`. A zone of ours is named to each partner as it
    /// was stated to it.
    pub fn raise(
        &mut self,
        partner: Nation,
        mut alert: Alert,
        now: Timestamp,
    ) -> Vec<AffairsEffect> {
        let Some(desk) = self.desk(partner) else { return Vec::new() };
        if let Occurrence::ZoneEntered { zone, zone_name } = &mut alert.occurrence
            && zone.node == self.me
        {
            match desk.own_zone(zone_name) {
                Some(stated) => *zone = stated.clone(),
                None => return Vec::new(),
            }
        }
        self.handle(partner, AffairsInput::Raise(alert), now)
    }

    /// Does what a person asks. `about` says of a partner which tracks the command names, as far as
    /// that partner may know them.
    pub fn command(
        &mut self,
        asked: Asked,
        about: impl Fn(Nation) -> (Option<About>, Vec<About>),
        now: Timestamp,
    ) -> Vec<(Nation, Vec<AffairsEffect>)> {
        let Asked { request, by, command, .. } = &asked;
        let addressees = match self.addressees(command, asked.partner) {
            Ok(addressees) => addressees,
            Err(refusal) => {
                return vec![(self.first(), vec![refused_reply(*request, refusal)])];
            }
        };
        let mut effects = Vec::new();
        for (nth, partner) in addressees.into_iter().enumerate() {
            let (about, beside) = about(partner);
            let is_told = about.as_ref().is_none_or(|about| about.released.is_some());
            if nth > 0 && !is_told {
                continue;
            }
            // One person waits for one answer.
            let request = if nth == 0 { *request } else { UNHEARD };
            let (by, command) = (by.clone(), command.clone());
            let input = AffairsInput::Command { request, by, command, about, beside };
            effects.push((partner, self.handle(partner, input, now)));
        }
        effects
    }

    /// Whose desks a command goes to; the first of them answers.
    fn addressees(
        &self,
        command: &Command,
        partner: Option<Nation>,
    ) -> Result<Vec<Nation>, Refusal> {
        let all = || self.partners().collect::<Vec<_>>();
        let first = || self.partners().take(1).collect::<Vec<_>>();
        if let Some(stranger) = partner.filter(|named| self.desk(*named).is_none()) {
            return Err(no_partner(stranger, &all()));
        }
        let of = |id: &ObjectId| self.partner_of(id).map_or_else(first, |partner| vec![partner]);
        Ok(match command {
            Command::Acknowledge { incident }
            | Command::Draft { incident, .. }
            | Command::Close { incident }
            | Command::Note { incident, .. } => of(incident),
            Command::Edit { option, .. }
            | Command::Offer { option, .. }
            | Command::Answer { option, .. }
            | Command::Task { option, .. } => of(option),
            Command::OpenIncident { .. } => match partner {
                Some(partner) => vec![partner],
                None if self.desks.len() == 1 => first(),
                None => return Err(which_partner(&all())),
            },
            Command::Review { record: object, .. }
            | Command::Recall { object, .. }
            | Command::Relabel { object, .. } => of(object),
            Command::RecallAlias { alias, .. } => {
                self.partner_of_alias(*alias).map_or_else(first, |partner| vec![partner])
            }
            Command::StateIdentity { .. } => partner.map_or_else(all, |partner| vec![partner]),
            Command::TakeSeat { .. } => all(),
            Command::JudgeNotice { .. }
            | Command::MergeTracks { .. }
            | Command::SplitTrack { .. }
            | Command::WithdrawMerge { .. }
            | Command::WatchTrack { .. }
            | Command::EndWatch { .. }
            | Command::ProposeDestruction { .. }
            | Command::ApproveDestruction { .. }
            | Command::DecidePolicy { .. } => first(),
        })
    }

    /// The snapshot for our own floor: what is dealt with with every partner.
    #[must_use]
    pub fn snapshot(&self, now: Timestamp) -> AffairsView {
        let mut desks = self.desks.iter().map(|desk| desk.snapshot(now));
        let mut whole = desks.next().unwrap_or_default();
        for other in desks {
            join(&mut whole, other, self.me);
        }
        whole
    }

    /// The snapshot for a partner's people on our floor: what was released to that nation.
    #[must_use]
    pub fn snapshot_for(&self, partner: Nation, now: Timestamp) -> Option<AffairsView> {
        self.desk(partner).map(|desk| desk.snapshot_for(partner, now))
    }

    /// A record that waits for a release review, whole.
    #[must_use]
    pub fn review_detail(&self, record: &ObjectId, now: Timestamp) -> Option<ReviewDetail> {
        self.desk(self.partner_of(record)?)?.review_detail(record, now)
    }

    /// Whether either side recalled the thing of that alias.
    #[must_use]
    pub fn is_recalled(&self, partner: Nation, alias: BorderAlias) -> bool {
        self.desk(partner).is_some_and(|desk| desk.is_recalled(alias))
    }

    /// The partner to whom a thing of ours was named so.
    fn partner_of_alias(&self, alias: BorderAlias) -> Option<Nation> {
        let of = |desk: &&Affairs| alias.lane() == desk.config.lane;
        self.desks.iter().find(of).map(Affairs::partner)
    }

    /// Changes of the release policy, durable ones.
    #[must_use]
    pub fn policy_changes(&self) -> Option<PolicyChanges> {
        self.desks.first().map(Affairs::policy_changes)
    }

    /// The texts of the release policy that was approved last; `None` when none ever was.
    #[must_use]
    pub fn policy_in_force(&self) -> Option<&PolicyTexts> {
        self.desks.first().and_then(Affairs::policy_in_force)
    }

    /// The phrase book.
    #[must_use]
    pub fn phrases(&self) -> Option<PhrasesView> {
        self.desks.first().map(Affairs::phrases)
    }
}

/// Adds the affairs with a further partner to what the floor sees. What each desk was told of
/// ourselves, the first has shown.
fn join(whole: &mut AffairsView, other: AffairsView, me: Nation) {
    let mut incidents = other.incidents;
    for one in &mut whole.incidents {
        for beside in &mut incidents {
            let same = one.track.is_some()
                && one.track == beside.track
                && same_occurrence(&one.occurrence, &beside.occurrence);
            if same {
                one.beside.push(beside.id.clone());
                beside.beside.push(one.id.clone());
            }
        }
    }
    whole.incidents.extend(incidents);
    whole.incidents.sort_by_key(|incident| Reverse(incident.times.own.t1));
    whole.options.extend(other.options);
    whole.options.sort_by_key(|o| Reverse(o.versions.first().map(|v| v.made_at_ms)));
    whole.tasks.extend(other.tasks);
    whole.tasks.sort_by_key(|task| Reverse(task.at_ms));
    whole.seats.extend(other.seats.into_iter().filter(|seat| seat.nation != me));
    whole.zones.extend(other.zones.into_iter().filter(|zone| zone.owner != me));
    whole.attention.extend(other.attention);
    whole.attention.sort_by_key(|i| (Reverse(i.severity), Reverse(i.at_ms), i.id.clone()));
    whole.refused.extend(other.refused);
}

/// To whose desk something belongs.
enum Owner<'a> {
    /// That of whoever the object is for or from.
    Object(&'a ObjectId),
    /// That of the record's lane; `None` where it cannot be read.
    Record(Option<ObjectId>),
    /// That of the nation.
    Partner(Nation),
    /// That of the lane of a node's one partner.
    Lone,
    /// The first.
    First,
}

impl<'a> Owner<'a> {
    fn of(entry: &'a Entry) -> Self {
        match entry {
            Entry::Own(signed) => Self::Record(id_of(&signed.bytes)),
            Entry::Partner(e) => Self::Partner(e.from),
            Entry::Refused(e) => Self::Partner(e.from),
            Entry::Placed(e) => e.partner.map_or(Self::Object(&e.record), Self::Partner),
            Entry::Kept(e) => e.partner.map_or(Self::Object(&e.record), Self::Partner),
            Entry::Held(e) => e.partner.map_or(Self::Lone, Self::Partner),
            Entry::Local(local) => match local.as_ref() {
                Local::Seen(seen) => Self::Object(&seen.incident),
                Local::Draft(draft) => Self::Object(&draft.version.option),
                Local::Line(line) => Self::Object(&line.incident),
                Local::Task(task) => Self::Object(&task.option),
                Local::Shown(id, _) | Local::Stated(id, ..) => Self::Object(id),
                Local::Sealed(seal) => Self::Partner(seal.to),
                Local::Asked(asked) => Self::Object(&asked.record),
                Local::Decided(decided) => Self::Object(&decided.record),
                Local::OwnWords(id, _) => Self::Object(id),
                Local::Judged(_)
                | Local::Watched(_)
                | Local::Unwatched(_)
                | Local::Merged(_)
                | Local::MergeWithdrawn(_)
                | Local::Destruction(_)
                | Local::PolicyProposed(_)
                | Local::PolicyDecided(_) => Self::First,
            },
        }
    }

    /// Whether that is the desk of `config`.
    fn is(&self, config: &AffairsConfig, first: bool) -> bool {
        let object = |id: &ObjectId| {
            let of_lane = id.node == config.nation && id.lane() == u64::from(config.lane);
            of_lane || id.node == config.partner.nation
        };
        match self {
            Self::Object(id) => object(id),
            Self::Record(id) => id.as_ref().is_some_and(object),
            Self::Partner(nation) => *nation == config.partner.nation,
            Self::Lone => config.lane == 0,
            Self::First => first,
        }
    }
}

fn listed(partners: &[Nation]) -> String {
    partners.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn which_partner(partners: &[Nation]) -> Refusal {
    let all = listed(partners);
    Refusal::new(
        "RK-1400",
        format!("say with which partner it is to be dealt with: {all}"),
        format!("いずれの連接先と対処するかを指定されたい（{all}）"),
    )
}

fn no_partner(named: Nation, partners: &[Nation]) -> Refusal {
    let all = listed(partners);
    Refusal::new(
        "RK-1401",
        format!("{named} is no partner of this node; its partners are {all}"),
        format!("{named}は本ノードの連接先ではない。連接先は{all}である"),
    )
}
