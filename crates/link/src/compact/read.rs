//! The receiving side: a frame's values, and what they change in the table.

use std::collections::BTreeMap;
use std::sync::Arc;

use renkei_model::cbor::{from_canonical, to_canonical};
use renkei_model::id::{BorderAlias, Nation};
use renkei_model::observation::{Attributes, Identity};
use renkei_policy::ObservationRelease;

use super::CompactError;
use super::attributes::read_attributes;
use super::columns::Columns;
use super::pack::Unpacker;
use super::table::{Last, Profile, Table, Told, expected, identity_bytes};
use super::value::{FIELDS, Field, Value};
use super::write::{ANEW, ATTRIBUTES, CARD, PRESENCE, VALUES_MAX};

/// What one session was told.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    table: Table,
    unpacker: Unpacker,
}

impl Reader {
    /// Reads the values in `body`, which came from `nation`.
    ///
    /// # Errors
    /// [`CompactError`] when the body is no picture; the session is then of no use any more.
    pub(crate) fn read(
        &mut self,
        body: &[u8],
        nation: Nation,
    ) -> Result<Vec<ObservationRelease>, CompactError> {
        let (raw, plain) = self.unpacker.unpack(body)?;
        read(&mut self.table, &raw, plain, nation)
    }

    pub(crate) fn held_bytes(&self) -> usize {
        self.table.held_bytes()
    }
}

/// Reads a frame's columns, and what follows them unpacked.
pub(crate) fn read(
    table: &mut Table,
    raw: &[u8],
    plain: &[u8],
    nation: Nation,
) -> Result<Vec<ObservationRelease>, CompactError> {
    let (head, rest) = raw.split_first().ok_or(CompactError::Short)?;
    match *head {
        0 => {}
        ANEW => *table = Table::default(),
        _ => return Err(CompactError::Unknown("a kind of frame")),
    }
    let mut frame = Frame::heads(table, Columns(rest))?;
    frame.numbers(table, Columns(plain))?;
    let told = frame.cards(table)?;
    let mut releases = Vec::with_capacity(told.len());
    for (told, identity, attributes) in told {
        let alias = BorderAlias { nation, number: told.alias };
        let named = named(table, &told, identity, attributes)?;
        releases.push(told.value.release(alias, &told.profile, named)?);
        table.tell(told)?;
    }
    Ok(releases)
}

/// Who a thing says it is and what else, when this value is named: told now or before.
fn named(
    table: &Table,
    told: &Told,
    identity: Option<Identity>,
    attributes: Option<Attributes>,
) -> Result<Option<(Identity, Attributes)>, CompactError> {
    if !told.value.is_named() {
        return Ok(None);
    }
    let identity = identity.ok_or(CompactError::Unknown("a name"))?;
    let attributes = match (attributes, last(table, told.handle, told.value.aspect())) {
        (Some(now), _) => now,
        (None, Some(last)) => stored(&last.attributes)?,
        (None, None) => Attributes::default(),
    };
    Ok(Some((identity, attributes)))
}

/// One value while its frame is read.
struct Item {
    handle: u32,
    change: u64,
    value: Value,
}

struct Frame<'a> {
    columns: Columns<'a>,
    items: Vec<Item>,
}

type Read = (Told, Option<Identity>, Option<Attributes>);

impl<'a> Frame<'a> {
    /// Which values there are, and which fields each has.
    fn heads(table: &Table, mut columns: Columns<'a>) -> Result<Self, CompactError> {
        let count = columns.number()?;
        if count > VALUES_MAX as u64 {
            return Err(CompactError::Range("the number of values"));
        }
        let mut keys = Vec::new();
        let mut previous = -2_i64;
        for _ in 0..count {
            let key = columns.signed()?.checked_add(previous + 2);
            let key = key.filter(|key| (0..=i64::from(u32::MAX)).contains(key));
            previous = key.ok_or(CompactError::Unknown("a handle"))?;
            keys.push(previous as u32);
        }
        let changes: Vec<u64> = keys.iter().map(|_| columns.number()).collect::<Result<_, _>>()?;
        let mut items = Vec::new();
        let mut before = table.present;
        for (key, change) in keys.into_iter().zip(changes) {
            let handle = key / 2;
            let known = last(table, handle, key as usize % 2).map_or(before, |last| last.present);
            let differs = if change & PRESENCE == 0 { 0 } else { columns.number()? };
            let differs = u32::try_from(differs).ok().filter(|bits| bits >> 31 == 0);
            let value = Value::empty(known ^ differs.ok_or(CompactError::Range("presence"))?);
            if value.aspect() != key as usize % 2 || change > CARD + ATTRIBUTES + PRESENCE {
                return Err(CompactError::Unknown("an aspect"));
            }
            before = value.present;
            items.push(Item { handle, change, value });
        }
        Ok(Self { columns, items })
    }

    /// The columns of numbers.
    fn numbers(&mut self, table: &Table, mut plain: Columns<'_>) -> Result<(), CompactError> {
        let mut previous: [i64; FIELDS] = table.previous();
        let news = self.columns.number()?;
        if news >> FIELDS != 0 {
            return Err(CompactError::Unknown("a column"));
        }
        for field in Field::ALL {
            let is_news = news >> field as u32 & 1 == 1;
            for Item { handle, value, .. } in &mut self.items {
                if !value.has(field) {
                    continue;
                }
                let known = last(table, *handle, value.aspect());
                let number = expected(field, known, value, &previous);
                let differs = match (is_news, Field::PLACE.contains(&field)) {
                    (false, _) => 0,
                    (true, true) => self.columns.split(&mut plain)?,
                    (true, false) => self.columns.signed()?,
                };
                let number = number.wrapping_add(differs);
                value.set(field, number);
                if let Some(previous) = previous.get_mut(field as usize) {
                    *previous = number;
                }
            }
        }
        for Item { value, .. } in &mut self.items {
            let bytes = plain.bytes(value.content_bytes())?;
            value.content = bytes.iter().rev().fold(0, |hash, byte| hash << 8 | u64::from(*byte));
        }
        Ok(())
    }

    /// Aliases, kinds, names and the rest that is no number; the tables are full or take them.
    fn cards(mut self, table: &mut Table) -> Result<Vec<Read>, CompactError> {
        let mut standing: BTreeMap<u32, (u32, Arc<Profile>, Option<Identity>)> = BTreeMap::new();
        let mut profiles: Vec<(Arc<Profile>, usize)> = Vec::new();
        let (mut things, mut text_bytes, mut alias) = (table.things(), 0, 0_i64);
        let mut told = Vec::new();
        for Item { handle, change, value } in std::mem::take(&mut self.items) {
            let known = standing.remove(&handle).or_else(|| {
                let thing = table.thing(handle)?;
                Some((thing.alias, thing.profile.clone(), thing.identity.clone()))
            });
            let mut news = None;
            let now = if change & CARD == 0 {
                known.ok_or(CompactError::Unknown("a handle"))?
            } else {
                let number = match &known {
                    Some((number, ..)) => *number,
                    None if handle == things => {
                        things += 1;
                        let number = self.columns.signed()?.checked_add(alias + 1);
                        let number = number.and_then(|number| u32::try_from(number).ok());
                        let number = number.ok_or(CompactError::Range("an alias"))?;
                        alias = number.into();
                        number
                    }
                    None => return Err(CompactError::Unknown("a handle")),
                };
                let profile = self.profile(table, &mut profiles)?;
                news = self.identity()?;
                text_bytes += news.as_ref().map_or(0, identity_bytes);
                (number, profile, news.clone().or(known.and_then(|(.., name)| name)))
            };
            let (alias, profile, name) = now.clone();
            standing.insert(handle, now);
            let attributes = None;
            let change = change & ATTRIBUTES;
            told.push((
                Told { handle, alias, profile, identity: news, value, attributes },
                name,
                change,
            ));
        }
        let count = told.iter().filter(|(.., change)| *change != 0).count();
        let mut news = read_attributes(&mut self.columns, count)?.into_iter();
        let mut read = Vec::with_capacity(told.len());
        for (mut told, name, change) in told {
            let said = if change == 0 { None } else { news.next() };
            told.attributes = said.as_ref().map(to_stored);
            text_bytes += told.attributes.as_ref().map_or(0, |bytes| bytes.len());
            read.push((told, name, said));
        }
        if !self.columns.0.is_empty() {
            return Err(CompactError::Long);
        }
        text_bytes += profiles.iter().map(|(_, bytes)| bytes).sum::<usize>();
        if !table.has_room((things - table.things()) as usize, profiles.len(), text_bytes) {
            return Err(CompactError::Full);
        }
        for (profile, bytes) in &profiles {
            table.tell_profile(profile, *bytes);
        }
        Ok(read)
    }

    fn profile(
        &mut self,
        table: &Table,
        profiles: &mut Vec<(Arc<Profile>, usize)>,
    ) -> Result<Arc<Profile>, CompactError> {
        let unknown = CompactError::Unknown("a kind of thing");
        let number = u32::try_from(self.columns.number()?).map_err(|_| CompactError::Short)?;
        let Some(index) = number.checked_sub(table.profiles()) else {
            return table.profile(number).cloned().ok_or(unknown);
        };
        if let Some((known, _)) = profiles.get(index as usize) {
            return Ok(known.clone());
        }
        if index as usize != profiles.len() {
            return Err(unknown);
        }
        let bytes = self.columns.told_bytes()?;
        let profile = from_canonical(bytes).map_err(|_| CompactError::Range("a kind of thing"))?;
        profiles.push((Arc::new(profile), bytes.len()));
        profiles.last().map(|(known, _)| known.clone()).ok_or(unknown)
    }

    fn identity(&mut self) -> Result<Option<Identity>, CompactError> {
        let kind = self.columns.bytes(1)?.first().copied().unwrap_or_default();
        let wrap = match kind {
            0 => return Ok(None),
            1 => Identity::Mmsi,
            2 => Identity::Icao,
            3 => Identity::NonIcao,
            4 => {
                let identity = from_canonical(self.columns.told_bytes()?);
                return identity.map(Some).map_err(|_| CompactError::Range("a name"));
            }
            _ => return Err(CompactError::Unknown("a kind of name")),
        };
        let number = self.columns.bytes(4)?.iter().fold(0, |n, byte| n << 8 | u32::from(*byte));
        Ok(Some(wrap(number)))
    }
}

/// What a thing says of itself, as the table keeps it: canonical CBOR, nothing said is no bytes.
pub(crate) fn to_stored(said: &Attributes) -> Box<[u8]> {
    let is_nothing = *said == Attributes::default();
    if is_nothing { Box::default() } else { to_canonical(said).into() }
}

fn stored(bytes: &[u8]) -> Result<Attributes, CompactError> {
    if bytes.is_empty() {
        return Ok(Attributes::default());
    }
    from_canonical(bytes).map_err(|_| CompactError::Range("what a thing says of itself"))
}

/// What was told last of an aspect of a thing, before this frame.
fn last(table: &Table, handle: u32, aspect: usize) -> Option<&Last> {
    table.thing(handle)?.last.get(aspect)?.as_deref()
}
