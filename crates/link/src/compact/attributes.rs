//! What things say of themselves, field by field: names beside names, so that they pack well.

use renkei_model::observation::{Attributes, Emergency};

use super::CompactError;
use super::columns::{Columns, put};

/// Number of fields of [`Attributes`], in the order of their canonical CBOR.
const FIELDS: usize = 13;

/// One field of one thing.
enum Said<'a> {
    Text(&'a str),
    Number(u64),
}

/// Which fields are text.
const fn is_text(field: usize) -> bool {
    matches!(field, 0 | 1 | 4 | 8 | 9 | 10 | 12)
}

/// Appends what each of `list` says: which fields, then column by column; of a text its lengths
/// before its letters.
pub(crate) fn put_attributes(out: &mut Vec<u8>, list: &[Attributes]) {
    for said in list {
        let mask = (0..FIELDS).filter(|field| get(said, *field).is_some());
        put(out, mask.map(|field| 1 << field).sum());
    }
    for field in 0..FIELDS {
        let column = || list.iter().filter_map(|said| get(said, field));
        for said in column() {
            match said {
                Said::Text(text) => put(out, text.len() as u64),
                Said::Number(number) => put(out, number),
            }
        }
        for said in column() {
            if let Said::Text(text) = said {
                out.extend_from_slice(text.as_bytes());
            }
        }
    }
}

/// Reads what `count` things say.
pub(crate) fn read_attributes(
    columns: &mut Columns<'_>,
    count: usize,
) -> Result<Vec<Attributes>, CompactError> {
    let masks = (0..count).map(|_| columns.number()).collect::<Result<Vec<_>, _>>()?;
    if masks.iter().any(|mask| mask >> FIELDS != 0) {
        return Err(CompactError::Unknown("what a thing says of itself"));
    }
    let mut list = vec![Attributes::default(); count];
    for field in 0..FIELDS {
        let mut column: Vec<_> =
            list.iter_mut().zip(&masks).filter(|(_, mask)| **mask >> field & 1 == 1).collect();
        let numbers = column.iter().map(|_| columns.number()).collect::<Result<Vec<_>, _>>()?;
        for ((said, _), number) in column.iter_mut().zip(numbers) {
            if is_text(field) {
                let length = usize::try_from(number).map_err(|_| CompactError::Short)?;
                let text = std::str::from_utf8(columns.bytes(length)?);
                let text = text.map_err(|_| CompactError::Range("a text"))?;
                set_text(said, field, text.into());
            } else {
                set_number(said, field, number)?;
            }
        }
    }
    Ok(list)
}

fn get(said: &Attributes, field: usize) -> Option<Said<'_>> {
    let Attributes {
        name,
        callsign,
        imo,
        ship_type,
        destination,
        length_m,
        beam_m,
        nav_status,
        squawk,
        cot_type,
        team,
        emergency,
        safety_text,
    } = said;
    match field {
        0 => name.as_deref().map(Said::Text),
        1 => callsign.as_deref().map(Said::Text),
        2 => imo.map(|n| Said::Number(n.into())),
        3 => ship_type.map(|n| Said::Number(n.into())),
        4 => destination.as_deref().map(Said::Text),
        5 => length_m.map(|n| Said::Number(n.into())),
        6 => beam_m.map(|n| Said::Number(n.into())),
        7 => nav_status.map(|n| Said::Number(n.into())),
        8 => squawk.as_deref().map(Said::Text),
        9 => cot_type.as_deref().map(Said::Text),
        10 => team.as_deref().map(Said::Text),
        11 => emergency.map(|e| Said::Number(emergency_number(e))),
        _ => safety_text.as_deref().map(Said::Text),
    }
}

fn set_text(said: &mut Attributes, field: usize, text: String) {
    let slot = match field {
        0 => &mut said.name,
        1 => &mut said.callsign,
        4 => &mut said.destination,
        8 => &mut said.squawk,
        9 => &mut said.cot_type,
        10 => &mut said.team,
        _ => &mut said.safety_text,
    };
    *slot = Some(text);
}

fn set_number(said: &mut Attributes, field: usize, number: u64) -> Result<(), CompactError> {
    match field {
        2 => said.imo = Some(fit(number)?),
        3 => said.ship_type = Some(fit(number)?),
        5 => said.length_m = Some(fit(number)?),
        6 => said.beam_m = Some(fit(number)?),
        7 => said.nav_status = Some(fit(number)?),
        _ => {
            let known = EMERGENCIES.into_iter().find(|e| emergency_number(*e) == number);
            said.emergency = Some(known.ok_or(CompactError::Range("an emergency"))?);
        }
    }
    Ok(())
}

fn fit<T: TryFrom<u64>>(number: u64) -> Result<T, CompactError> {
    T::try_from(number).map_err(|_| CompactError::Range("what a thing says of itself"))
}

const EMERGENCIES: [Emergency; 5] = [
    Emergency::Distress,
    Emergency::UnlawfulInterference,
    Emergency::RadioFailure,
    Emergency::GeneralEmergency,
    Emergency::CotEmergency,
];

fn emergency_number(emergency: Emergency) -> u64 {
    match emergency {
        Emergency::Distress => 0,
        Emergency::UnlawfulInterference => 1,
        Emergency::RadioFailure => 2,
        Emergency::GeneralEmergency => 3,
        Emergency::CotEmergency => 4,
    }
}
