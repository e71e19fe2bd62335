//! One TCP connection over a line that is thin, long and loses packets: each direction a sender
//! after RFC 5681 (slow start, congestion avoidance), 6298 (retransmission timer), 8985 (loss by
//! later arrivals, tail probe) with selective acknowledgements and CUBIC's 0.7 after a loss, over a
//! first-in first-out queue that carries so many bytes a second. Data and acknowledgements share
//! each direction's line and are lost alike.

use std::collections::{BTreeMap, VecDeque};

use super::dice::Dice;

/// Bytes of data in a full packet, and what IPv4 and TCP with time stamps put round them.
const SEGMENT_BYTES: u64 = 1_400;
const HEADER_BYTES: u64 = 52;
/// TLS 1.3 round one write.
const RECORD_BYTES: usize = 22;
/// Packets that the line's queue holds; what comes to a full one is dropped.
const QUEUE_MS_MAX: u64 = 2_000;

/// A line's figures.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LineFigures {
    pub(crate) bytes_per_second: u64,
    pub(crate) round_trip_ms: u64,
    /// Of 1,000 packets so many are lost.
    pub(crate) lost_of_1000: u64,
}

#[derive(Clone, Debug)]
enum Packet {
    Data {
        start: u64,
        bytes: Vec<u8>,
        number: u64,
    },
    /// Everything below `all` has come, and these ranges; answers packet `number`.
    Ack {
        all: u64,
        ranges: Vec<(u64, u64)>,
        number: u64,
    },
}

/// One direction of the line.
#[derive(Debug)]
struct Wire {
    figures: LineFigures,
    free_at_us: u64,
    packets: VecDeque<(u64, Packet)>,
}

impl Wire {
    fn send(&mut self, packet: Packet, now_ms: u64, dice: &mut Dice) {
        let data = if let Packet::Data { bytes, .. } = &packet { bytes.len() as u64 } else { 0 };
        let now = now_ms * 1000;
        self.free_at_us = self.free_at_us.max(now);
        if self.free_at_us - now > QUEUE_MS_MAX * 1000 {
            return;
        }
        self.free_at_us += (data + HEADER_BYTES) * 1_000_000 / self.figures.bytes_per_second;
        if dice.between(0, 1000) >= self.figures.lost_of_1000 {
            let arrives = self.free_at_us + self.figures.round_trip_ms * 500;
            self.packets.push_back((arrives, packet));
        }
    }

    fn arrived(&mut self, now_ms: u64) -> Option<Packet> {
        let due = self.packets.pop_front_if(|(at, _)| *at <= now_ms * 1000)?;
        Some(due.1)
    }
}

#[derive(Debug)]
struct Segment {
    start: u64,
    bytes: Vec<u8>,
    sent_ms: u64,
    number: u64,
    has_come: bool,
    is_lost: bool,
    is_again: bool,
}

/// What one side sends and has not yet seen arrive.
#[derive(Debug)]
struct Sender {
    waiting: VecDeque<u8>,
    next: u64,
    segments: VecDeque<Segment>,
    number: u64,
    window: f64,
    threshold: f64,
    recover: u64,
    trip_ms: Option<(f64, f64)>,
    least_trip_ms: u64,
    /// Newest sending time of what has come.
    newest_ms: u64,
    timer_ms: u64,
    back_off: u32,
    is_probed: bool,
}

impl Sender {
    fn new(now_ms: u64) -> Self {
        Self {
            waiting: VecDeque::new(),
            next: 0,
            segments: VecDeque::new(),
            number: 0,
            window: 10.0 * SEGMENT_BYTES as f64,
            threshold: f64::MAX,
            recover: 0,
            trip_ms: None,
            least_trip_ms: u64::MAX,
            newest_ms: 0,
            timer_ms: now_ms,
            back_off: 0,
            is_probed: false,
        }
    }

    fn time_out_ms(&self) -> u64 {
        let base = self.trip_ms.map_or(1_000.0, |(mean, spread)| mean + (4.0 * spread).max(200.0));
        (base as u64) << self.back_off.min(6)
    }

    /// Bytes that are believed to be on the line.
    fn on_line(&self) -> u64 {
        let on_line = |s: &&Segment| !s.has_come && (!s.is_lost || s.is_again);
        self.segments.iter().filter(on_line).map(|s| s.bytes.len() as u64).sum()
    }

    fn reduce(&mut self, to_one: bool) {
        self.threshold = (self.window * 0.7).max(2.0 * SEGMENT_BYTES as f64);
        self.window = if to_one { SEGMENT_BYTES as f64 } else { self.threshold };
        self.recover = self.next;
    }

    fn acknowledged(&mut self, all: u64, ranges: &[(u64, u64)], number: u64, now_ms: u64) {
        let mut came = 0;
        for segment in &mut self.segments {
            let end = segment.start + segment.bytes.len() as u64;
            let is_in = |(from, to): &(u64, u64)| *from <= segment.start && end <= *to;
            if !segment.has_come && (end <= all || ranges.iter().any(is_in)) {
                segment.has_come = true;
                came += segment.bytes.len();
                if segment.number == number {
                    let trip = now_ms - segment.sent_ms;
                    self.newest_ms = self.newest_ms.max(segment.sent_ms);
                    self.least_trip_ms = self.least_trip_ms.min(trip);
                    let trip = trip as f64;
                    self.trip_ms = Some(match self.trip_ms {
                        None => (trip, trip / 2.0),
                        Some((mean, spread)) => (
                            mean + (trip - mean) / 8.0,
                            spread + ((mean - trip).abs() - spread) / 4.0,
                        ),
                    });
                }
            }
        }
        if came > 0 {
            (self.timer_ms, self.back_off, self.is_probed) = (now_ms, 0, false);
            if self.window < self.threshold {
                self.window += came as f64;
            } else {
                self.window += SEGMENT_BYTES as f64 * came as f64 / self.window;
            }
            // No larger than twice what the application keeps on its way.
            self.window = self.window.min(131_072.0);
        }
        while self.segments.pop_front_if(|segment| segment.has_come).is_some() {}
    }

    /// Marks what must be lost; what is to be sent now.
    fn step(&mut self, now_ms: u64) -> Vec<Packet> {
        let mut packets = Vec::new();
        let mean = self.trip_ms.map_or(1_000.0, |(mean, _)| mean) as u64;
        let patience = mean + self.least_trip_ms.min(mean) / 4;
        let (newest, mut reduced) = (self.newest_ms, false);
        for segment in self.segments.iter_mut().filter(|s| !s.has_come) {
            let overtaken = segment.sent_ms < newest && now_ms > segment.sent_ms + patience;
            if overtaken && (!segment.is_lost || segment.is_again) {
                (segment.is_lost, segment.is_again) = (true, false);
                reduced |= segment.start >= self.recover;
            }
        }
        if reduced {
            self.reduce(false);
        }
        let waits = self.segments.front().is_some();
        if waits && now_ms > self.timer_ms + self.time_out_ms() {
            self.segments.iter_mut().filter(|s| !s.has_come).for_each(|segment| {
                (segment.is_lost, segment.is_again) = (true, false);
            });
            self.reduce(true);
            (self.timer_ms, self.back_off) = (now_ms, self.back_off + 1);
        } else if waits && !self.is_probed && now_ms > self.timer_ms + 2 * mean {
            // Tail probe: the last one again, so that its acknowledgement tells what is missing.
            self.is_probed = true;
            let number = self.number();
            if let Some(last) = self.segments.iter_mut().rev().find(|s| !s.has_come) {
                (last.sent_ms, last.number) = (now_ms, number);
                packets.push(last.packet());
            }
        }
        loop {
            let room = self.window as u64 >= self.on_line() + SEGMENT_BYTES;
            let number = self.number;
            let again = self.segments.iter_mut().find(|s| !s.has_come && s.is_lost && !s.is_again);
            match again {
                Some(segment) if room => {
                    (segment.is_again, segment.sent_ms, segment.number) = (true, now_ms, number);
                    packets.push(segment.packet());
                }
                None if room && !self.waiting.is_empty() => {
                    let length = self.waiting.len().min(SEGMENT_BYTES as usize);
                    let bytes: Vec<u8> = self.waiting.drain(..length).collect();
                    if self.segments.is_empty() {
                        self.timer_ms = now_ms;
                    }
                    let (start, sent_ms) = (self.next, now_ms);
                    self.next += bytes.len() as u64;
                    let (has_come, is_lost, is_again) = (false, false, false);
                    let segment =
                        Segment { start, bytes, sent_ms, number, has_come, is_lost, is_again };
                    packets.push(segment.packet());
                    self.segments.push_back(segment);
                }
                _ => return packets,
            }
            self.number += 1;
        }
    }

    fn number(&mut self) -> u64 {
        self.number += 1;
        self.number - 1
    }
}

impl Segment {
    fn packet(&self) -> Packet {
        Packet::Data { start: self.start, bytes: self.bytes.clone(), number: self.number }
    }
}

/// What one side has got, in order and out of it.
#[derive(Debug, Default)]
struct Receiver {
    due: u64,
    early: BTreeMap<u64, Vec<u8>>,
    stream: VecDeque<u8>,
}

impl Receiver {
    fn take(&mut self, start: u64, bytes: Vec<u8>) {
        if start >= self.due {
            self.early.insert(start, bytes);
        }
        while let Some(bytes) = self.early.remove(&self.due) {
            self.due += bytes.len() as u64;
            self.stream.extend(bytes);
        }
    }

    fn ack(&self, number: u64) -> Packet {
        let ranges = self.early.iter().map(|(start, bytes)| (*start, start + bytes.len() as u64));
        Packet::Ack { all: self.due, ranges: ranges.collect(), number }
    }

    /// Whole TLS records: their content is not seen before their last byte.
    fn records(&mut self) -> Vec<u8> {
        let mut content = Vec::new();
        while let (Some(high), Some(low)) = (self.stream.front(), self.stream.get(1)) {
            let length = usize::from(u16::from_be_bytes([*high, *low]));
            if self.stream.len() < length + RECORD_BYTES {
                break;
            }
            self.stream.drain(..RECORD_BYTES);
            content.extend(self.stream.drain(..length));
        }
        content
    }
}

/// A connection between sides 0 and 1.
#[derive(Debug)]
pub(crate) struct Line {
    /// Wire `i` carries from side `i`.
    wires: [Wire; 2],
    senders: [Sender; 2],
    receivers: [Receiver; 2],
    dice: Dice,
    /// Packets' bytes put on each wire.
    pub(crate) sent_bytes: [u64; 2],
}

impl Line {
    pub(crate) fn new(figures: LineFigures, now_ms: u64, seed: u64) -> Self {
        let wire = || Wire { figures, free_at_us: 0, packets: VecDeque::new() };
        Self {
            wires: [wire(), wire()],
            senders: [Sender::new(now_ms), Sender::new(now_ms)],
            receivers: [Receiver::default(), Receiver::default()],
            dice: Dice::new(seed),
            sent_bytes: [0; 2],
        }
    }

    /// Side `side` writes `bytes`.
    pub(crate) fn write(&mut self, side: usize, bytes: &[u8]) {
        for piece in bytes.chunks(16_384) {
            let waiting = &mut self.senders[side].waiting;
            waiting.extend((piece.len() as u16).to_be_bytes());
            waiting.extend([0; RECORD_BYTES - 2]);
            waiting.extend(piece);
        }
    }

    /// A millisecond passes; what each side reads.
    pub(crate) fn step(&mut self, now_ms: u64) -> [Vec<u8>; 2] {
        for side in 0..2 {
            while let Some(packet) = self.wires[1 - side].arrived(now_ms) {
                match packet {
                    Packet::Data { start, bytes, number } => {
                        self.receivers[side].take(start, bytes);
                        let ack = self.receivers[side].ack(number);
                        self.put(side, ack, now_ms);
                    }
                    Packet::Ack { all, ranges, number } => {
                        self.senders[side].acknowledged(all, &ranges, number, now_ms);
                    }
                }
            }
            for packet in self.senders[side].step(now_ms) {
                self.put(side, packet, now_ms);
            }
        }
        [self.receivers[0].records(), self.receivers[1].records()]
    }

    fn put(&mut self, side: usize, packet: Packet, now_ms: u64) {
        let data = if let Packet::Data { bytes, .. } = &packet { bytes.len() as u64 } else { 0 };
        self.sent_bytes[side] += data + HEADER_BYTES;
        self.wires[side].send(packet, now_ms, &mut self.dice);
    }
}
