//! Lines to whole messages: joins parts, gives each message its station and its time.
//!
//! Parts are joined by (station or tag group, talker, VDM or VDO, total, sequence, channel), so
//! that two stations, two channels or two senders that use one sequence number do not mix.
//! Refuses: to wait longer than 30 s for a part, or to hold more than 256 unfinished messages.

use std::collections::BTreeMap;

use renkei_model::time::Timestamp;

use super::message::{Message, decode_into};
use super::sentence::{Preamble, Sentence, preamble};
use super::statics::Statics;
use super::timing::{Pghp, date_time};
use super::told::{self, Readings, ToldUtc};
use super::{Deframer, SentenceError, Text};
use crate::Reject;

/// A receiving station's name as a tag block's `s:` or `$PGHP` gives it, its first 16 bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Station {
    name: [u8; 16],
    len: u8,
}

impl Station {
    fn new(name: &[u8]) -> Self {
        let mut station = Self::default();
        for (slot, &c) in station.name.iter_mut().zip(name) {
            *slot = if c.is_ascii_graphic() { c } else { b'?' };
            station.len += 1;
        }
        station
    }

    /// Printable ASCII.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let name = self.name.get(..usize::from(self.len)).unwrap_or_default();
        std::str::from_utf8(name).unwrap_or_default()
    }
}

/// The sentences of one message, in the order of their numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sentences<'a> {
    text: &'a [u8],
    /// Where each ends in `text`; empty = there is one.
    ends: &'a [usize],
}

impl<'a> Sentences<'a> {
    /// Each from `!` to its checksum.
    pub fn iter(&self) -> impl Iterator<Item = &'a str> {
        let one = self.ends.is_empty().then_some(self.text);
        let mut start = 0;
        let many = self.ends.iter().map(move |&end| {
            let part = self.text.get(start..end).unwrap_or_default();
            start = end;
            part
        });
        // Sentences are printable ASCII.
        one.into_iter().chain(many).map(|text| std::str::from_utf8(text).unwrap_or_default())
    }
}

/// A whole message as it came in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Received<'a> {
    /// What it says.
    pub message: &'a Message,
    /// Its sentences.
    pub sentences: Sentences<'a>,
    /// The armoured payload of all its parts.
    pub payload: &'a [u8],
    /// Two characters, for example `AI` or `BS`.
    pub talker: [u8; 2],
    /// VDO: the receiving station's own report. Whether that station is this headquarters' own
    /// ship is for the caller to know.
    pub own_ship: bool,
    /// Radio channel as written.
    pub channel: Option<u8>,
    /// Who received it, from `s:` or `$PGHP`.
    pub station: Option<Station>,
    /// When it was received there: tag `c:`, else `$PGHP`, else trailing epoch, else prefix.
    pub event_time: Option<Timestamp>,
    /// Of a type 24 part B: the name in the ship's part A, when that came within two minutes.
    pub part_a_name: Option<Text<20>>,
}

/// What went through, for the health page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Lines that were not blank.
    pub lines: u64,
    /// VDM and VDO sentences with a right checksum.
    pub sentences: u64,
    /// Whole messages that were decoded.
    pub messages: u64,
    /// Of these, messages of which only the sender could be told: they end before their content.
    pub sender_only: u64,
    /// NMEA sentences that are not AIS, comments and tag blocks alone.
    pub other: u64,
    /// Lines whose tag block had a wrong checksum and was used all the same.
    pub tag_checksum: u64,
    /// Parts that repeated one already held, byte for byte.
    pub repeated_parts: u64,
    /// Unfinished messages given up: timed out, crowded out, or begun anew.
    pub incomplete: u64,
    /// `$PGHP` lines that spoke of another message than the one that followed.
    pub pghp_unmatched: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Origin {
    Group(u32),
    Station(Option<Station>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    origin: Origin,
    talker: [u8; 2],
    own_ship: bool,
    total: u8,
    sequence: Option<u8>,
    channel: Option<u8>,
}

#[derive(Debug)]
struct Part {
    text: Vec<u8>,
    payload: Vec<u8>,
    fill: u8,
    checksum: u8,
}

#[derive(Debug)]
struct Unfinished {
    begun: Timestamp,
    parts: BTreeMap<u8, Part>,
    around: Around,
}

/// What stood round a message's sentences.
#[derive(Clone, Copy, Debug, Default)]
struct Around {
    station: Option<Station>,
    tag_time: Option<Timestamp>,
    pghp: Option<Pghp>,
    epoch: Option<Timestamp>,
    prefix: Option<Timestamp>,
}

impl Around {
    /// Keeps what is known and takes the rest from `later`.
    fn or(self, later: Self) -> Self {
        Self {
            station: self.station.or(later.station),
            tag_time: self.tag_time.or(later.tag_time),
            pghp: self.pghp.or(later.pghp),
            epoch: self.epoch.or(later.epoch),
            prefix: self.prefix.or(later.prefix),
        }
    }
}

/// Lines to messages. One of these a connection (or a sender of datagrams).
#[derive(Debug)]
pub struct Assembler {
    unfinished: BTreeMap<Key, Unfinished>,
    statics: Statics,
    /// The line before was this.
    pghp: Option<Pghp>,
    told: Readings,
    counts: Counts,
    // The last message, lent to the caller; the rest of it is used when it was joined.
    message: Message,
    text: Vec<u8>,
    ends: Vec<usize>,
    payload: Vec<u8>,
}

impl Default for Assembler {
    fn default() -> Self {
        Self {
            unfinished: BTreeMap::new(),
            statics: Statics::default(),
            pghp: None,
            told: Readings::default(),
            counts: Counts::default(),
            message: Message::NONE,
            text: Vec::new(),
            ends: Vec::new(),
            payload: Vec::new(),
        }
    }
}

impl Assembler {
    /// A second part follows within two seconds on the air; relays and batches add some.
    pub const WAIT_MS: i64 = 30_000;
    /// Ten sequence numbers on two channels of a dozen stations at once.
    pub const UNFINISHED_MAX: usize = 256;

    /// What went through so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// Takes one line without its end, received at `now`; gives the message that it completes.
    ///
    /// # Errors
    /// [`Reject`] when the line is no NMEA sentence, its AIS sentence is malformed, or the message
    /// that it completes cannot be decoded.
    pub fn accept<'a>(
        &'a mut self,
        line: &'a [u8],
        now: Timestamp,
    ) -> Result<Option<Received<'a>>, Reject> {
        self.counts.lines += 1;
        let (before, rest) = preamble(line);
        self.counts.tag_checksum += u64::from(before.tag_checksum_wrong);
        let sentence = match rest {
            [b'!', ..] => match self.sentence(rest) {
                Ok(sentence) => sentence,
                Err(error) => return Err(error.reject(line)),
            },
            [b'$', ..] => {
                self.pghp = Pghp::parse(rest).or(self.pghp);
                self.told.keep(before.tag_time.or(before.prefix), told::of_rmc(rest));
                None
            }
            _ if is_remark(line, &before) => None,
            _ => return Err(SentenceError::NotNmea.reject(line)),
        };
        let Some(sentence) = sentence else {
            self.counts.other += 1;
            return Ok(None);
        };
        self.counts.sentences += 1;
        let around = Around {
            station: before.station.map(Station::new),
            tag_time: before.tag_time,
            pghp: self.pghp.take(),
            epoch: sentence.epoch,
            prefix: before.prefix,
        };
        if sentence.total == 1 {
            return self.single(sentence, around, line, now);
        }
        let key = Key {
            origin: match before.group {
                Some(group) => Origin::Group(group),
                None => Origin::Station(around.station),
            },
            talker: sentence.talker,
            own_ship: sentence.own_ship,
            total: sentence.total,
            sequence: sentence.sequence,
            channel: sentence.channel,
        };
        self.hold(key, &sentence, around, now);
        match self.unfinished.get(&key).map(|u| u.parts.len()) {
            Some(parts) if parts == usize::from(key.total) => self.join(&key, line, now),
            _ => Ok(None),
        }
    }

    /// The first good AIS sentence of `text`; `None` for one that is not AIS.
    #[inline]
    fn sentence<'a>(&mut self, text: &'a [u8]) -> Result<Option<Sentence<'a>>, SentenceError> {
        /// A line cut by another line holds two beginnings; more are garbage.
        const BEGINNINGS_MAX: usize = 4;
        let mut first = None;
        let mut rest = text;
        for _ in 0..BEGINNINGS_MAX {
            match Sentence::parse(rest) {
                Ok(sentence) => return Ok(Some(sentence)),
                Err(error) => first.get_or_insert(error),
            };
            let next = rest.iter().skip(1).position(|&c| c == b'!');
            let Some(next) = next else { break };
            rest = rest.get(next + 1..).unwrap_or_default();
        }
        self.pghp = None;
        match first {
            Some(error) if !is_other_sentence(text) => Err(error),
            _ => Ok(None),
        }
    }

    #[inline]
    fn single<'a>(
        &'a mut self,
        sentence: Sentence<'a>,
        around: Around,
        line: &[u8],
        now: Timestamp,
    ) -> Result<Option<Received<'a>>, Reject> {
        self.decode(sentence.payload, sentence.fill, line)?;
        let (station, event_time) = self.provenance(around, sentence.checksum, sentence.own_ship);
        let part_a_name = self.statics.join(&self.message, event_time.unwrap_or(now));
        Ok(Some(Received {
            message: &self.message,
            sentences: Sentences { text: sentence.text, ends: &[] },
            payload: sentence.payload,
            talker: sentence.talker,
            own_ship: sentence.own_ship,
            channel: sentence.channel,
            station,
            event_time,
            part_a_name,
        }))
    }

    #[inline]
    fn decode(&mut self, payload: &[u8], fill: u8, line: &[u8]) -> Result<(), Reject> {
        if let Err(error) = decode_into(payload, fill, &mut self.message) {
            return Err(error.reject(line));
        }
        self.counts.messages += 1;
        self.counts.sender_only += u64::from(matches!(self.message, Message::Other(_)));
        Ok(())
    }

    /// Station and event time of a message whose parts' checksums XOR to `checksums`.
    #[inline]
    fn provenance(
        &mut self,
        around: Around,
        checksums: u8,
        own_ship: bool,
    ) -> (Option<Station>, Option<Timestamp>) {
        let pghp = around.pghp.filter(|pghp| pghp.fits(checksums, own_ship));
        self.counts.pghp_unmatched += u64::from(around.pghp.is_some() && pghp.is_none());
        let station = around.station.or_else(|| {
            let mmsi = pghp?.station?;
            Some(Station::new(mmsi.to_string().as_bytes()))
        });
        let time = around.tag_time.or(pghp.and_then(|pghp| pghp.time));
        let time = time.or(around.epoch).or(around.prefix);
        if let Message::BaseStation(m) = &self.message {
            self.told.keep(time, told::of_base_station(m));
        }
        (station, time)
    }

    /// Puts a part beside those it belongs to.
    fn hold(&mut self, key: Key, sentence: &Sentence<'_>, around: Around, now: Timestamp) {
        self.expire(now);
        let part = Part {
            text: sentence.text.to_owned(),
            payload: sentence.payload.to_owned(),
            fill: sentence.fill,
            checksum: sentence.checksum,
        };
        let begin = || Unfinished { begun: now, parts: BTreeMap::new(), around };
        let unfinished = self.unfinished.entry(key).or_insert_with(begin);
        match unfinished.parts.get(&sentence.number) {
            Some(held) if held.text == part.text => self.counts.repeated_parts += 1,
            Some(_) => {
                *unfinished = begin();
                self.counts.incomplete += 1;
            }
            None => unfinished.around = unfinished.around.or(around),
        }
        unfinished.parts.insert(sentence.number, part);
        if self.unfinished.len() > Self::UNFINISHED_MAX {
            let oldest = self.unfinished.iter().min_by_key(|(_, u)| u.begun).map(|(key, _)| *key);
            oldest.and_then(|key| self.unfinished.remove(&key));
            self.counts.incomplete += 1;
        }
    }

    /// Gives up what was begun more than [`Self::WAIT_MS`] before or after `now`.
    fn expire(&mut self, now: Timestamp) {
        let before = self.unfinished.len();
        self.unfinished.retain(|_, u| now.since_ms(u.begun).saturating_abs() <= Self::WAIT_MS);
        self.counts.incomplete += (before - self.unfinished.len()) as u64;
    }

    fn join(
        &mut self,
        key: &Key,
        line: &[u8],
        now: Timestamp,
    ) -> Result<Option<Received<'_>>, Reject> {
        let Some(whole) = self.unfinished.remove(key) else { return Ok(None) };
        self.text.clear();
        self.ends.clear();
        self.payload.clear();
        let mut checksums = 0;
        for part in whole.parts.values() {
            self.text.extend_from_slice(&part.text);
            self.ends.push(self.text.len());
            self.payload.extend_from_slice(&part.payload);
            checksums ^= part.checksum;
        }
        let fill = whole.parts.last_key_value().map_or(0, |(_, part)| part.fill);
        let payload = std::mem::take(&mut self.payload);
        let decoded = self.decode(&payload, fill, line);
        self.payload = payload;
        decoded?;
        let (station, event_time) = self.provenance(whole.around, checksums, key.own_ship);
        let part_a_name = self.statics.join(&self.message, event_time.unwrap_or(now));
        Ok(Some(Received {
            message: &self.message,
            sentences: Sentences { text: &self.text, ends: &self.ends },
            payload: &self.payload,
            talker: key.talker,
            own_ship: key.own_ship,
            channel: key.channel,
            station,
            event_time,
            part_a_name,
        }))
    }
}

/// A comment, a tag block alone, or a logger's date line: nothing to reject.
fn is_remark(line: &[u8], before: &Preamble<'_>) -> bool {
    let text = line.trim_ascii();
    matches!(text, [] | [b'#', ..])
        || before.tag_time.is_some()
        || before.group.is_some()
        || before.station.is_some()
        || date_time(text).is_some()
}

/// `!` and five letters or digits and a comma, but not VDM or VDO: an NMEA sentence of others.
fn is_other_sentence(text: &[u8]) -> bool {
    match text {
        [b'!', _, _, b'V', b'D', b'M' | b'O', ..] => false,
        [b'!', address @ .., _] => {
            let comma = address.iter().position(|&c| c == b',');
            let address = comma.and_then(|comma| address.get(..comma));
            address.is_some_and(|a| a.len() == 5 && a.iter().all(u8::is_ascii_alphanumeric))
        }
        _ => false,
    }
}

/// A connection's bytes to messages: a [`Deframer`] and an [`Assembler`].
#[derive(Debug, Default)]
pub struct Receiver {
    deframer: Deframer,
    assembler: Assembler,
}

impl Receiver {
    /// Takes what a socket delivered at `now`; hands every message and every refusal to `sink`.
    pub fn push(
        &mut self,
        bytes: &[u8],
        now: Timestamp,
        mut sink: impl FnMut(Result<Received<'_>, Reject>),
    ) {
        let assembler = &mut self.assembler;
        self.deframer.push(bytes, |line| take(assembler, line, now, &mut sink));
    }

    /// Takes the begun line as whole: at the end of a file or of each datagram.
    pub fn finish(&mut self, now: Timestamp, mut sink: impl FnMut(Result<Received<'_>, Reject>)) {
        let assembler = &mut self.assembler;
        self.deframer.finish(|line| take(assembler, line, now, &mut sink));
    }

    /// UTC that sentences carried since the last call, beside the times they were stamped with.
    pub fn take_told(&mut self) -> Vec<ToldUtc> {
        self.assembler.told.take()
    }

    /// What went through so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.assembler.counts
    }
}

fn take(
    assembler: &mut Assembler,
    line: Result<&[u8], Reject>,
    now: Timestamp,
    sink: &mut impl FnMut(Result<Received<'_>, Reject>),
) {
    match line.and_then(|line| assembler.accept(line, now)) {
        Ok(Some(received)) => sink(Ok(received)),
        Ok(None) => {}
        Err(reject) => sink(Err(reject)),
    }
}
