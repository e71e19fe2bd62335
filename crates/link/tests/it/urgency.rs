//! What is urgent overtakes what is much, on the thinnest link that is promised: 64 kbit/s, 600 ms.

use std::collections::VecDeque;

use renkei_link::{Class, Event};
use renkei_model::time::Timestamp;

use crate::pair::{Pair, Planted, Side};

/// A link that carries so many bytes a second, each arriving so much later.
struct Thin {
    bytes_per_second: usize,
    delay_ms: i64,
    /// Bytes that wait before the link, and when each piece on it arrives.
    before: VecDeque<u8>,
    carried: VecDeque<(Timestamp, Vec<u8>)>,
}

impl Thin {
    fn new(bytes_per_second: usize, delay_ms: i64) -> Self {
        let (before, carried) = (VecDeque::new(), VecDeque::new());
        Self { bytes_per_second, delay_ms, before, carried }
    }

    /// Ten milliseconds pass; what arrives.
    fn step(&mut self, now: Timestamp) -> Vec<u8> {
        let bytes = (self.bytes_per_second / 100).min(self.before.len());
        let piece: Vec<u8> = self.before.drain(..bytes).collect();
        self.carried.push_back((now.plus_ms(self.delay_ms), piece));
        let mut arrived = Vec::new();
        while let Some((_, piece)) = self.carried.pop_front_if(|(at, _)| *at <= now) {
            arrived.extend(piece);
        }
        arrived
    }
}

/// Two nodes that always have more to say than the link carries.
struct Saturated {
    pair: Pair,
    links: [Thin; 2],
}

impl Saturated {
    fn new(bytes_per_second: usize, round_trip_ms: i64) -> Self {
        let mut pair = Pair::new(Planted::Nothing);
        pair.connect();
        let link = || Thin::new(bytes_per_second, round_trip_ms / 2);
        Self { pair, links: [link(), link()] }
    }

    /// Ten milliseconds: side 0 sends, the wire moves, side 1 answers and syncs at once.
    fn step(&mut self) {
        let now = self.pair.now;
        for index in 0..2 {
            let sent = self.pair.sides[index].border.transmit(1, now, 4096);
            self.links[index].before.extend(sent);
            let arrived = self.links[index].step(now);
            let Side { border, events, disk, .. } = &mut self.pair.sides[1 - index];
            for event in border.receive(1, &arrived, now) {
                if let Event::Wanted { class, first, bytes } = event {
                    border.supply(class, first, disk.entries(class, first, bytes));
                }
                if let Event::Record { class, cursor, .. } = event {
                    border.applied(class, cursor);
                }
                events.push(event);
            }
        }
        self.pair.pass(10);
    }

    fn decisions_arrived(&self) -> usize {
        let is_decision =
            |event: &&Event| matches!(event, Event::Record { class: Class::Decisions, .. });
        self.pair.sides[1].events.iter().filter(is_decision).count()
    }
}

/// Milliseconds from making a decision durable to its arrival, worst of 20, with bulk before it.
fn worst_ms(bytes_per_second: usize, round_trip_ms: i64, warm_up_ms: i64) -> i64 {
    let mut link = Saturated::new(bytes_per_second, round_trip_ms);
    for _ in 0..200 {
        link.pair.sides[0].offer(Class::Documents, 20_000);
    }
    link.pair.sides[0].sync();
    (0..warm_up_ms / 10).for_each(|_| link.step());
    let mut worst = 0;
    for number in 1..=20 {
        link.pair.sides[0].offer(Class::Decisions, 0);
        link.pair.sides[0].sync();
        let made = link.pair.now;
        while link.decisions_arrived() < number {
            link.step();
            assert!(link.pair.now.since_ms(made) < 60_000, "the decision does not arrive");
        }
        worst = worst.max(link.pair.now.since_ms(made));
        (0..37 + number).for_each(|_| link.step());
    }
    assert!(link.pair.sides[0].border.status().queued[4] > 0, "bulk must last to the end");
    worst
}

#[test]
fn a_decision_overtakes_bulk_within_two_seconds_and_a_round_trip() {
    let worst = worst_ms(8_000, 600, 20_000);
    println!("worst of 20: {worst} ms");
    assert!(worst <= 2_600, "{worst} ms");
}

#[test]
fn a_decision_overtakes_bulk_on_a_fast_link_at_once() {
    let worst = worst_ms(250_000, 20, 1_000);
    println!("worst of 20: {worst} ms");
    assert!(worst <= 150, "{worst} ms");
}

#[test]
fn bulk_fills_a_thin_link() {
    let mut link = Saturated::new(8_000, 600);
    for _ in 0..200 {
        link.pair.sides[0].offer(Class::Documents, 20_000);
    }
    link.pair.sides[0].sync();
    (0..2_000).for_each(|_| link.step());
    let before = link.pair.sides[1].border.status().counters.bytes_in;
    (0..6_000).for_each(|_| link.step());
    let rate = (link.pair.sides[1].border.status().counters.bytes_in - before) / 60;
    println!("{rate} of 8000 bytes a second");
    assert!(rate >= 7_200, "{rate} of 8000 bytes a second");
}

#[test]
fn every_class_gets_at_least_its_floor() {
    let mut link = Saturated::new(8_000, 100);
    for _ in 0..100 {
        link.pair.sides[0].offer(Class::Incidents, 20_000);
        link.pair.sides[0].offer(Class::Documents, 20_000);
    }
    link.pair.sides[0].sync();
    for turn in 0..6_000_u32 {
        link.pair.sides[0].observe(1 + turn % 500);
        link.step();
    }
    let events = &link.pair.sides[1].events;
    let observed: usize = events
        .iter()
        .map(|event| match event {
            Event::Observation { release, .. } => release.to_bytes().len(),
            _ => 0,
        })
        .sum();
    let documents = |e: &&Event| matches!(e, Event::Record { class: Class::Documents, .. });
    let documents = events.iter().filter(documents).count() * 20_000;
    let carried = 60 * 8_000;
    println!("of {carried}: documents {documents}, observations {observed}");
    assert!(documents + 20_000 >= carried / 10, "{documents} bytes of documents");
    assert!(observed >= carried / 4, "{observed} bytes of observations");
}
