//! Types 6, 8, 17, 25 and 26: messages whose content is bits of an application.

use super::safety::Addressed;
use super::{Bits, Field, Fix};

/// The bits of an application, as sent; at most 1,080 are kept, which is more than goes on the air.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Data(Bits);

impl Data {
    /// How many bits there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.len() == 0
    }

    /// The bits eight at a time, first bit uppermost; the last byte is filled with zeros.
    pub fn bytes(&self) -> impl Iterator<Item = u8> {
        (0..self.0.len()).step_by(8).map(|at| self.0.get(at, 8) as u8)
    }

    pub(in crate::ais) fn bits(&self) -> &Bits {
        &self.0
    }
}

impl std::fmt::Debug for Data {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} bits ", self.len())?;
        self.bytes().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// A binary message: addressed (type 6), broadcast (8), of one slot (25) or of several (26).
///
/// | bits | types 6 | type 8 | types 25 and 26 |
/// |---|---|---|---|
/// | 38–39 | sequence | spare | addressed, has an application identifier |
/// | 40–69 | destination | — | destination, when addressed |
/// | 70–71 | sent again, spare | — | — |
/// | next 16 | DAC (10) and FI (6) | from 40 | when flagged, from 70 or 40 |
/// | rest | data | data | data; the last 20 of type 26 are its communication state |
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binary {
    /// 6, 8, 25 or 26.
    pub kind: u8,
    /// How often it was repeated, 0–3.
    pub repeat: u8,
    /// Who sent it.
    pub mmsi: u32,
    /// To whom; `None` = to all. Types 25 and 26 have neither sequence nor retransmission.
    pub to: Option<Addressed>,
    /// Designated area code, 0–1023, and function identifier, 0–63; `None` = unstructured.
    pub application: Option<(u16, u8)>,
    /// What the application says.
    pub data: Data,
    /// Type 26: communication state with its selector; `None` when the message ends before it.
    pub radio: Option<u32>,
}

impl Binary {
    /// Communication state of type 26.
    const RADIO_BITS: usize = 20;

    /// `None` when it ends before its data begins.
    pub(in crate::ais) fn read(bits: &Bits) -> Option<Self> {
        let kind: u8 = Field::read(bits, 0, 6);
        let (first, second) = (bits.get(38, 1) == 1, bits.get(39, 1) == 1);
        let (to, start, structured) = match kind {
            6 => (Some(Addressed::read(bits)), 72, true),
            8 => (None, 40, true),
            _ if first => (Some(to(bits)), 70, second),
            _ => (None, 40, second),
        };
        let application =
            structured.then(|| (Field::read(bits, start, 10), Field::read(bits, start + 10, 6)));
        let start = if structured { start + 16 } else { start };
        let len = bits.len().checked_sub(start)?;
        let mut data = bits.behind(start);
        let mut radio = None;
        if kind == 26 && (Self::RADIO_BITS..=data.len()).contains(&len) {
            let rest = len - Self::RADIO_BITS;
            radio = Some(Field::read(&data, rest, Self::RADIO_BITS));
            data.truncate(rest);
        }
        Some(Self {
            kind,
            repeat: Field::read(bits, 6, 2),
            mmsi: Field::read(bits, 8, 30),
            to,
            application,
            data: Data(data),
            radio,
        })
    }

    pub(in crate::ais) fn written(&self) -> Bits {
        let structured = self.application.is_some();
        let at = match (self.kind, self.to) {
            (6, _) => 72,
            (8, _) | (_, None) => 40,
            (_, Some(_)) => 70,
        };
        let start = if structured { at + 16 } else { at };
        let radio = if self.radio.is_some() { Self::RADIO_BITS } else { 0 };
        let mut bits = Bits::zeros(start + self.data.len() + radio);
        self.kind.write(&mut bits, 0, 6);
        self.repeat.write(&mut bits, 6, 2);
        self.mmsi.write(&mut bits, 8, 30);
        match (self.kind, self.to) {
            (6, Some(to)) => to.write(&mut bits),
            (25 | 26, to) => {
                to.is_some().write(&mut bits, 38, 1);
                structured.write(&mut bits, 39, 1);
                to.map_or(0, |to| to.destination).write(&mut bits, 40, 30);
            }
            _ => {}
        }
        if let Some((area, function)) = self.application {
            area.write(&mut bits, at, 10);
            function.write(&mut bits, at + 10, 6);
        }
        bits.append(start, self.data.bits());
        if let Some(radio) = self.radio {
            radio.write(&mut bits, start + self.data.len(), Self::RADIO_BITS);
        }
        bits
    }
}

/// The destination of types 25 and 26.
fn to(bits: &Bits) -> Addressed {
    let destination = Field::read(bits, 40, 30);
    Addressed { sequence: 0, destination, is_retransmitted: false }
}

/// Type 17: corrections to satellite positions, for receivers near a reference station.
///
/// | bits | field |
/// |---|---|
/// | 0–39 | type, repeat, sender, spare |
/// | 40–74 | the reference station's place, 1/10 minute |
/// | 75–79 | spare |
/// | from 80 | corrections (ITU-R M.823), kept as sent |
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Differential {
    /// 17.
    pub kind: u8,
    /// How often it was repeated, 0–3.
    pub repeat: u8,
    /// Who sent it.
    pub mmsi: u32,
    /// Where the reference station is.
    pub fix: Fix<600>,
    /// The corrections.
    pub data: Data,
}

impl Differential {
    const START: usize = 80;

    /// `None` when it ends before its corrections begin.
    pub(in crate::ais) fn read(bits: &Bits) -> Option<Self> {
        (bits.len() >= Self::START).then(|| Self {
            kind: Field::read(bits, 0, 6),
            repeat: Field::read(bits, 6, 2),
            mmsi: Field::read(bits, 8, 30),
            fix: Field::read(bits, 40, 35),
            data: Data(bits.behind(Self::START)),
        })
    }

    pub(in crate::ais) fn written(&self) -> Bits {
        let mut bits = Bits::zeros(Self::START + self.data.len());
        self.kind.write(&mut bits, 0, 6);
        self.repeat.write(&mut bits, 6, 2);
        self.mmsi.write(&mut bits, 8, 30);
        self.fix.write(&mut bits, 40, 35);
        bits.append(Self::START, self.data.bits());
        bits
    }
}
