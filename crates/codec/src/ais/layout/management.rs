//! Tables of the types by which shore stations manage the channel, and the inquiry for the date.

use super::{Bits, Field, Fix};

layout! {
    /// Type 10: asks one station for UTC and its position.
    DateInquiry, 72, 70;
    /// Who is asked.
    destination: u32 = 40, 30;
}

layout! {
    /// Type 22: which channels and what power ships use in an area, or two ships alone.
    ChannelManagement, 168, 145;
    /// First channel's number (ITU-R M.1084).
    channel_a: u16 = 40, 12;
    /// Second channel's number.
    channel_b: u16 = 52, 12;
    /// 0 = send on both and receive on both; 1 = send on A; 2 = send on B; the rest reserved.
    transmit_receive: u8 = 64, 4;
    /// Low power.
    low_power: bool = 68, 1;
    /// The area's north-east corner, 1/10 minute; two addresses lie here when `addressed`.
    northeast: Fix<600> = 69, 35;
    /// The area's south-west corner.
    southwest: Fix<600> = 104, 35;
    /// For two ships, see [`ChannelManagement::destinations`], not for an area.
    addressed: bool = 139, 1;
    /// Channel A is 12.5 kHz wide (reserved since M.1371-4).
    narrow_a: bool = 140, 1;
    /// Channel B is 12.5 kHz wide (reserved since M.1371-4).
    narrow_b: bool = 141, 1;
    /// Width of the transition zone less one, 0–7: one to eight nautical miles.
    zone: u8 = 142, 3;
}

impl ChannelManagement {
    /// The two ships that are addressed (bits 69–98 and 104–133); `None` for an area.
    #[must_use]
    pub fn destinations(&self) -> Option<[u32; 2]> {
        /// Behind an address of 30 bits, five are spare.
        const SPARE: u32 = 5;
        let address = |fix: Fix<600>| {
            let (longitude, latitude) = (fix.longitude as u64 & 0x3_FFFF, fix.latitude as u64);
            ((longitude << 17 | latitude & 0x1_FFFF) >> SPARE) as u32
        };
        self.addressed.then(|| [address(self.northeast), address(self.southwest)])
    }
}

layout! {
    /// Type 23: tells a group of stations in an area how often to report.
    GroupAssignment, 160, 154;
    /// The area's north-east corner, 1/10 minute.
    northeast: Fix<600> = 40, 35;
    /// The area's south-west corner.
    southwest: Fix<600> = 75, 35;
    /// Which stations, 0–15: 0 = all, 2 = class B of all kinds, 3 = search and rescue aircraft, …
    station_type: u8 = 110, 4;
    /// Which type of ship and cargo, table 53; 0 = all.
    ship_type: u8 = 114, 8;
    /// As in type 22.
    transmit_receive: u8 = 144, 2;
    /// Reporting interval, table 77: 1 = 10 minutes … 8 = 5 s, 9 = next shorter, 10 = next longer.
    interval: u8 = 146, 4;
    /// Minutes of silence, 1–15; 0 = none.
    quiet_min: u8 = 150, 4;
}
