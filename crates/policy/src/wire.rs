//! What crosses the border of one observation: a struct a tier, integers only, canonical CBOR.
//!
//! Refuses on reading: another spelling of the same value, a version it does not know, values out
//! of range, texts over [`TEXT_BYTES_MAX`], and a higher tier without the lower ones.
//!
//! ```text
//! ObservationRelease = [ version: 1, alias, existence, coarse / null, full / null,
//!                        identity / null, source / null, label ]
//!                    = [ version: 2, …, label, belief ]       (one sensor's own track, not a report)
//! alias     = [ nation: 3 bytes, number ]
//! existence = [ domain: 0..4, at: ms ]
//! coarse    = [ latitude cell: -900..900, longitude cell: -1800..1799 ]          (0.1 degree)
//! full      = [ at: ms, position / null, accuracy_dm, speed_cmps, course_cdeg, heading_cdeg,
//!               altitude_dm, vertical_cmps ]
//! identity  = [ identity, attributes, content / null ]
//! source    = [ feed: text ]
//! belief    = [ velocity_cmps: [ east, north ], covariance: 10 integers, quiet_ms ]
//! ```

use minicbor::{Decode, Encode};
use renkei_model::cbor::{CanonicalError, Digest, from_canonical, to_canonical};
use renkei_model::id::{BorderAlias, Nation, SourceId};
use renkei_model::label::Label;
use renkei_model::observation::{Attributes, Domain, Identity, Motion, Observation, Source};
use renkei_model::position::{MicroPosition, Position};
use renkei_model::time::Timestamp;
use renkei_model::track::SensorTrack;

/// The version of [`ObservationRelease`] that this build writes and reads.
pub const RELEASE_VERSION: u16 = 1;

/// The version of one that carries a sensor's own track, so that a node that would take it for a
/// report refuses it.
pub const TRACK_VERSION: u16 = 2;

/// Side of a coarse cell in 1e-6 degree: 0.1°, about 11 km from south to north.
pub const CELL_UDEG: i32 = 100_000;

/// Length of a coarse time slot: 10 minutes, in which a ship at 15 knots moves 4.6 km, less than a
/// cell, so that neither space nor time gives the other away.
pub const SLOT_MS: i64 = 600_000;

/// One standard deviation of a coarse position in metres: 11,120 m / √12, rounded up.
pub const COARSE_SD_M: f64 = 3_300.0;

/// Longest text that is released or taken, in bytes of UTF-8. AIS names are 20 characters; a
/// longer text is left out, not cut, because a cut name is another name.
pub const TEXT_BYTES_MAX: usize = 256;

/// One observation as the partner gets it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct ObservationRelease {
    /// [`RELEASE_VERSION`] of the writer.
    #[n(0)]
    pub version: u16,
    /// The releasing node's spoken name for the thing; also says which nation released it.
    #[n(1)]
    pub alias: BorderAlias,
    /// Tier 1.
    #[n(2)]
    pub existence: Existence,
    /// Tier 2, only where tier 3 is withheld: the full position holds all of it.
    #[n(3)]
    pub coarse: Option<Coarse>,
    /// Tier 3.
    #[n(4)]
    pub full: Option<FullKinematics>,
    /// Tier 4.
    #[n(5)]
    pub identity: Option<ReleasedIdentity>,
    /// Tier 5.
    #[n(6)]
    pub source: Option<ReleasedSource>,
    /// The originator's label. Its creation time is that of the slot where tier 3 is withheld.
    #[n(7)]
    pub label: Label,
    /// Of tier 3: how sure a sensor's own track is. Where it stands, place and motion are that
    /// sensor's estimate, whose errors are the same from one release to the next, and no report.
    #[n(8)]
    pub belief: Option<SensorBelief>,
}

/// Tier 1: there is something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Existence {
    /// Where it moves.
    #[n(0)]
    pub domain: Domain,
    /// Start of the ten-minute slot of its event time. Exact times would tell the reporting
    /// interval, and AIS makes that follow from the speed.
    #[n(1)]
    pub at: Timestamp,
}

/// Tier 2: the cell of the first position of the slot. One value a slot: a second one would tell
/// when the thing crossed from cell to cell, and so where it was to about 80 m.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Coarse {
    /// Latitude in [`CELL_UDEG`], rounded down: the cell's southern edge.
    #[n(0)]
    pub latitude_cell: i16,
    /// Longitude in [`CELL_UDEG`], rounded down: the cell's western edge.
    #[n(1)]
    pub longitude_cell: i16,
}

impl Coarse {
    /// The cell that holds `position`.
    #[must_use]
    pub fn of(position: Position) -> Self {
        let p = MicroPosition::from(position);
        let cell = |udeg: i32| udeg.div_euclid(CELL_UDEG) as i16;
        let longitude =
            if p.longitude_udeg == 180_000_000 { -180_000_000 } else { p.longitude_udeg };
        Self { latitude_cell: cell(p.latitude_udeg), longitude_cell: cell(longitude) }
    }

    /// The cell's centre, `None` when the cell is not on the globe.
    #[must_use]
    pub fn centre(self) -> Option<Position> {
        let valid = (-900..=900).contains(&self.latitude_cell)
            && (-1800..1800).contains(&self.longitude_cell);
        let latitude = (f64::from(self.latitude_cell) / 10.0 + 0.05).min(90.0);
        valid.then(|| Position::new(latitude, f64::from(self.longitude_cell) / 10.0 + 0.05))?
    }
}

/// Tier 3: the motion as reported. `None` = not said in this report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct FullKinematics {
    /// Event time, exact.
    #[n(0)]
    pub at: Timestamp,
    /// Where, in 1e-6 degree.
    #[n(1)]
    pub position: Option<MicroPosition>,
    /// One standard deviation of the position in 0.1 m.
    #[n(2)]
    pub accuracy_dm: Option<u32>,
    /// Speed over ground in 0.01 m/s.
    #[n(3)]
    pub speed_cmps: Option<u32>,
    /// Course over ground in 0.01° true, 0..36000.
    #[n(4)]
    pub course_cdeg: Option<u16>,
    /// Heading in 0.01° true, 0..36000.
    #[n(5)]
    pub heading_cdeg: Option<u16>,
    /// Altitude in 0.1 m.
    #[n(6)]
    pub altitude_dm: Option<i32>,
    /// Rate of climb in 0.01 m/s.
    #[n(7)]
    pub vertical_cmps: Option<i32>,
}

/// Tier 3 of a thing that gave no name: what it takes to weigh the sensor's own track of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct SensorBelief {
    /// Velocity to the east and to the north in 0.01 m/s.
    #[n(0)]
    pub velocity_cmps: [i32; 2],
    /// The upper triangle, row by row, of the covariance of the errors east and north in 0.1 m and of
    /// the velocity east and north in 0.01 m/s.
    #[n(1)]
    pub covariance: [i64; 10],
    /// Silence after which the track is stale, ms.
    #[n(2)]
    pub quiet_ms: u32,
}

/// Metres and metres a second in the units of [`SensorBelief::covariance`], axis by axis.
const BELIEF_UNITS: [f64; 4] = [10.0, 10.0, 100.0, 100.0];
/// Added to each variance before it is rounded: a matrix of four rows changes by no more than twice
/// the half of a unit when it is rounded, so that it stays positive definite and claims no less error.
const BELIEF_ROUNDING: f64 = 2.0;

impl SensorBelief {
    pub(crate) fn written(covariance: &[[f64; 4]; 4]) -> [i64; 10] {
        let mut written = [0; 10];
        for (value, (i, j)) in written.iter_mut().zip(triangle()) {
            let scaled = covariance[i][j] * BELIEF_UNITS[i] * BELIEF_UNITS[j];
            *value = (scaled + if i == j { BELIEF_ROUNDING } else { 0.0 }).round() as i64;
        }
        written
    }

    fn covariance(&self) -> [[f64; 4]; 4] {
        let mut covariance = [[0.0; 4]; 4];
        for (value, (i, j)) in self.covariance.into_iter().zip(triangle()) {
            let scaled = value as f64 / (BELIEF_UNITS[i] * BELIEF_UNITS[j]);
            covariance[i][j] = scaled;
            covariance[j][i] = scaled;
        }
        covariance
    }
}

fn triangle() -> impl Iterator<Item = (usize, usize)> {
    (0..4).flat_map(|i| (i..4).map(move |j| (i, j)))
}

/// Tier 4: who it says it is, and what else it says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct ReleasedIdentity {
    /// How the thing named itself.
    #[n(0)]
    pub identity: Identity,
    /// Name, call sign, type and the rest of what it said.
    #[n(1)]
    pub attributes: Attributes,
    /// The last two bytes of the transmission's content ([`Observation::content`]), so that one that
    /// both nations heard counts once: of the reports of one thing within 30 s one in 4,000 is taken
    /// for another, where eight bytes would be most of what a report costs on a thin line.
    ///
    /// It stands in this tier, and only for AIS and Mode S. A hash betrays what it was made from
    /// to anyone who can guess the rest; but AIS and Mode S payloads go out in clear, and all they
    /// say is in this tier and tier 3. A CoT event can hold text that no tier carries (remarks,
    /// telephone numbers), so its hash never crosses.
    #[n(2)]
    pub content: Option<u64>,
}

/// Tier 5: which of our feeds reported it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct ReleasedSource {
    /// The feed's configured name.
    #[n(0)]
    pub feed: SourceId,
}

/// Why a release was refused on reading.
#[derive(Debug, thiserror::Error)]
pub enum WireError {
    /// Not the canonical bytes of a release.
    #[error("read an observation release: {0}")]
    Bytes(#[from] CanonicalError),
    /// Written by a version that this build does not know.
    #[error(
        "read an observation release: version {0} is not {RELEASE_VERSION}; upgrade the older node"
    )]
    Version(u16),
    /// A value that no sender of this version writes.
    #[error("read an observation release: {0}; the sender is at fault, the release is dropped")]
    Value(&'static str),
}

impl ObservationRelease {
    /// The canonical bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        to_canonical(self)
    }

    /// Reads what `from` sent.
    ///
    /// # Errors
    /// [`WireError`] when the bytes are not one canonical release, its version is unknown, a value
    /// is out of range, a tier stands without the lower ones, or the alias or the label names
    /// another nation than `from`: what a third nation gave is never passed on.
    pub fn from_bytes(bytes: &[u8], from: Nation) -> Result<Self, WireError> {
        let release: Self = from_canonical(bytes)?;
        let known = if release.belief.is_some() { TRACK_VERSION } else { RELEASE_VERSION };
        if release.version != known {
            return Err(WireError::Version(release.version));
        }
        release.fault(from).map_or(Ok(release), |fault| Err(WireError::Value(fault)))
    }

    /// Whether it says where the thing was, exactly or by its cell.
    #[must_use]
    pub fn has_position(&self) -> bool {
        self.coarse.is_some() || self.full.is_some_and(|full| full.position.is_some())
    }

    /// The event time as far as it was told: exact with tier 3, else the start of its slot.
    #[must_use]
    pub fn event_time(&self) -> Timestamp {
        self.full.map_or(self.existence.at, |full| full.at)
    }

    /// The sensor's own track that it carries; `None` for a report, and for a track that was released
    /// below the full tier.
    #[must_use]
    pub fn sensor_track(&self) -> Option<SensorTrack> {
        let (belief, full) = (self.belief?, self.full?);
        Some(SensorTrack {
            at: full.at,
            position: full.position?.position()?,
            velocity_mps: belief.velocity_cmps.map(|cmps| f64::from(cmps) / 100.0),
            covariance: belief.covariance(),
            quiet_ms: i64::from(belief.quiet_ms),
        })
    }

    /// The observation that the receiving node takes in.
    ///
    /// A thing without a released identity is known by its alias. A report without a released
    /// content hash gets the hash of its released bytes, so that the same release counts once.
    #[must_use]
    pub fn into_observation(self, received_at: Timestamp) -> Observation {
        let content = self.identity.as_ref().and_then(|identity| identity.content);
        let content = content.unwrap_or_else(|| first_eight(Digest::of(&self.to_bytes())));
        let event_time = self.event_time();
        let (position, accuracy_m) = match (&self.full, self.coarse) {
            (Some(full), _) => (
                full.position.and_then(MicroPosition::position),
                full.accuracy_dm.map(|dm| f64::from(dm) / 10.0),
            ),
            (None, Some(coarse)) => (coarse.centre(), Some(COARSE_SD_M)),
            (None, None) => (None, None),
        };
        let (identity, attributes) = match self.identity {
            Some(released) => (released.identity, released.attributes),
            None => (Identity::Alias(self.alias), Attributes::default()),
        };
        Observation {
            source: Source::Partner {
                nation: self.alias.nation,
                alias: self.alias,
                feed: self.source.map(|source| source.feed),
            },
            identity,
            domain: self.existence.domain,
            event_time,
            received_at,
            position,
            accuracy_m,
            motion: self.full.map(FullKinematics::motion).unwrap_or_default(),
            attributes,
            content,
            label: self.label,
        }
    }

    fn fault(&self, from: Nation) -> Option<&'static str> {
        let rules = [
            (self.alias.nation == from, "the alias is not the sender's"),
            (self.label.originator == from, "the label's originator is not the sender"),
            (
                self.existence.at.0.rem_euclid(SLOT_MS) == 0,
                "existence is not at the start of a slot",
            ),
            (self.coarse.is_none() || self.full.is_none(), "both a coarse and a full position"),
            (self.coarse.is_none_or(|c| c.centre().is_some()), "the coarse cell is off the globe"),
            (self.full.is_none_or(|f| f.in_range()), "a kinematic value is out of range"),
            (self.full.is_none_or(|f| slot_start(f.at) == self.existence.at), "two event times"),
            (self.identity.is_none() || self.full.is_some(), "an identity without full kinematics"),
            (
                self.source.is_none() || self.identity.is_some() || self.belief.is_some(),
                "a source without an identity",
            ),
            (
                self.belief.is_none() || self.identity.is_none(),
                "an identity beside a sensor's own track",
            ),
            (
                self.belief.is_none() || self.sensor_track().is_some_and(|t| t.is_sound()),
                "a sensor's own track that is no estimate",
            ),
            (self.identity.as_ref().is_none_or(ReleasedIdentity::in_range), "an identity value"),
            (
                self.source.as_ref().is_none_or(|s| s.feed.0.len() <= TEXT_BYTES_MAX),
                "the feed's name is too long",
            ),
        ];
        rules.into_iter().find_map(|(holds, fault)| (!holds).then_some(fault))
    }
}

impl FullKinematics {
    fn in_range(self) -> bool {
        let angle = |a: Option<u16>| a.is_none_or(|cdeg| cdeg < 36_000);
        self.position.is_none_or(|p| p.position().is_some())
            && angle(self.course_cdeg)
            && angle(self.heading_cdeg)
    }

    fn motion(self) -> Motion {
        Motion {
            speed_mps: self.speed_cmps.map(|v| f64::from(v) / 100.0),
            course_deg: self.course_cdeg.map(|v| f64::from(v) / 100.0),
            heading_deg: self.heading_cdeg.map(|v| f64::from(v) / 100.0),
            altitude_m: self.altitude_dm.map(|v| f64::from(v) / 10.0),
            vertical_rate_mps: self.vertical_cmps.map(|v| f64::from(v) / 100.0),
        }
    }
}

impl ReleasedIdentity {
    fn in_range(&self) -> bool {
        let a = &self.attributes;
        let texts = [&a.name, &a.callsign, &a.destination, &a.squawk, &a.cot_type, &a.team];
        let named = match &self.identity {
            Identity::Mmsi(mmsi) => *mmsi <= 999_999_999,
            Identity::Icao(address) | Identity::NonIcao(address) => *address <= 0xFF_FFFF,
            Identity::Cot(uid) => uid.len() <= TEXT_BYTES_MAX,
            Identity::Alias(_) => false,
        };
        // Nobody releases free text, so nobody may send it.
        let free = a.safety_text.is_some();
        named && !free && texts.into_iter().flatten().all(|text| text.len() <= TEXT_BYTES_MAX)
    }
}

/// The start of the slot that holds `at`.
pub(crate) fn slot_start(at: Timestamp) -> Timestamp {
    Timestamp(at.0.saturating_sub(at.0.rem_euclid(SLOT_MS)))
}

fn first_eight(digest: Digest) -> u64 {
    let Digest([a, b, c, d, e, f, g, h, ..]) = digest;
    u64::from_be_bytes([a, b, c, d, e, f, g, h])
}
