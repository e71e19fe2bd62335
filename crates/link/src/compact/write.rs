//! The sending side: lays as many values into a frame as one may hold.

use std::collections::BTreeMap;
use std::sync::Arc;

use renkei_model::cbor::to_canonical;
use renkei_model::observation::Identity;
use renkei_policy::ObservationRelease;

use super::attributes::put_attributes;
use super::columns::{put, put_bytes, put_signed, put_split};
use super::pack::Packer;
use super::read::to_stored;
use super::table::{Last, Profile, Table, Told, expected, identity_bytes};
use super::value::{Field, Value};

/// The bits of a value's change.
pub(crate) const CARD: u64 = 1;
pub(crate) const ATTRIBUTES: u64 = 2;
pub(crate) const PRESENCE: u64 = 4;
/// First byte of the columns: the tables begin anew.
pub(crate) const ANEW: u8 = 1;
/// Most values in one frame.
pub(crate) const VALUES_MAX: usize = 1_024;
/// Bytes that a value takes until it is known better.
const FIRST_BYTES: usize = 40;

/// What one session has told, and how much of a frame a value takes.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    table: Table,
    packer: Packer,
    /// Unpacked bytes and values of the last frame.
    last: Option<(usize, usize)>,
}

impl Writer {
    /// How many values the next frame will about hold.
    pub(crate) fn values(&self) -> usize {
        let (bytes, values) = self.last.unwrap_or((FIRST_BYTES, 1));
        (values * self.packer.raw_bytes() / bytes.max(1) + 1).clamp(1, VALUES_MAX)
    }

    /// The body of a frame with the first of `releases`, and how many they are: at least one.
    pub(crate) fn frame(&mut self, releases: &[ObservationRelease]) -> (Vec<u8>, usize) {
        let most = self.packer.raw_bytes();
        let mut count = releases.len().min(VALUES_MAX);
        let mut head = 0;
        loop {
            let laid = Laid::of(&self.table, releases.get(..count).unwrap_or_default(), head);
            if head == 0 && !laid.has_room(&self.table) {
                self.table = Table::default();
                head = ANEW;
                continue;
            }
            let bytes = laid.raw.len() + laid.plain.len();
            if count > 1 && bytes > most {
                count = (count * most / bytes).clamp(1, count - 1);
                continue;
            }
            self.last = Some((bytes, count));
            let body = self.packer.pack(&laid.raw, &laid.plain);
            laid.tell(&mut self.table);
            return (body, count);
        }
    }

    pub(crate) fn held_bytes(&self) -> usize {
        self.table.held_bytes()
    }
}

/// What stands of a thing while a frame is laid.
struct Standing {
    profile: Arc<Profile>,
    identity: Option<Identity>,
}

/// A frame and what it tells.
#[derive(Default)]
struct Laid {
    raw: Vec<u8>,
    /// What does not pack: last bytes of times and places, hashes of transmissions.
    plain: Vec<u8>,
    told: Vec<Told>,
    /// Kinds that are told for the first time, with the bytes that this takes.
    profiles: Vec<(Arc<Profile>, usize)>,
    things: usize,
    text_bytes: usize,
}

impl Laid {
    fn of(table: &Table, releases: &[ObservationRelease], head: u8) -> Self {
        let mut laid = Self { raw: vec![head], ..Self::default() };
        let mut standing = BTreeMap::new();
        let mut handles = BTreeMap::new();
        let (mut cards, mut texts) = (Vec::new(), Vec::new());
        let mut changes = Vec::new();
        let mut alias = 0;
        for release in releases {
            let number = release.alias.number;
            let known = table.handle(number).or_else(|| handles.get(&number).copied());
            let handle = known.unwrap_or(table.things() + laid.things as u32);
            if known.is_none() {
                laid.things += 1;
                handles.insert(number, handle);
                put_signed(&mut cards, i64::from(number) - (alias + 1));
                alias = i64::from(number);
            }
            let before = standing.remove(&handle).or_else(|| Standing::of(table, handle));
            let (now, identity, is_news) = laid.card(table, release, before, &mut cards);
            let mut change = if is_news { CARD } else { 0 };
            let value = Value::of(release);
            let attributes = attributes(release, last(table, handle, &value));
            if let Some(told) = &attributes {
                change |= ATTRIBUTES;
                texts.extend(release.identity.as_ref().map(|named| named.attributes.clone()));
                laid.text_bytes += told.len();
            }
            changes.push(change);
            let profile = now.profile.clone();
            standing.insert(handle, now);
            let told = Told { handle, alias: number, profile, identity, value, attributes };
            laid.told.push(told);
        }
        laid.lay(table, &changes);
        laid.raw.extend(cards);
        put_attributes(&mut laid.raw, &texts);
        laid
    }

    /// Tells what a thing is, unless it stands already; what stands now, and the name if it is news.
    fn card(
        &mut self,
        table: &Table,
        release: &ObservationRelease,
        before: Option<Standing>,
        cards: &mut Vec<u8>,
    ) -> (Standing, Option<Identity>, bool) {
        let profile = Profile::of(release);
        let (known, name) = before.map(|b| (b.profile, b.identity)).unzip();
        let (known, name) = (known.filter(|known| **known == profile), name.flatten());
        let said = release.identity.as_ref().map(|named| &named.identity);
        let news = said.filter(|said| name.as_ref() != Some(said)).cloned();
        if let (Some(profile), None) = (&known, &news) {
            return (Standing { profile: profile.clone(), identity: name }, None, false);
        }
        let profile = self.profile(table, profile, cards);
        put_identity(cards, news.as_ref());
        self.text_bytes += news.as_ref().map_or(0, identity_bytes);
        (Standing { profile, identity: news.clone().or(name) }, news, true)
    }

    /// Writes the number of a kind, and the kind itself when it is new.
    fn profile(&mut self, table: &Table, profile: Profile, cards: &mut Vec<u8>) -> Arc<Profile> {
        let here = self.profiles.iter().position(|(known, _)| **known == profile);
        let here = here.map(|index| table.profiles() + index as u32);
        if let Some(number) = table.profile_number(&profile).or(here) {
            put(cards, number.into());
            let index = number.checked_sub(table.profiles());
            let known = index.and_then(|index| self.profiles.get(index as usize));
            return known
                .map(|(known, _)| known)
                .or_else(|| table.profile(number))
                .cloned()
                .unwrap_or_else(|| Arc::new(profile));
        }
        put(cards, u64::from(table.profiles()) + self.profiles.len() as u64);
        let bytes = to_canonical(&profile);
        put_bytes(cards, &bytes);
        self.text_bytes += bytes.len();
        let profile = Arc::new(profile);
        self.profiles.push((profile.clone(), bytes.len()));
        profile
    }

    /// The columns of numbers.
    fn lay(&mut self, table: &Table, changes: &[u64]) {
        let Self { raw, plain, told, .. } = self;
        put(raw, told.len() as u64);
        let mut previous = -2;
        for Told { handle, value, .. } in told.iter() {
            let key = i64::from(*handle) * 2 + value.aspect() as i64;
            put_signed(raw, key - (previous + 2));
            previous = key;
        }
        let mut before = table.present;
        let presence: Vec<u32> = told
            .iter()
            .map(|Told { handle, value, .. }| {
                let known = last(table, *handle, value).map_or(before, |last| last.present);
                before = value.present;
                known ^ value.present
            })
            .collect();
        for (change, differs) in changes.iter().zip(&presence) {
            put(raw, change | if *differs == 0 { 0 } else { PRESENCE });
        }
        for differs in presence.into_iter().filter(|differs| *differs != 0) {
            put(raw, differs.into());
        }
        let columns = Field::ALL.map(|field| differences(table, told, field));
        let is_news = |column: &&Vec<i64>| column.iter().any(|differs| *differs != 0);
        let news = columns.iter().enumerate().filter(|(_, column)| is_news(column));
        put(raw, news.map(|(field, _)| 1 << field).sum());
        for (field, column) in Field::ALL.into_iter().zip(&columns) {
            for differs in Some(column).filter(is_news).into_iter().flatten() {
                if Field::PLACE.contains(&field) {
                    put_split(raw, plain, *differs);
                } else {
                    put_signed(raw, *differs);
                }
            }
        }
        for Told { value, .. } in told.iter() {
            let bytes = value.content.to_le_bytes();
            plain.extend(bytes.iter().take(value.content_bytes()));
        }
    }

    fn has_room(&self, table: &Table) -> bool {
        table.has_room(self.things, self.profiles.len(), self.text_bytes)
    }

    fn tell(self, table: &mut Table) {
        for (profile, bytes) in &self.profiles {
            table.tell_profile(profile, *bytes);
        }
        for told in self.told {
            // Handles are given in order, so that none is unknown.
            let _ = table.tell(told);
        }
    }
}

impl Standing {
    fn of(table: &Table, handle: u32) -> Option<Self> {
        let thing = table.thing(handle)?;
        Some(Self { profile: thing.profile.clone(), identity: thing.identity.clone() })
    }
}

/// One column: what the numbers of `field` are more than expected.
fn differences(table: &Table, told: &[Told], field: Field) -> Vec<i64> {
    let mut previous = table.previous();
    let mut column = Vec::new();
    for Told { handle, value, .. } in told {
        let Some(number) = value.number(field) else { continue };
        let expected = expected(field, last(table, *handle, value), value, &previous);
        column.push(number.wrapping_sub(expected));
        if let Some(previous) = previous.get_mut(field as usize) {
            *previous = number;
        }
    }
    column
}

/// What was told last of the same aspect of a thing, before this frame.
fn last<'a>(table: &'a Table, handle: u32, value: &Value) -> Option<&'a Last> {
    table.thing(handle)?.last.get(value.aspect())?.as_deref()
}

/// What a thing says of itself, when it is news. Nothing said is no bytes.
fn attributes(release: &ObservationRelease, last: Option<&Last>) -> Option<Box<[u8]>> {
    let bytes = to_stored(&release.identity.as_ref()?.attributes);
    let known = last.map(|last| &*last.attributes).unwrap_or_default();
    (*known != *bytes).then_some(bytes)
}

/// Writes a name's kind and the name; 0 = what stood stands.
fn put_identity(cards: &mut Vec<u8>, identity: Option<&Identity>) {
    let (kind, number) = match identity {
        None => return cards.push(0),
        Some(Identity::Mmsi(number)) => (1, number),
        Some(Identity::Icao(number)) => (2, number),
        Some(Identity::NonIcao(number)) => (3, number),
        Some(other) => {
            cards.push(4);
            return put_bytes(cards, &to_canonical(other));
        }
    };
    cards.push(kind);
    cards.extend_from_slice(&number.to_be_bytes());
}
