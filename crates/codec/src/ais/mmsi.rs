//! What the digits of an MMSI say of its bearer (ITU-R M.585-9).
//!
//! Refuses: nationality. The country digits are nobody's business in the picture.

/// What kind of station bears an MMSI.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MmsiClass {
    /// Ship: 2–7.
    Ship,
    /// Group of ships: 0.
    Group,
    /// Coast or base station: 00.
    Coast,
    /// Search and rescue aircraft: 111.
    SarAircraft,
    /// Hand-held radio: 8.
    Handheld,
    /// Search and rescue transmitter: 970.
    Sart,
    /// Man overboard: 972.
    ManOverboard,
    /// EPIRB with AIS: 974.
    Epirb,
    /// Craft of a mother ship: 98.
    Auxiliary,
    /// Aid to navigation: 99.
    AidToNavigation,
    /// Not of these forms: misconfigured, which real ships are.
    Odd,
}

impl MmsiClass {
    /// The class of `mmsi`; zero and more than nine digits are odd.
    #[must_use]
    pub fn of(mmsi: u32) -> Self {
        match mmsi {
            1..=9_999_999 => Self::Coast,
            10_000_000..=99_999_999 => Self::Group,
            111_000_000..=111_999_999 => Self::SarAircraft,
            200_000_000..=799_999_999 => Self::Ship,
            800_000_000..=899_999_999 => Self::Handheld,
            970_000_000..=970_999_999 => Self::Sart,
            972_000_000..=972_999_999 => Self::ManOverboard,
            974_000_000..=974_999_999 => Self::Epirb,
            980_000_000..=989_999_999 => Self::Auxiliary,
            990_000_000..=999_999_999 => Self::AidToNavigation,
            _ => Self::Odd,
        }
    }

    /// A beacon that is only ever switched on in distress or under test.
    #[must_use]
    pub fn is_distress_beacon(self) -> bool {
        matches!(self, Self::Sart | Self::ManOverboard | Self::Epirb)
    }
}
