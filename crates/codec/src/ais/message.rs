//! One AIS message: its type's table chosen by the first six bits, and whole sentences back.
//!
//! Refuses: types that M.1371-5 does not know, and reports too short for what they report. Of other
//! messages that end early the sender is read and nothing is guessed at.

use std::fmt::Write as _;

use super::DecodeError;
use super::bits::Bits;
use super::layout::{
    Acknowledgement, AidToNavigation, Assignment, BaseStation, Binary, ChannelManagement,
    DateInquiry, Differential, ExtendedB, GroupAssignment, Interrogation, LongRange, PositionA,
    PositionB, Reservation, SafetyText, SarAircraft, StaticA, StaticB, Voyage,
};

/// A decoded message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message {
    /// Types 1, 2, 3.
    PositionA(PositionA),
    /// Types 4, 11.
    BaseStation(BaseStation),
    /// Type 5.
    Voyage(Voyage),
    /// Types 6, 8, 25, 26.
    Binary(Binary),
    /// Types 7, 13.
    Acknowledgement(Acknowledgement),
    /// Type 9.
    SarAircraft(SarAircraft),
    /// Type 10.
    DateInquiry(DateInquiry),
    /// Types 12, 14.
    SafetyText(SafetyText),
    /// Type 15.
    Interrogation(Interrogation),
    /// Type 16.
    Assignment(Assignment),
    /// Type 17.
    Differential(Differential),
    /// Type 18.
    PositionB(PositionB),
    /// Type 19.
    ExtendedB(ExtendedB),
    /// Type 20.
    Reservation(Reservation),
    /// Type 21.
    AidToNavigation(AidToNavigation),
    /// Type 22.
    ChannelManagement(ChannelManagement),
    /// Type 23.
    GroupAssignment(GroupAssignment),
    /// Type 24 part A.
    StaticA(StaticA),
    /// Type 24 part B.
    StaticB(StaticB),
    /// Type 27.
    LongRange(LongRange),
    /// What ends before its type's content, and type 24 beyond parts A and B.
    Other(Other),
}

/// A message of which only the sender can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Other {
    /// Message type, 1–27.
    pub kind: u8,
    /// How often it was repeated, 0–3.
    pub repeat: u8,
    /// Who sent it.
    pub mmsi: u32,
}

/// Reads one whole payload (all parts joined) whose last `fill` bits are padding.
///
/// # Errors
/// [`DecodeError`] when a character is no payload character, the type is unknown, or the payload
/// is too short for the fields that its type reports.
pub fn decode(payload: &[u8], fill: u8) -> Result<Message, DecodeError> {
    let mut message = Message::NONE;
    decode_into(payload, fill, &mut message).map(|()| message)
}

/// As [`decode`], in place: a message is 200 bytes, and moving one costs as much as reading it.
pub(super) fn decode_into(
    payload: &[u8],
    fill: u8,
    message: &mut Message,
) -> Result<(), DecodeError> {
    let mut bits = Bits::zeros(0);
    bits.unarmour(payload, fill)?;
    if bits.len() < 38 {
        return Err(DecodeError::Empty { bits: bits.len() });
    }
    let kind = bits.get(0, 6) as u8;
    let whole = |need: usize| match bits.len() < need {
        true => Err(DecodeError::Truncated { kind, bits: bits.len(), need }),
        false => Ok(()),
    };
    macro_rules! table {
        ($table:ident) => {
            whole($table::NEED).map(|()| *message = Message::$table($table::read(&bits)))
        };
    }
    // What is no report says who sent it even when its content was cut off.
    macro_rules! content {
        ($table:ident) => {{
            let content = $table::read(&bits).map(Message::$table);
            *message = content.unwrap_or_else(|| other(&bits, kind));
            Ok(())
        }};
    }
    macro_rules! fixed {
        ($table:ident) => {{
            let is_whole = bits.len() >= $table::NEED;
            let content = is_whole.then(|| Message::$table($table::read(&bits)));
            *message = content.unwrap_or_else(|| other(&bits, kind));
            Ok(())
        }};
    }
    match (kind, bits.get(38, 2)) {
        (1..=3, _) => table!(PositionA),
        (4 | 11, _) => table!(BaseStation),
        (5, _) => table!(Voyage),
        (6 | 8 | 25 | 26, _) => content!(Binary),
        (7 | 13, _) => content!(Acknowledgement),
        (9, _) => table!(SarAircraft),
        (10, _) => fixed!(DateInquiry),
        (12 | 14, _) => content!(SafetyText),
        (15, _) => content!(Interrogation),
        (16, _) => content!(Assignment),
        (17, _) => content!(Differential),
        (18, _) => table!(PositionB),
        (19, _) => table!(ExtendedB),
        (20, _) => content!(Reservation),
        (21, _) => {
            whole(AidToNavigation::NEED).map(|()| *message = Message::AidToNavigation(aid(&bits)))
        }
        (22, _) => fixed!(ChannelManagement),
        (23, _) => fixed!(GroupAssignment),
        (24, 0) => table!(StaticA),
        (24, 1) => table!(StaticB),
        (27, _) => table!(LongRange),
        (24, _) => {
            *message = other(&bits, kind);
            Ok(())
        }
        _ => Err(DecodeError::Type(kind)),
    }
}

/// A type 21 whose extension ends where the message does.
fn aid(bits: &Bits) -> AidToNavigation {
    let mut aid = AidToNavigation::read(bits);
    let sent = bits.len().saturating_sub(AidToNavigation::SENT) / 6;
    aid.extension.cut(sent);
    aid
}

fn other(bits: &Bits, kind: u8) -> Message {
    let (repeat, mmsi) = (bits.get(6, 2) as u8, bits.get(8, 30) as u32);
    Message::Other(Other { kind, repeat, mmsi })
}

impl Message {
    /// Nothing that was ever sent.
    pub(super) const NONE: Self = Self::Other(Other { kind: 0, repeat: 0, mmsi: 0 });

    /// Message type, 1–27.
    #[must_use]
    pub fn kind(&self) -> u8 {
        self.sender().0
    }

    /// Who sent it: 30 bits, of which a valid MMSI uses nine decimal digits.
    #[must_use]
    pub fn mmsi(&self) -> u32 {
        self.sender().1
    }

    fn sender(&self) -> (u8, u32) {
        macro_rules! of {
            ($($table:ident)*) => {
                match self { $(Self::$table(m) => (m.kind, m.mmsi),)* }
            };
        }
        of!(PositionA BaseStation Voyage Binary Acknowledgement SarAircraft DateInquiry SafetyText
            Interrogation Assignment Differential PositionB ExtendedB Reservation AidToNavigation
            ChannelManagement GroupAssignment StaticA StaticB LongRange Other)
    }
}

/// The payload of `message` and how many of its last bits are padding; `None` when only its sender
/// is known. Integers too wide for their field lose their upper bits.
#[must_use]
pub fn encode_payload(message: &Message) -> Option<(String, u8)> {
    macro_rules! written {
        ($table:ident, $message:expr) => {{
            let mut bits = Bits::zeros($table::SENT);
            $message.write(&mut bits);
            bits
        }};
    }
    let bits = match message {
        Message::PositionA(m) => written!(PositionA, m),
        Message::BaseStation(m) => written!(BaseStation, m),
        Message::Voyage(m) => written!(Voyage, m),
        Message::Binary(m) => m.written(),
        Message::Acknowledgement(m) => m.written(),
        Message::SarAircraft(m) => written!(SarAircraft, m),
        Message::DateInquiry(m) => written!(DateInquiry, m),
        Message::SafetyText(m) => m.written(),
        Message::Interrogation(m) => m.written(),
        Message::Assignment(m) => m.written(),
        Message::Differential(m) => m.written(),
        Message::PositionB(m) => written!(PositionB, m),
        Message::ExtendedB(m) => written!(ExtendedB, m),
        Message::Reservation(m) => m.written(),
        Message::AidToNavigation(m) => written_aid(m),
        Message::ChannelManagement(m) => written!(ChannelManagement, m),
        Message::GroupAssignment(m) => written!(GroupAssignment, m),
        Message::StaticA(m) => written!(StaticA, m),
        Message::StaticB(m) => written!(StaticB, m),
        Message::LongRange(m) => written!(LongRange, m),
        Message::Other(_) => return None,
    };
    Some(bits.armour())
}

/// The name's extension in whole characters, then spare bits up to a whole byte.
fn written_aid(aid: &AidToNavigation) -> Bits {
    let extension = aid.extension.used_len() * 6;
    let mut bits = Bits::zeros((AidToNavigation::SENT + extension).next_multiple_of(8));
    aid.write(&mut bits);
    bits
}

/// How sentences are addressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Framing {
    /// Two capital letters, for example `AI` (mobile station) or `BS` (base station).
    pub talker: [u8; 2],
    /// VDO: the station's own report.
    pub own_ship: bool,
    /// 0–9, joins the parts of one message; not written for a single part.
    pub sequence: u8,
    /// `A` or `B`; `None` leaves the field empty.
    pub channel: Option<u8>,
}

impl Default for Framing {
    /// `!AIVDM` on channel A, sequence 0.
    fn default() -> Self {
        Self { talker: *b"AI", own_ship: false, sequence: 0, channel: Some(b'A') }
    }
}

/// Whole sentences of `message` without line ends, at most 82 characters each; empty when only its
/// sender is known.
#[must_use]
pub fn encode_sentences(message: &Message, framing: Framing) -> Vec<String> {
    /// `!AIVDM,2,1,0,A,` + 60 + `,0*hh` and a line's end are 82 characters.
    const CHARS_MAX: usize = 60;
    let Some((payload, fill)) = encode_payload(message) else { return Vec::new() };
    let total = payload.len().div_ceil(CHARS_MAX);
    let [t0, t1] = framing.talker.map(char::from);
    let kind = if framing.own_ship { 'O' } else { 'M' };
    let channel = framing.channel.map(char::from).map_or(String::new(), String::from);
    let sequence = if total > 1 { (framing.sequence % 10).to_string() } else { String::new() };
    let parts = payload.as_bytes().chunks(CHARS_MAX).map(String::from_utf8_lossy);
    (1..)
        .zip(parts)
        .map(|(number, part)| {
            let fill = if number == total { fill } else { 0 };
            let mut text =
                format!("!{t0}{t1}VD{kind},{total},{number},{sequence},{channel},{part},{fill}");
            let checksum = text.bytes().skip(1).fold(0, |sum, b| sum ^ b);
            let _ = write!(text, "*{checksum:02X}");
            text
        })
        .collect()
}
