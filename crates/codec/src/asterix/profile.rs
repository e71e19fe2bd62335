//! Which items a category has, in which order, and how long each is (the "user application profile").
//!
//! Lengths are in octets. Every item is here, so that what is not read is skipped by its right length.
//!
//! Refuses: an item that the profile does not know. Its length could only be guessed.

use Shape::{Compound, Explicit, Extended, Fixed, Repeated, Spare};

/// How long an item is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    /// So many octets.
    Fixed(usize),
    /// Parts of so many octets; the lowest bit of each part (FX) says that another follows.
    Extended(usize),
    /// One octet that counts, then so many times so many octets.
    Repeated(usize),
    /// Octets of which seven bits each say which of these subitems follow, the eighth (FX) that
    /// another such octet follows; then the subitems.
    Compound(&'static [Shape]),
    /// The first octet is the length, itself included.
    Explicit,
    /// Not given out.
    Spare,
}

/// An item of a profile: its number in the category, and its shape. Its place is its FRN less one.
pub(super) type Item = (u16, Shape);

/// I048/120, radial Doppler speed: CAL, and RDS with its ambiguity and frequency.
pub(super) const DOPPLER: &[Shape] = &[Fixed(2), Repeated(6)];

/// Category 048, part 4 edition 1.21 and later.
pub(super) const TARGET: &[Item] = &[
    (10, Fixed(2)),                  // data source: SAC, SIC
    (140, Fixed(3)),                 // time of day
    (20, Extended(1)),               // target report descriptor
    (40, Fixed(4)),                  // measured position, slant polar
    (70, Fixed(2)),                  // Mode 3/A code
    (90, Fixed(2)),                  // flight level
    (130, Compound(&[Fixed(1); 7])), // radar plot characteristics
    (220, Fixed(3)),                 // aircraft address
    (240, Fixed(6)),                 // aircraft identification
    (250, Repeated(8)),              // Mode S MB data
    (161, Fixed(2)),                 // track number
    (42, Fixed(4)),                  // calculated position, Cartesian
    (200, Fixed(4)),                 // calculated track velocity, polar
    (170, Extended(1)),              // track status
    (210, Fixed(4)),                 // track quality
    (30, Extended(1)),               // warnings, errors, target classification
    (80, Fixed(2)),                  // Mode 3/A code confidence
    (100, Fixed(4)),                 // Mode C code and confidence
    (110, Fixed(2)),                 // height measured by a 3D radar
    (120, Compound(DOPPLER)),        // radial Doppler speed
    (230, Fixed(2)),                 // communications, ACAS, flight status
    (260, Fixed(7)),                 // ACAS resolution advisory
    (55, Fixed(1)),                  // Mode 1 code
    (50, Fixed(2)),                  // Mode 2 code
    (65, Fixed(1)),                  // Mode 1 code confidence
    (60, Fixed(2)),                  // Mode 2 code confidence
    (SPECIAL, Explicit),             // special purpose
    (RESERVED, Explicit),            // reserved expansion
];

/// Stands for the special purpose field, which has no number.
const SPECIAL: u16 = 1_001;
/// Stands for the reserved expansion field, which has no number.
const RESERVED: u16 = 1_002;

/// I062/380, aircraft derived data: ADR ID MHG IAS TAS SAL FSS · TIS TID COM SAB ACS BVR GVR ·
/// RAN TAR TAN GSP VUN MET EMC · POS GAL PUN MB IAR MAC BPS.
pub(super) const AIRCRAFT: &[Shape] = &[
    Fixed(3),
    Fixed(6),
    Fixed(2),
    Fixed(2),
    Fixed(2),
    Fixed(2),
    Fixed(2),
    Extended(1),
    Repeated(15),
    Fixed(2),
    Fixed(2),
    Fixed(7),
    Fixed(2),
    Fixed(2),
    Fixed(2),
    Fixed(2),
    Fixed(2),
    Fixed(2),
    Fixed(1),
    Fixed(8),
    Fixed(1),
    Fixed(6),
    Fixed(2),
    Fixed(1),
    Repeated(8),
    Fixed(2),
    Fixed(2),
    Fixed(2),
];

/// I062/290, ages of the last report by kind of sensor, 1/4 s: TRK PSR SSR MDS ADS ES VDL · UAT LOP MLT.
pub(super) const AGES: &[Shape] = &[
    Fixed(1),
    Fixed(1),
    Fixed(1),
    Fixed(1),
    Fixed(2),
    Fixed(1),
    Fixed(1),
    Fixed(1),
    Fixed(1),
    Fixed(1),
];

/// I062/390, what the flight plan says: TAG CSN IFI FCT TAC WTC DEP · DST RDS CFL CTL TOD AST STS ·
/// STD STA PEM PEC.
const FLIGHT_PLAN: &[Shape] = &[
    Fixed(2),
    Fixed(7),
    Fixed(4),
    Fixed(1),
    Fixed(4),
    Fixed(1),
    Fixed(4),
    Fixed(4),
    Fixed(3),
    Fixed(2),
    Fixed(2),
    Repeated(4),
    Fixed(6),
    Fixed(1),
    Fixed(7),
    Fixed(7),
    Fixed(2),
    Fixed(7),
];

/// I062/110, Mode 5: SUM PMN POS GA EM1 TOS XP.
const MODE_5: &[Shape] = &[Fixed(1), Fixed(4), Fixed(6), Fixed(2), Fixed(2), Fixed(1), Fixed(1)];

/// I062/500, estimated accuracies: APC COV APW AGA ABA ATV AA · ARC.
pub(super) const ACCURACIES: &[Shape] =
    &[Fixed(4), Fixed(2), Fixed(4), Fixed(1), Fixed(1), Fixed(2), Fixed(2), Fixed(1)];

/// I062/340, what was measured last: SID POS HEI MDC MDA TYP.
const MEASURED: &[Shape] = &[Fixed(2), Fixed(4), Fixed(2), Fixed(2), Fixed(2), Fixed(1)];

/// Category 062, part 9 edition 1.10 and later.
pub(super) const TRACK: &[Item] = &[
    (10, Fixed(2)), // data source: SAC, SIC
    (0, Spare),
    (15, Fixed(1)),                   // service
    (70, Fixed(3)),                   // time of track information
    (105, Fixed(8)),                  // calculated position, WGS 84
    (100, Fixed(6)),                  // calculated position, Cartesian
    (185, Fixed(4)),                  // calculated velocity, Cartesian
    (210, Fixed(2)),                  // calculated acceleration
    (60, Fixed(2)),                   // Mode 3/A code
    (245, Fixed(7)),                  // target identification
    (380, Compound(AIRCRAFT)),        // aircraft derived data
    (40, Fixed(2)),                   // track number
    (80, Extended(1)),                // track status
    (290, Compound(AGES)),            // update ages
    (200, Fixed(1)),                  // mode of movement
    (295, Compound(&[Fixed(1); 31])), // data ages
    (136, Fixed(2)),                  // measured flight level
    (130, Fixed(2)),                  // calculated geometric altitude
    (135, Fixed(2)),                  // calculated barometric altitude
    (220, Fixed(2)),                  // calculated rate of climb
    (390, Compound(FLIGHT_PLAN)),     // flight plan
    (270, Extended(1)),               // size and orientation
    (300, Fixed(1)),                  // vehicle fleet
    (110, Compound(MODE_5)),          // Mode 5 and extended Mode 1
    (120, Fixed(2)),                  // Mode 2 code
    (510, Extended(3)),               // composed track number
    (500, Compound(ACCURACIES)),      // estimated accuracies
    (340, Compound(MEASURED)),        // measured information
    (0, Spare),
    (0, Spare),
    (0, Spare),
    (0, Spare),
    (0, Spare),
    (RESERVED, Explicit), // reserved expansion
    (SPECIAL, Explicit),  // special purpose
];
