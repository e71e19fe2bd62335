//! Types 12 and 14: safety-related text, to one station and to all.

use super::super::text::Text;
use super::{Bits, Field};

/// Safety-related text: addressed (type 12) or broadcast (type 14).
///
/// | bits | field |
/// |---|---|
/// | 0–37 | type, repeat, sender |
/// | 38–39 | sequence number (type 12), spare (type 14) |
/// | 40–69 | destination (type 12 alone) |
/// | 70–71 | sent again, spare (type 12 alone) |
/// | from 72 or 40 | six-bit text, up to 156 or 161 characters |
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SafetyText {
    /// 12 or 14.
    pub kind: u8,
    /// How often it was repeated, 0–3.
    pub repeat: u8,
    /// Who sent it.
    pub mmsi: u32,
    /// To whom and how; `None` = to all (type 14).
    pub to: Option<Addressed>,
    /// What it says.
    pub text: Text<161>,
}

/// Whom a message addresses (bits 38–71 of types 6 and 12).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Addressed {
    /// 0–3; the acknowledgement repeats it.
    pub sequence: u8,
    /// Who shall read it.
    pub destination: u32,
    /// Sent again because no acknowledgement came.
    pub is_retransmitted: bool,
}

impl Addressed {
    pub(super) fn read(bits: &Bits) -> Self {
        Self {
            sequence: Field::read(bits, 38, 2),
            destination: Field::read(bits, 40, 30),
            is_retransmitted: Field::read(bits, 70, 1),
        }
    }

    pub(super) fn write(self, bits: &mut Bits) {
        self.sequence.write(bits, 38, 2);
        self.destination.write(bits, 40, 30);
        self.is_retransmitted.write(bits, 70, 1);
    }
}

impl SafetyText {
    /// `None` when not even the address was sent.
    pub(in crate::ais) fn read(bits: &Bits) -> Option<Self> {
        let kind = Field::read(bits, 0, 6);
        let start = Self::start(kind);
        let mut text = Text::read(bits, start);
        text.cut(bits.len().checked_sub(start)? / 6);
        Some(Self {
            kind,
            repeat: Field::read(bits, 6, 2),
            mmsi: Field::read(bits, 8, 30),
            to: (kind == 12).then(|| Addressed::read(bits)),
            text,
        })
    }

    fn start(kind: u8) -> usize {
        if kind == 12 { 72 } else { 40 }
    }

    pub(in crate::ais) fn written(&self) -> Bits {
        let start = Self::start(self.kind);
        let mut bits = Bits::zeros(start + self.text.used_len() * 6);
        self.kind.write(&mut bits, 0, 6);
        self.repeat.write(&mut bits, 6, 2);
        self.mmsi.write(&mut bits, 8, 30);
        if let Some(to) = self.to.filter(|_| self.kind == 12) {
            to.write(&mut bits);
        }
        self.text.write(&mut bits, start);
        bits
    }
}
