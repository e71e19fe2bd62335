//! Version 2 of class 3: a second reader and writer of its bytes, made from `docs/wire.md`, and a
//! partner of version 1.

use std::collections::BTreeMap;

use renkei_link::{Border, Class, Event, Restored};
use renkei_model::cbor::{from_canonical, to_canonical};
use renkei_model::id::{BorderAlias, Nation};
use renkei_model::label::Label;
use renkei_model::observation::{Attributes, Domain, Identity};
use renkei_model::position::MicroPosition;
use renkei_model::time::Timestamp;
use renkei_policy::ObservationRelease;
use renkei_policy::wire::{Existence, FullKinematics, ReleasedIdentity, ReleasedSource};

use zstd::stream::raw::{Decoder, Operation as _};

use crate::support::{START, config, observation, policy, static_report};
use crate::wire::{Hello, OBSERVATIONS, PICTURE, PIECES, frame, frames, names, pieces};

/// Section 6.2's tables and how they are read, for releases of version 1.
#[derive(Default)]
struct Reader {
    zstd: Option<Decoder<'static>>,
    things: Vec<(u32, usize, Option<Identity>)>,
    last: BTreeMap<(usize, usize), Last>,
    kinds: Vec<(u16, Domain, Option<String>, Label)>,
    previous: [i64; 27],
    present: u64,
}

#[derive(Clone, Default)]
struct Last {
    present: u64,
    numbers: [i64; 27],
    before: Option<[i64; 3]>,
    said: Attributes,
}

fn n(bytes: &mut &[u8]) -> u64 {
    let length = bytes.iter().position(|byte| byte & 0x80 == 0).expect("a last byte") + 1;
    let digits = take(bytes, length);
    digits.iter().rev().fold(0, |number, byte| number << 7 | u64::from(byte & 0x7F))
}

fn s(bytes: &mut &[u8]) -> i64 {
    unfold(n(bytes))
}

fn unfold(number: u64) -> i64 {
    if number.is_multiple_of(2) { (number / 2) as i64 } else { -((number / 2) as i64) - 1 }
}

fn b<'a>(bytes: &mut &'a [u8]) -> &'a [u8] {
    let length = n(bytes) as usize;
    take(bytes, length)
}

fn take<'a>(bytes: &mut &'a [u8], length: usize) -> &'a [u8] {
    let (taken, rest) = bytes.split_at(length);
    *bytes = rest;
    taken
}

impl Reader {
    fn read(&mut self, body: &[u8]) -> Vec<ObservationRelease> {
        let mut raw = vec![0; 16_384];
        let plain = &mut &*body;
        let packed = b(plain);
        let status = self.zstd.get_or_insert_with(|| Decoder::new().expect("memory"));
        let status = status.run_on_buffers(packed, &mut raw).expect("a zstd stream");
        assert_eq!(status.bytes_read, packed.len());
        raw.truncate(status.bytes_written);
        let at = &mut raw.as_slice();
        assert_eq!(take(at, 1), [0], "no test begins anew");
        let count = n(at) as usize;
        let (mut keys, mut before) = (Vec::new(), -2);
        for _ in 0..count {
            before += 2 + s(at);
            keys.push((before as usize / 2, before as usize % 2));
        }
        let changes: Vec<u64> = keys.iter().map(|_| n(at)).collect();
        let lasts: Vec<Option<Last>> = keys.iter().map(|key| self.last.get(key).cloned()).collect();
        let mut values = vec![Last::default(); count];
        for index in 0..count {
            let expected = lasts[index].as_ref().map_or(self.present, |last| last.present);
            self.present = expected ^ if changes[index] & 4 == 0 { 0 } else { n(at) };
            values[index].present = self.present;
        }
        let news = n(at);
        for field in 0..27 {
            for (value, last) in values.iter_mut().zip(&lasts) {
                if value.present >> field & 1 == 1 {
                    let expected = self.expected(field, value, last.as_ref());
                    let folded = match (news >> field & 1, field) {
                        (0, _) => 0,
                        (_, 0 | 2 | 3) => n(at) << 8 | u64::from(take(plain, 1)[0]),
                        _ => n(at),
                    };
                    value.numbers[field] = expected.wrapping_add(unfold(folded));
                    self.previous[field] = value.numbers[field];
                }
            }
        }
        let content = |value: &Last, at: &mut &[u8]| {
            let length = [0, 2, 0, 8][(value.present >> 29 & 3) as usize];
            let hash = take(at, length).iter().rev().fold(0, |n, byte| n << 8 | u64::from(*byte));
            (length > 0).then_some(hash)
        };
        let contents: Vec<_> = values.iter().map(|value| content(value, plain)).collect();
        let mut alias = 0;
        for (&(handle, _), change) in keys.iter().zip(&changes) {
            if change & 1 == 1 {
                if handle == self.things.len() {
                    alias += s(at) + 1;
                    self.things.push((alias as u32, 0, None));
                }
                self.things[handle].1 = self.kind(at);
                self.things[handle].2 = name(at).or(self.things[handle].2.take());
            }
        }
        let mut news =
            said(at, changes.iter().filter(|change| *change & 2 == 2).count()).into_iter();
        let mut releases = Vec::new();
        for (index, mut value) in values.into_iter().enumerate() {
            let known = lasts[index].as_ref();
            value.before = known.and_then(place);
            value.said = known.map(|last| last.said.clone()).unwrap_or_default();
            if changes[index] & 2 == 2 {
                value.said = news.next().expect("counted");
            }
            releases.push(self.release(keys[index].0, &value, contents[index]));
            self.last.insert(keys[index], value);
        }
        assert!(at.is_empty(), "nothing follows");
        releases
    }

    fn expected(&self, field: usize, value: &Last, last: Option<&Last>) -> i64 {
        let told = last.filter(|last| last.present >> field & 1 == 1 && field > 1);
        let Some(last) = told else {
            let at = value.numbers[0];
            return match field {
                1 if value.present & 1 == 1 => at - at.rem_euclid(600_000),
                7 if value.present >> 6 & 1 == 1 => value.numbers[6],
                _ => self.previous[field],
            };
        };
        let ahead = || {
            let (before, newest) = (last.before?, place(last)?);
            let (passed, next) = (newest[0] - before[0], value.numbers[0] - newest[0]);
            let is_near = passed > 0 && next > 0 && next / 4 <= passed;
            is_near.then(|| (newest[field - 1] - before[field - 1]) * next / passed)
        };
        let ahead = if field == 2 || field == 3 { ahead() } else { None };
        last.numbers[field] + ahead.unwrap_or(0)
    }

    fn kind(&mut self, at: &mut &[u8]) -> usize {
        let number = n(at) as usize;
        if number == self.kinds.len() {
            let mut d = minicbor::Decoder::new(b(at));
            assert_eq!(d.array().expect("an array"), Some(4));
            let (version, domain) = (d.u16().expect("version"), d.decode().expect("domain"));
            let feed = d.decode().expect("feed");
            self.kinds.push((version, domain, feed, d.decode().expect("label")));
        }
        number
    }

    fn release(&self, handle: usize, value: &Last, content: Option<u64>) -> ObservationRelease {
        let (alias, kind, identity) = &self.things[handle];
        let (version, domain, feed, label) = &self.kinds[*kind];
        let number = |field: usize| (value.present >> field & 1 == 1).then(|| value.numbers[field]);
        let full = FullKinematics {
            at: Timestamp(number(0).expect("told in full")),
            position: number(2).zip(number(3)).map(|(latitude, longitude)| MicroPosition {
                latitude_udeg: latitude as i32,
                longitude_udeg: longitude as i32,
            }),
            accuracy_dm: number(4).map(|n| n as u32),
            speed_cmps: number(5).map(|n| n as u32),
            course_cdeg: number(6).map(|n| n as u16),
            heading_cdeg: number(7).map(|n| n as u16),
            altitude_dm: number(8).map(|n| n as i32),
            vertical_cmps: number(9).map(|n| n as i32),
        };
        ObservationRelease {
            version: *version,
            alias: BorderAlias { nation: Nation::JPN, number: *alias },
            existence: Existence { domain: *domain, at: Timestamp(value.numbers[1]) },
            coarse: None,
            full: Some(full),
            identity: (value.present >> 28 & 1 == 1).then(|| ReleasedIdentity {
                identity: identity.clone().expect("told"),
                attributes: value.said.clone(),
                content,
            }),
            source: feed
                .clone()
                .map(|feed| ReleasedSource { feed: renkei_model::id::SourceId(feed) }),
            label: Label {
                created: Timestamp(value.numbers[12]),
                review: number(13).map(Timestamp),
                ..label.clone()
            },
            belief: None,
        }
    }
}

fn name(at: &mut &[u8]) -> Option<Identity> {
    let number = |at: &mut &[u8]| u32::from_be_bytes(take(at, 4).try_into().expect("four bytes"));
    match take(at, 1)[0] {
        0 => None,
        1 => Some(Identity::Mmsi(number(at))),
        2 => Some(Identity::Icao(number(at))),
        3 => Some(Identity::NonIcao(number(at))),
        _ => Some(from_canonical(b(at)).expect("an identity")),
    }
}

/// What `count` things say of themselves: of the fields the one that the tests use.
fn said(at: &mut &[u8], count: usize) -> Vec<Attributes> {
    let masks: Vec<u64> = (0..count).map(|_| n(at)).collect();
    assert!(masks.iter().all(|mask| *mask < 2), "names alone");
    let lengths: Vec<usize> =
        masks.iter().filter(|mask| **mask == 1).map(|_| n(at) as usize).collect();
    let mut names = lengths.into_iter().map(|length| take(at, length).to_vec());
    let mut name = |mask: u64| (mask == 1).then(|| names.next().expect("counted"));
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    masks
        .into_iter()
        .map(|mask| Attributes { name: name(mask).map(text), ..Attributes::default() })
        .collect()
}

fn place(last: &Last) -> Option<[i64; 3]> {
    (last.present & 0b1101 == 0b1101).then(|| [last.numbers[0], last.numbers[2], last.numbers[3]])
}

/// JPN in a session with a USA whose newest version is `newest`.
fn japan(newest: u16) -> Border {
    let mut border = Border::restore(config(Nation::JPN, 1, 5), &Restored::default());
    border.connected(1, START);
    border.receive(1, &Hello { newest, ..Hello::default() }.frame(), START);
    border.transmit(1, START, 4096);
    border
}

/// The bodies of the pictures that `border` sends.
fn pictures(border: &mut Border) -> Vec<Vec<u8>> {
    let sent = border.transmit(1, START, 64 * 1024);
    let frames = frames(&sent).into_iter().filter(|(kind, _)| *kind == PICTURE);
    let bodies: Vec<Vec<u8>> = frames.map(|(_, body)| body).collect();
    assert!(bodies.iter().all(|body| body.len() <= 1_100), "about 960");
    bodies
}

#[test]
fn a_second_reader_reads_from_the_page_what_is_sent() {
    let (mut policy, mut border, mut reader) = (policy(Nation::JPN), japan(2), Reader::default());
    for round in 1..6 {
        let mut offered = Vec::new();
        for key in 1..40 {
            let mut releases =
                vec![observation(&mut policy, Nation::JPN, key, round * 7 + key % 3)];
            if (key + round) % 4 == 0 {
                let name = format!("SHIP {key} {}", round / 3);
                releases.push(static_report(&mut policy, Nation::JPN, key, &name));
            }
            for release in releases {
                offered.push(release.item().clone());
                border.offer_observation(release).unwrap();
            }
        }
        let mut came = Vec::new();
        pictures(&mut border).iter().for_each(|body| came.extend(reader.read(body)));
        let sort = |mut releases: Vec<ObservationRelease>| {
            releases.sort_by_key(|release| (release.alias, release.has_position()));
            releases
        };
        assert_eq!(sort(came), sort(offered));
    }
}

#[test]
fn what_a_second_writer_writes_from_the_page_is_read() {
    let release = observation(&mut policy(Nation::USA), Nation::USA, 5, 1).into_item();
    let full = release.full.unwrap();
    let place = full.position.unwrap();
    let named = release.identity.clone().unwrap();
    let mut columns = vec![0, 1, 0, 1 | 2 | 4];
    let put = |columns: &mut Vec<u8>, mut number: u64| {
        while number >= 0x80 {
            columns.push((number & 0x7F) as u8 | 0x80);
            number >>= 7;
        }
        columns.push(number as u8);
    };
    // Time, slot, place, accuracy, speed; created; full, named, content.
    put(&mut columns, 0b11_1111 | 1 << 12 | 1 << 27 | 1 << 28 | 1 << 29);
    let (at, created) = (full.at.0, release.label.created.0);
    let (latitude, longitude) = (i64::from(place.latitude_udeg), i64::from(place.longitude_udeg));
    // All columns but that of the slot, which is as expected.
    put(&mut columns, 0b11_1101 | 1 << 12);
    let mut plain = Vec::new();
    for (split, number) in [(true, at), (true, latitude), (true, longitude), (false, 100)] {
        let folded = (number as u64) << 1;
        if split {
            plain.push(folded as u8);
        }
        put(&mut columns, if split { folded >> 8 } else { folded });
    }
    for number in [100, created] {
        put(&mut columns, (number as u64) << 1);
    }
    plain.extend([named.content.unwrap() as u8, 0]);
    put(&mut columns, (5 - 1) << 1);
    columns.push(0);
    let mut label = release.label.clone();
    label.created = Timestamp(0);
    let mut kind = vec![0x84, 1, 0];
    kind.extend(to_canonical(&release.source.clone().map(|source| source.feed)));
    kind.extend(to_canonical(&label));
    columns.push(kind.len() as u8);
    columns.extend(kind);
    columns.push(1);
    columns.extend(100_000_005_u32.to_be_bytes());
    columns.push(0);
    let body = [packed(&columns), plain].concat();
    let events = japan(2).receive(1, &frame(PICTURE, &body), START);
    assert_eq!(events, [Event::Observation { release: Box::new(release.clone()) }]);
}

/// A body whose zstd frame ends with it, which is allowed.
fn packed(raw: &[u8]) -> Vec<u8> {
    let packed = zstd::bulk::compress(raw, 1).expect("it packs");
    assert!(packed.len() < 256);
    let length = [packed.len() as u8 & 0x7F | 0x80, (packed.len() >> 7) as u8];
    let length = if packed.len() < 128 { &[packed.len() as u8][..] } else { &length };
    [length, packed.as_slice()].concat()
}

#[test]
fn pieces_of_entries_go_packed() {
    let record = crate::support::record(&policy(Nation::JPN), Nation::JPN, 1, 0);
    let mut border = japan(2);
    for _ in 0..5 {
        let outbound = border.offer_record(Class::Decisions, record.clone()).unwrap();
        border.committed(Class::Decisions, outbound.cursor.seq);
    }
    let (kind, body) = frames(&border.transmit(1, START, 4096)).remove(0);
    assert_eq!(kind, PIECES);
    let pieces = pieces(&mut Decoder::new().unwrap(), &body);
    assert!(pieces.len() > 2 && pieces[0].starts_with("CHUNK class 1 seq 1 at 0"), "{pieces:?}");

    let mut usa = Border::restore(config(Nation::USA, 1, 5), &Restored::default());
    usa.connected(1, START);
    let hello = Hello { newest: 2, nation: b"JPN", partner: b"USA", ..Hello::default() };
    usa.receive(1, &hello.frame(), START);
    let raw = crate::wire::chunk_body(1, 1, 4, 0, b"abcd");
    usa.receive(1, &frame(PIECES, &packed(&raw)), START);
    let sent = names(&usa.transmit(1, START, 4096));
    assert!(sent.iter().any(|name| name.starts_with("REFUSE 8 read a log entry")), "{sent:?}");
}

#[test]
fn a_partner_of_version_1_gets_observations_and_may_send_no_picture() {
    let mut border = japan(1);
    assert_eq!(border.status().greeting.map(|greeting| greeting.protocol), Some(1));
    let offered = observation(&mut policy(Nation::JPN), Nation::JPN, 1, 1);
    let bytes = offered.item().to_bytes();
    border.offer_observation(offered).unwrap();
    let sent = border.transmit(1, START, 4096);
    assert_eq!(names(&sent), ["OBSERVATIONS 1"]);
    let (kind, body) = frames(&sent).remove(0);
    assert_eq!((kind, body[4..] == bytes[..] || body.ends_with(&bytes)), (OBSERVATIONS, true));
    border.receive(1, &frame(PICTURE, &[0, 0]), START);
    assert_eq!(
        names(&border.transmit(1, START, 4096)),
        ["REFUSE 9 a frame of kind 8, which this version does not know"]
    );
}

#[test]
fn a_picture_that_is_none_ends_the_session() {
    let mut border = japan(2);
    border.receive(1, &frame(PICTURE, &packed(&[0, 1, 2, 0, 0])), START);
    assert_eq!(
        names(&border.transmit(1, START, 4096)),
        ["REFUSE 8 read PICTURE: a handle was never told"]
    );
}
