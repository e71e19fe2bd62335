//! One line to one AIS sentence: prefix, tag block, the VDM or VDO fields, checksum, what trails.
//!
//! Refuses: a wrong or missing checksum, and fields that are not those of VDM or VDO. A tag
//! block whose own checksum is wrong is still used: real aggregators write `*00`.

use renkei_model::time::Timestamp;

use super::SentenceError;
use super::{scan, timing};

/// One VDM or VDO sentence, borrowed from its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sentence<'a> {
    /// From `!` to the checksum's second digit; printable ASCII.
    pub text: &'a [u8],
    /// Two characters, for example `AI` or `BS`.
    pub talker: [u8; 2],
    /// VDO: what the station sent itself.
    pub own_ship: bool,
    /// How many sentences the message has, 1–9.
    pub total: u8,
    /// Which one this is, from 1.
    pub number: u8,
    /// Joins the parts of one message, 0–9.
    pub sequence: Option<u8>,
    /// Radio channel as written: `A`, `B`, `1`, `2`.
    pub channel: Option<u8>,
    /// Armoured payload; may be empty in a later part.
    pub payload: &'a [u8],
    /// Padding bits at the payload's end, 0–5.
    pub fill: u8,
    /// As written and as computed.
    pub checksum: u8,
    /// Epoch in the line's last field behind the checksum.
    pub(super) epoch: Option<Timestamp>,
}

impl<'a> Sentence<'a> {
    /// Reads the sentence at the start of `text`.
    ///
    /// # Errors
    /// [`SentenceError`] when a field or the checksum is missing or wrong.
    #[inline]
    pub fn parse(text: &'a [u8]) -> Result<Self, SentenceError> {
        use SentenceError::Fields;
        let [b'!', t0, t1, b'V', b'D', kind @ (b'M' | b'O'), b',', rest @ ..] = text else {
            return Err(Fields("VDM or VDO behind `!` and two letters"));
        };
        let [total @ b'1'..=b'9', b',', number @ b'1'..=b'9', b',', rest @ ..] = rest else {
            return Err(Fields("the number of sentences and which one this is, 1 to 9"));
        };
        if number > total {
            return Err(Fields("a sentence number not above the total"));
        }
        let (sequence, rest) = match rest {
            [b',', rest @ ..] => (None, rest),
            [digit @ b'0'..=b'9', b',', rest @ ..] => (Some(digit - b'0'), rest),
            _ => return Err(Fields("the sequence, empty or one digit")),
        };
        let (channel, rest) = match rest {
            [b',', rest @ ..] => (None, rest),
            [channel, b',', rest @ ..] => (Some(*channel), rest),
            _ => return Err(Fields("the channel, empty or one character")),
        };
        let end = scan::position(rest, b',').ok_or(Fields("the payload"))?;
        let (payload, rest) = rest.split_at(end);
        let (fill, rest) = match rest {
            [b',', fill @ b'0'..=b'5', rest @ ..] => (fill - b'0', rest),
            [b',', rest @ ..] => (0, rest),
            _ => (0, rest),
        };
        let [b'*', high, low, tail @ ..] = rest else {
            return Err(match rest {
                [] | [b',' | b' ', ..] => SentenceError::ChecksumMissing,
                _ => Fields("the fill, 0 to 5, and the checksum"),
            });
        };
        let written = hex(*high, *low).ok_or(SentenceError::ChecksumMissing)?;
        let whole = text.get(..text.len() - tail.len()).unwrap_or(text);
        let (computed, printable) = scan::checksum(whole.get(1..whole.len() - 3).unwrap_or(whole));
        if written != computed {
            return Err(SentenceError::Checksum { written, computed });
        }
        if !printable {
            return Err(Fields("printable ASCII"));
        }
        Ok(Self {
            text: whole,
            talker: [*t0, *t1],
            own_ship: *kind == b'O',
            total: total - b'0',
            number: number - b'0',
            sequence,
            channel,
            payload,
            fill,
            checksum: written,
            epoch: trailing_epoch(tail),
        })
    }
}

/// The value of two hexadecimal digits.
pub(super) fn hex(high: u8, low: u8) -> Option<u8> {
    let digit = |c: u8| char::from(c).to_digit(16).and_then(|d| u8::try_from(d).ok());
    Some(digit(high)? << 4 | digit(low)?)
}

/// The last of the comma-separated fields behind a checksum, when it is an epoch.
fn trailing_epoch(tail: &[u8]) -> Option<Timestamp> {
    let fields = tail.trim_ascii().strip_prefix(b",")?;
    timing::epoch(fields.rsplit(|&c| c == b',').next()?)
}

/// What stood before a line's sentence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Preamble<'a> {
    /// Time of the prefix.
    pub(super) prefix: Option<Timestamp>,
    /// Tag block `s:`.
    pub(super) station: Option<&'a [u8]>,
    /// Tag block `c:`.
    pub(super) tag_time: Option<Timestamp>,
    /// Tag block `g:`, the group's number.
    pub(super) group: Option<u32>,
    /// A tag block was there and its checksum was wrong or missing.
    pub(super) tag_checksum_wrong: bool,
}

/// Splits a line into what stood before its sentence and the rest from `!` or `$` on; the rest is
/// empty when there is no sentence.
pub(super) fn preamble(line: &[u8]) -> (Preamble<'_>, &[u8]) {
    let mut found = Preamble::default();
    if matches!(line, [b'!' | b'$', ..]) {
        return (found, line);
    }
    let mut rest = line;
    if !matches!(rest.first(), Some(b'!' | b'$' | b'\\')) {
        let start = rest.iter().position(|c| matches!(c, b'!' | b'$' | b'\\'));
        let (prefix, tail) = rest.split_at(start.unwrap_or(rest.len()));
        found.prefix = prefix_time(prefix);
        rest = tail;
    }
    while let [b'\\', block @ ..] = rest {
        let Some(end) = block.iter().position(|c| matches!(c, b'\\' | b'!')) else {
            return (found, &[]);
        };
        let (block, tail) = block.split_at(end);
        tag_block(block, &mut found);
        rest = tail.strip_prefix(b"\\").unwrap_or(tail);
    }
    match rest.iter().position(|c| matches!(c, b'!' | b'$')) {
        Some(start) => (found, rest.get(start..).unwrap_or_default()),
        None => (found, &[]),
    }
}

/// `[2018-05-11 03:50:03]`, an ISO 8601 time or an epoch, before a sentence.
fn prefix_time(prefix: &[u8]) -> Option<Timestamp> {
    let start = prefix.iter().position(u8::is_ascii_digit)?;
    let text = prefix.get(start..)?;
    let number = text.iter().take_while(|&&c| c.is_ascii_digit() || c == b'.').count();
    timing::date_time(text).or_else(|| timing::epoch(text.get(..number)?))
}

/// Reads `g:1-2-3985,s:rEV02,c:1334337317*2D`; unknown and malformed fields are passed over.
fn tag_block<'a>(block: &'a [u8], found: &mut Preamble<'a>) {
    let (fields, written) = match block.iter().rposition(|&c| c == b'*') {
        Some(star) => (block.get(..star).unwrap_or(block), block.get(star + 1..)),
        None => (block, None),
    };
    let written = written.and_then(|text| match text {
        [high, low, ..] => hex(*high, *low),
        _ => None,
    });
    found.tag_checksum_wrong |= written != Some(scan::checksum(fields).0);
    for field in fields.split(|&c| c == b',') {
        match field {
            [b's', b':', station @ ..] if !station.is_empty() => found.station = Some(station),
            [b'c', b':', time @ ..] => found.tag_time = timing::epoch(time).or(found.tag_time),
            [b'g', b':', group @ ..] => {
                let number = group.rsplit(|&c| c == b'-').next().and_then(timing::digits);
                found.group = number.and_then(|n| u32::try_from(n).ok()).or(found.group);
            }
            _ => {}
        }
    }
}
