//! Types 7, 13, 15, 16 and 20: messages whose length says how many entries they have.
//!
//! Refuses: half an entry. What is cut off within an entry is left out whole.

use super::{Bits, Field};

/// `list!(Name, list, Entry, most, bits of one, bits needed of one, which to keep; its doc =>
/// field: type = bit, width; …)`, the entry's bits counted from its own start.
macro_rules! list {
    ($(#[$doc:meta])* $name:ident, $(#[$list_doc:meta])* $list:ident,
     $entry:ident, $most:literal, $size:literal, $need:literal, $keep:expr;
     $(#[$entry_doc:meta])* =>
     $($(#[$field_doc:meta])* $field:ident: $type:ty = $at:literal, $width:literal;)*) => {
        $(#[$entry_doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
        pub struct $entry {
            $(
                $(#[$field_doc])*
                #[doc = concat!("(bit ", $at, " of its entry, ", $width, " wide)")]
                pub $field: $type,
            )*
        }

        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name {
            /// Message type.
            pub kind: u8,
            /// How often it was repeated, 0–3.
            pub repeat: u8,
            /// Who sent it.
            pub mmsi: u32,
            $(#[$list_doc])*
            #[doc = concat!("(from bit 40, ", $size, " bits each)")]
            pub $list: [Option<$entry>; $most],
        }

        impl $name {
            /// `None` when not one entry is whole.
            pub(in crate::ais) fn read(bits: &Bits) -> Option<Self> {
                let keep: fn(&$entry) -> bool = $keep;
                let mut list = [None; $most];
                for (slot, start) in list.iter_mut().zip((40..).step_by($size)) {
                    if bits.len() >= start + $need {
                        let entry = $entry { $($field: Field::read(bits, start + $at, $width),)* };
                        *slot = Some(entry).filter(keep);
                    }
                }
                (bits.len() >= 40 + $need).then(|| Self {
                    kind: Field::read(bits, 0, 6),
                    repeat: Field::read(bits, 6, 2),
                    mmsi: Field::read(bits, 8, 30),
                    $list: list,
                })
            }

            pub(in crate::ais) fn written(&self) -> Bits {
                let used = self.$list.iter().rposition(Option::is_some).map_or(1, |last| last + 1);
                let mut bits = Bits::zeros(40 + used * $size);
                self.kind.write(&mut bits, 0, 6);
                self.repeat.write(&mut bits, 6, 2);
                self.mmsi.write(&mut bits, 8, 30);
                for (entry, start) in self.$list.iter().zip((40..).step_by($size)) {
                    if let Some(entry) = entry {
                        $(Field::write(&entry.$field, &mut bits, start + $at, $width);)*
                    }
                }
                bits
            }
        }
    };
}

list! {
    /// Type 7: acknowledges binary messages (type 6); type 13: safety texts (type 12).
    Acknowledgement,
    /// Up to four.
    acknowledged, Acknowledged, 4, 32, 32, |_| true;
    /// One message that arrived.
    =>
    /// Who had sent it.
    mmsi: u32 = 0, 30;
    /// Its sequence number, 0–3.
    sequence: u8 = 30, 2;
}

list! {
    /// Type 16: a base station tells one or two ships when to report.
    Assignment,
    /// Up to two; an address of zero is none.
    assigned, Assigned, 2, 52, 52, |entry| entry.mmsi > 0;
    /// Whom and when.
    =>
    /// Who shall report.
    mmsi: u32 = 0, 30;
    /// Slots from now to the first report, 0–4095.
    offset: u16 = 30, 12;
    /// Slots between reports, 0–1023; 0 = `offset` counts reports in ten minutes.
    increment: u16 = 42, 10;
}

list! {
    /// Type 20: a base station reserves slots for itself.
    Reservation,
    /// Up to four; one of no slots is none.
    reserved, Reserved, 4, 30, 30, |entry| entry.slots > 0;
    /// Which slots, and for how long.
    =>
    /// Slots from now to the first, 0–4095.
    offset: u16 = 0, 12;
    /// How many, 1–15.
    slots: u8 = 12, 4;
    /// For how long, in minutes, 0–7.
    timeout_min: u8 = 16, 3;
    /// Slots to the next such block, 0–2047; 0 = once a frame.
    increment: u16 = 19, 11;
}

/// Type 15: asks one or two stations for messages.
///
/// | bits | field |
/// |---|---|
/// | 40–69, 70–75, 76–87 | first station, message type, slot offset |
/// | 90–95, 96–107 | the first station's second message type, slot offset |
/// | 110–139, 140–145, 146–157 | second station, message type, slot offset |
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interrogation {
    /// 15.
    pub kind: u8,
    /// How often it was repeated, 0–3.
    pub repeat: u8,
    /// Who sent it.
    pub mmsi: u32,
    /// First request, the first station's second, the second station's.
    pub requests: [Option<Interrogated>; 3],
}

/// What one station shall send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Interrogated {
    /// Who is asked.
    pub mmsi: u32,
    /// For which message type.
    pub message_type: u8,
    /// In which slot from now on, 0–4095; 0 = by its own choice.
    pub offset: u16,
}

impl Interrogation {
    /// First bit of each request's address and message type.
    const AT: [(usize, usize); 3] = [(40, 70), (40, 90), (110, 140)];

    /// `None` when not even the first request is whole.
    pub(in crate::ais) fn read(bits: &Bits) -> Option<Self> {
        let requests = Self::AT.map(|(who, what)| {
            let request = Interrogated {
                mmsi: Field::read(bits, who, 30),
                message_type: Field::read(bits, what, 6),
                offset: Field::read(bits, what + 6, 12),
            };
            let sent = bits.len() >= what + 18 && (what == 70 || request.message_type > 0);
            sent.then_some(request)
        });
        requests.first()?.map(|_| Self {
            kind: Field::read(bits, 0, 6),
            repeat: Field::read(bits, 6, 2),
            mmsi: Field::read(bits, 8, 30),
            requests,
        })
    }

    pub(in crate::ais) fn written(&self) -> Bits {
        /// Bits of a message with one, two and three requests.
        const LEN: [usize; 3] = [88, 110, 160];
        let last = self.requests.iter().rposition(Option::is_some).unwrap_or(0);
        let mut bits = Bits::zeros(LEN.get(last).copied().unwrap_or(160));
        self.kind.write(&mut bits, 0, 6);
        self.repeat.write(&mut bits, 6, 2);
        self.mmsi.write(&mut bits, 8, 30);
        for (index, (request, (who, what))) in self.requests.iter().zip(Self::AT).enumerate() {
            let Some(request) = request else { continue };
            // The second request is of the first station, whose address is already there.
            if index != 1 {
                request.mmsi.write(&mut bits, who, 30);
            }
            request.message_type.write(&mut bits, what, 6);
            request.offset.write(&mut bits, what + 6, 12);
        }
        bits
    }
}
