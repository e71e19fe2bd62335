//! An observation's release as numbers: what of it changes from one report to the next.

use renkei_model::id::BorderAlias;
use renkei_model::observation::{Attributes, Identity};
use renkei_model::position::MicroPosition;
use renkei_model::time::Timestamp;
use renkei_policy::ObservationRelease;
use renkei_policy::wire::{
    Coarse, Existence, FullKinematics, ReleasedIdentity, ReleasedSource, SLOT_MS, SensorBelief,
};

use super::CompactError;
use super::table::Profile;

/// Number of fields.
pub(crate) const FIELDS: usize = 27;

/// The bits of [`Value::present`] after those of the fields.
const FULL: u32 = 1 << 27;
const NAMED: u32 = 1 << 28;
const CONTENT: u32 = 1 << 29;
/// The content's hash is longer than two bytes.
const LONG: u32 = 1 << 30;

/// A number of a release, in the order of the columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Field {
    At,
    Slot,
    Latitude,
    Longitude,
    Accuracy,
    Speed,
    Course,
    Heading,
    Altitude,
    Climb,
    LatitudeCell,
    LongitudeCell,
    Created,
    Review,
    VelocityEast,
    VelocityNorth,
    Covariance0,
    Covariance1,
    Covariance2,
    Covariance3,
    Covariance4,
    Covariance5,
    Covariance6,
    Covariance7,
    Covariance8,
    Covariance9,
    Quiet,
}

use Field::{
    Accuracy, Altitude, At, Climb, Course, Covariance0, Covariance1, Covariance2, Covariance3,
    Covariance4, Covariance5, Covariance6, Covariance7, Covariance8, Covariance9, Created, Heading,
    Latitude, LatitudeCell, Longitude, LongitudeCell, Quiet, Review, Slot, Speed, VelocityEast,
    VelocityNorth,
};

const COVARIANCE: [Field; 10] = [
    Covariance0,
    Covariance1,
    Covariance2,
    Covariance3,
    Covariance4,
    Covariance5,
    Covariance6,
    Covariance7,
    Covariance8,
    Covariance9,
];

impl Field {
    /// All, in the order of the columns.
    #[rustfmt::skip]
    pub(crate) const ALL: [Self; FIELDS] = [
        At, Slot, Latitude, Longitude, Accuracy, Speed, Course, Heading, Altitude, Climb,
        LatitudeCell, LongitudeCell, Created, Review, VelocityEast, VelocityNorth, Covariance0,
        Covariance1, Covariance2, Covariance3, Covariance4, Covariance5, Covariance6, Covariance7,
        Covariance8, Covariance9, Quiet,
    ];
    /// When and where.
    pub(crate) const PLACE: [Self; 3] = [At, Latitude, Longitude];
}

/// The numbers of one release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Value {
    /// A bit for each field that is there, and the bits above.
    pub(crate) present: u32,
    numbers: [i64; FIELDS],
    /// Hash of the transmission.
    pub(crate) content: u64,
}

impl Value {
    /// A value in which the fields of `present` are still to be set.
    pub(crate) fn empty(present: u32) -> Self {
        Self { present, numbers: [0; FIELDS], content: 0 }
    }

    pub(crate) fn of(release: &ObservationRelease) -> Self {
        let ObservationRelease { existence, coarse, full, identity, label, belief, .. } = release;
        let mut value = Self::empty(0);
        value.put(Slot, Some(existence.at.0));
        value.put(Created, Some(label.created.0));
        value.put(Review, label.review.map(|at| at.0));
        value.put(LatitudeCell, coarse.map(|cell| cell.latitude_cell.into()));
        value.put(LongitudeCell, coarse.map(|cell| cell.longitude_cell.into()));
        if let Some(full) = full {
            value.present |= FULL;
            value.put(At, Some(full.at.0));
            value.put(Latitude, full.position.map(|place| place.latitude_udeg.into()));
            value.put(Longitude, full.position.map(|place| place.longitude_udeg.into()));
            value.put(Accuracy, full.accuracy_dm.map(i64::from));
            value.put(Speed, full.speed_cmps.map(i64::from));
            value.put(Course, full.course_cdeg.map(i64::from));
            value.put(Heading, full.heading_cdeg.map(i64::from));
            value.put(Altitude, full.altitude_dm.map(i64::from));
            value.put(Climb, full.vertical_cmps.map(i64::from));
        }
        if let Some(SensorBelief { velocity_cmps: [east, north], covariance, quiet_ms }) = belief {
            value.put(VelocityEast, Some((*east).into()));
            value.put(VelocityNorth, Some((*north).into()));
            for (field, number) in COVARIANCE.into_iter().zip(covariance) {
                value.put(field, Some(*number));
            }
            value.put(Quiet, Some((*quiet_ms).into()));
        }
        if let Some(named) = identity {
            value.present |= NAMED;
            if let Some(content) = named.content {
                value.present |= if content > 0xFFFF { CONTENT | LONG } else { CONTENT };
                value.content = content;
            }
        }
        value
    }

    /// 0 with a position, 1 without.
    pub(crate) fn aspect(&self) -> usize {
        let has_position = self.has(Latitude) || self.has(LatitudeCell);
        usize::from(!has_position)
    }

    pub(crate) fn has(&self, field: Field) -> bool {
        self.present & (1 << field as u32) != 0
    }

    pub(crate) fn is_named(&self) -> bool {
        self.present & NAMED != 0
    }

    /// Bytes that the hash of the transmission takes.
    pub(crate) fn content_bytes(&self) -> usize {
        match (self.present & CONTENT, self.present & LONG) {
            (0, _) => 0,
            (_, 0) => 2,
            _ => 8,
        }
    }

    pub(crate) fn number(&self, field: Field) -> Option<i64> {
        self.has(field).then(|| self.numbers.get(field as usize).copied())?
    }

    /// Sets a field that is present.
    pub(crate) fn set(&mut self, field: Field, number: i64) {
        if let Some(slot) = self.numbers.get_mut(field as usize) {
            *slot = number;
        }
    }

    /// The fields that are there, in their order.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = (Field, i64)> {
        Field::ALL.into_iter().filter_map(|field| Some((field, self.number(field)?)))
    }

    /// The start of the slot in which its exact time lies.
    pub(crate) fn slot_of_time(&self) -> Option<i64> {
        let at = self.number(At)?;
        Some(at.wrapping_sub(at.rem_euclid(SLOT_MS)))
    }

    /// The release that this is the numbers of.
    ///
    /// # Errors
    /// [`CompactError`] when a number is none that a release can hold, or half of something is there.
    pub(crate) fn release(
        &self,
        alias: BorderAlias,
        profile: &Profile,
        named: Option<(Identity, Attributes)>,
    ) -> Result<ObservationRelease, CompactError> {
        let identity = named.map(|(identity, attributes)| ReleasedIdentity {
            identity,
            attributes,
            content: (self.content_bytes() > 0).then_some(self.content),
        });
        let (Some(slot), Some(created)) = (self.number(Slot), self.number(Created)) else {
            return Err(CompactError::Range("what stands in every release"));
        };
        let mut label = profile.label.clone();
        label.created = Timestamp(created);
        label.review = self.number(Review).map(Timestamp);
        let cell = pair(self.fit(LatitudeCell)?, self.fit(LongitudeCell)?)?;
        Ok(ObservationRelease {
            version: profile.version,
            alias,
            existence: Existence { domain: profile.domain, at: Timestamp(slot) },
            coarse: cell
                .map(|(latitude_cell, longitude_cell)| Coarse { latitude_cell, longitude_cell }),
            full: self.full()?,
            identity,
            source: profile.source.clone().map(|feed| ReleasedSource { feed }),
            label,
            belief: self.belief()?,
        })
    }

    fn full(&self) -> Result<Option<FullKinematics>, CompactError> {
        let place = pair(self.fit(Latitude)?, self.fit(Longitude)?)?;
        let full = FullKinematics {
            at: Timestamp(self.number(At).unwrap_or_default()),
            position: place.map(|(latitude_udeg, longitude_udeg)| MicroPosition {
                latitude_udeg,
                longitude_udeg,
            }),
            accuracy_dm: self.fit(Accuracy)?,
            speed_cmps: self.fit(Speed)?,
            course_cdeg: self.fit(Course)?,
            heading_cdeg: self.fit(Heading)?,
            altitude_dm: self.fit(Altitude)?,
            vertical_cmps: self.fit(Climb)?,
        };
        let kinematics = [Latitude, Accuracy, Speed, Course, Heading, Altitude, Climb];
        let is_told = self.present & FULL != 0;
        if self.has(At) != is_told || (!is_told && kinematics.into_iter().any(|f| self.has(f))) {
            return Err(CompactError::Range("a motion without its time"));
        }
        Ok(is_told.then_some(full))
    }

    fn belief(&self) -> Result<Option<SensorBelief>, CompactError> {
        let velocity = pair(self.fit(VelocityEast)?, self.fit(VelocityNorth)?)?;
        let quiet_ms = self.fit(Quiet)?;
        let told: Vec<i64> = COVARIANCE.into_iter().filter_map(|f| self.number(f)).collect();
        match (velocity, quiet_ms, <[i64; 10]>::try_from(told.as_slice())) {
            (Some((east, north)), Some(quiet_ms), Ok(covariance)) => {
                Ok(Some(SensorBelief { velocity_cmps: [east, north], covariance, quiet_ms }))
            }
            (None, None, Err(_)) if told.is_empty() => Ok(None),
            _ => Err(CompactError::Range("half of a belief")),
        }
    }

    fn put(&mut self, field: Field, number: Option<i64>) {
        if let Some(number) = number {
            self.present |= 1 << field as u32;
            self.set(field, number);
        }
    }

    fn fit<T: TryFrom<i64>>(&self, field: Field) -> Result<Option<T>, CompactError> {
        let number = self.number(field).map(T::try_from).transpose();
        number.map_err(|_| CompactError::Range("a number of a release"))
    }
}

/// Both or neither.
fn pair<T>(first: Option<T>, second: Option<T>) -> Result<Option<(T, T)>, CompactError> {
    match (first, second) {
        (Some(first), Some(second)) => Ok(Some((first, second))),
        (None, None) => Ok(None),
        _ => Err(CompactError::Range("half of a pair")),
    }
}
