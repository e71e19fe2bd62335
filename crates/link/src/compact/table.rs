//! What a session has told so far: the same on both sides after every frame.

use std::collections::BTreeMap;
use std::sync::Arc;

use minicbor::{Decode, Encode};
use renkei_model::id::SourceId;
use renkei_model::label::Label;
use renkei_model::observation::{Domain, Identity};
use renkei_model::time::Timestamp;
use renkei_policy::ObservationRelease;

use super::CompactError;
use super::value::{FIELDS, Field, Value};

/// Things that are told in one session before the tables begin anew.
pub(crate) const HANDLES_MAX: usize = 100_000;
/// Kinds of things that are told before the tables begin anew.
const PROFILES_MAX: usize = 1_024;
/// Bytes of names and labels that are told before the tables begin anew.
const TEXT_BYTES_MAX: usize = 16 * 1024 * 1024;
/// A place is expected from the way made before only over so many times that time.
const AHEAD_MAX: i64 = 4;

/// What many things have in common: told once in a session.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub(crate) struct Profile {
    #[n(0)]
    pub(crate) version: u16,
    #[n(1)]
    pub(crate) domain: Domain,
    #[n(2)]
    pub(crate) source: Option<SourceId>,
    /// Without its times, which are numbers.
    #[n(3)]
    pub(crate) label: Label,
}

impl Profile {
    pub(crate) fn of(release: &ObservationRelease) -> Self {
        let mut label = release.label.clone();
        label.created = Timestamp(0);
        label.review = None;
        let ObservationRelease { version, existence, source, .. } = release;
        let source = source.as_ref().map(|source| source.feed.clone());
        Self { version: *version, domain: existence.domain, source, label }
    }
}

/// The last value of one aspect of a thing.
#[derive(Clone, Debug)]
pub(crate) struct Last {
    pub(crate) present: u32,
    /// The fields that are present, in their order.
    numbers: Box<[i64]>,
    /// Time and place of the value before, where both had them.
    before: Option<[i64; 3]>,
    /// Canonical CBOR; empty = none were told.
    pub(crate) attributes: Box<[u8]>,
}

impl Last {
    pub(crate) fn number(&self, field: Field) -> Option<i64> {
        let bit = 1_u32 << field as u32;
        let rank = (self.present & (bit - 1)).count_ones() as usize;
        (self.present & bit != 0).then(|| self.numbers.get(rank).copied())?
    }

    fn place(&self) -> Option<[i64; 3]> {
        let [at, latitude, longitude] = Field::PLACE.map(|field| self.number(field));
        Some([at?, latitude?, longitude?])
    }

    /// What `field` should be at the time `at` when the thing goes on as it did.
    fn expected(&self, field: Field, at: Option<i64>) -> Option<i64> {
        let last = self.number(field)?;
        let axis = Field::PLACE.iter().position(|known| *known == field);
        let ahead = axis.filter(|axis| *axis > 0).and_then(|axis| {
            let [then, ..] = self.before?;
            let (before, [newest, ..]) = (*self.before?.get(axis)?, self.place()?);
            let (passed, next) = (newest.checked_sub(then)?, at?.checked_sub(newest)?);
            let is_near = passed > 0 && next > 0 && next / AHEAD_MAX <= passed;
            let way = i128::from(last.checked_sub(before)?) * i128::from(next);
            is_near.then(|| i64::try_from(way / i128::from(passed)).ok())?
        });
        Some(last.wrapping_add(ahead.unwrap_or(0)))
    }
}

/// One thing.
#[derive(Clone, Debug)]
pub(crate) struct Thing {
    /// Number of its border alias.
    pub(crate) alias: u32,
    pub(crate) profile: Arc<Profile>,
    pub(crate) identity: Option<Identity>,
    /// Of the aspects with and without a position.
    pub(crate) last: [Option<Box<Last>>; 2],
}

/// What a session has told.
#[derive(Debug)]
pub(crate) struct Table {
    things: Vec<Thing>,
    by_alias: BTreeMap<u32, u32>,
    profiles: Vec<Arc<Profile>>,
    by_profile: BTreeMap<Arc<Profile>, u32>,
    text_bytes: usize,
    /// The last number of each field, of whatever thing.
    previous: [i64; FIELDS],
    /// Which fields the last value had.
    pub(crate) present: u32,
}

impl Default for Table {
    fn default() -> Self {
        Self {
            things: Vec::new(),
            by_alias: BTreeMap::new(),
            profiles: Vec::new(),
            by_profile: BTreeMap::new(),
            text_bytes: 0,
            previous: [0; FIELDS],
            present: 0,
        }
    }
}

/// A value as it changes the table.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) handle: u32,
    pub(crate) alias: u32,
    pub(crate) profile: Arc<Profile>,
    /// `None` = the one that was told before stands.
    pub(crate) identity: Option<Identity>,
    pub(crate) value: Value,
    /// `None` = those that were told before stand.
    pub(crate) attributes: Option<Box<[u8]>>,
}

impl Table {
    pub(crate) fn thing(&self, handle: u32) -> Option<&Thing> {
        self.things.get(handle as usize)
    }

    /// Things told so far: the next new one's handle.
    pub(crate) fn things(&self) -> u32 {
        self.things.len() as u32
    }

    pub(crate) fn handle(&self, alias: u32) -> Option<u32> {
        self.by_alias.get(&alias).copied()
    }

    pub(crate) fn profile(&self, number: u32) -> Option<&Arc<Profile>> {
        self.profiles.get(number as usize)
    }

    pub(crate) fn profiles(&self) -> u32 {
        self.profiles.len() as u32
    }

    pub(crate) fn profile_number(&self, profile: &Profile) -> Option<u32> {
        self.by_profile.get(profile).copied()
    }

    pub(crate) fn previous(&self) -> [i64; FIELDS] {
        self.previous
    }

    /// Whether `things` more of them, `profiles` more kinds and `text_bytes` more of text still fit.
    pub(crate) fn has_room(&self, things: usize, profiles: usize, text_bytes: usize) -> bool {
        self.things.len() + things <= HANDLES_MAX
            && self.profiles.len() + profiles <= PROFILES_MAX
            && self.text_bytes + text_bytes <= TEXT_BYTES_MAX
    }

    /// Keeps a kind of thing that was told for the first time.
    pub(crate) fn tell_profile(&mut self, profile: &Arc<Profile>, bytes: usize) {
        self.text_bytes += bytes;
        self.by_profile.insert(profile.clone(), self.profiles.len() as u32);
        self.profiles.push(profile.clone());
    }

    /// Keeps a value that was told.
    pub(crate) fn tell(&mut self, told: Told) -> Result<(), CompactError> {
        let Told { handle, alias, profile, identity, value, attributes } = told;
        if handle == self.things() {
            self.by_alias.insert(alias, handle);
            let last = [None, None];
            self.things.push(Thing { alias, profile: profile.clone(), identity: None, last });
        }
        let thing =
            self.things.get_mut(handle as usize).ok_or(CompactError::Unknown("a handle"))?;
        thing.profile = profile;
        if let Some(identity) = identity {
            self.text_bytes += identity_bytes(&identity);
            thing.identity = Some(identity);
        }
        let slot = thing.last.get_mut(value.aspect()).ok_or(CompactError::Unknown("an aspect"))?;
        self.text_bytes += attributes.as_ref().map_or(0, |told| told.len());
        let known = slot.as_ref().map(|last| last.attributes.clone());
        *slot = Some(Box::new(Last {
            present: value.present,
            numbers: value.numbers().map(|(_, number)| number).collect(),
            before: slot.as_ref().and_then(|last| last.place()),
            attributes: attributes.or(known).unwrap_or_default(),
        }));
        for (field, number) in value.numbers() {
            if let Some(previous) = self.previous.get_mut(field as usize) {
                *previous = number;
            }
        }
        self.present = value.present;
        Ok(())
    }

    /// Bytes in memory, about.
    pub(crate) fn held_bytes(&self) -> usize {
        self.text_bytes + self.things.len() * (size_of::<Thing>() + size_of::<Last>() + 96)
    }
}

/// Bytes of text in a name; numbers count as nothing.
pub(crate) fn identity_bytes(identity: &Identity) -> usize {
    match identity {
        Identity::Cot(uid) => uid.len(),
        _ => 0,
    }
}

/// What `field` of a value should be: from the thing's last value, else as in the value before it.
pub(crate) fn expected(
    field: Field,
    last: Option<&Last>,
    value: &Value,
    previous: &[i64; FIELDS],
) -> i64 {
    let before = previous.get(field as usize).copied().unwrap_or_default();
    match field {
        Field::At => before,
        Field::Slot => value.slot_of_time().unwrap_or(before),
        _ => last
            .and_then(|last| last.expected(field, value.number(Field::At)))
            .or_else(|| value.number(Field::Course).filter(|_| field == Field::Heading))
            .unwrap_or(before),
    }
}
