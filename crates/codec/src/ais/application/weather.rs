//! Weather and water at one place: Circ.289 FI 31 and its forerunner, Circ.236 FI 11.
//!
//! Refuses: data of another length. Values that the circular reserves are shown as sent.

use serde::Serialize;

use super::{Bits, degrees, known, known_signed};

/// A meteorological and hydrological report. `None` = not available.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Weather {
    /// Degrees north.
    pub lat: Option<f64>,
    /// Degrees east.
    pub lon: Option<f64>,
    /// Place better than 10 m; FI 11 does not say.
    pub accurate: Option<bool>,
    /// UTC day of the month, 1–31.
    pub day: Option<u8>,
    /// UTC hour, 0–23.
    pub hour: Option<u8>,
    /// UTC minute, 0–59.
    pub minute: Option<u8>,
    /// Ten-minute average wind, knots; 126 = that or more.
    pub wind_speed_kn: Option<u8>,
    /// Strongest gust of ten minutes, knots.
    pub gust_speed_kn: Option<u8>,
    /// Where the wind comes from, 0–359 degrees.
    pub wind_direction_deg: Option<u16>,
    /// Where the gust came from, 0–359 degrees.
    pub gust_direction_deg: Option<u16>,
    /// Air, -60.0 to 60.0 degrees Celsius.
    pub air_temperature_c: Option<f64>,
    /// Relative humidity, 0–100 %.
    pub humidity_percent: Option<u8>,
    /// Dew point, -20.0 to 50.0 degrees Celsius.
    pub dew_point_c: Option<f64>,
    /// Air pressure at sea level, hPa; 799 = that or less, 1201 = that or more.
    pub pressure_hpa: Option<u16>,
    /// 0 = steady, 1 = falling, 2 = rising.
    pub pressure_tendency: Option<u8>,
    /// Horizontal visibility, nautical miles.
    pub visibility_nm: Option<f64>,
    /// The instrument sees no farther: visibility is this or more. FI 11 does not say.
    pub visibility_is_limit: Option<bool>,
    /// Water level over chart datum, metres.
    pub water_level_m: Option<f64>,
    /// 0 = steady, 1 = falling, 2 = rising.
    pub water_level_trend: Option<u8>,
    /// Current at the surface, knots.
    pub current_speed_kn: Option<f64>,
    /// Where it flows to, 0–359 degrees.
    pub current_direction_deg: Option<u16>,
    /// Current at the second depth, knots.
    pub current2_speed_kn: Option<f64>,
    /// Where it flows to, 0–359 degrees.
    pub current2_direction_deg: Option<u16>,
    /// The second depth, 0–30 metres.
    pub current2_depth_m: Option<u8>,
    /// Current at the third depth, knots.
    pub current3_speed_kn: Option<f64>,
    /// Where it flows to, 0–359 degrees.
    pub current3_direction_deg: Option<u16>,
    /// The third depth, 0–30 metres.
    pub current3_depth_m: Option<u8>,
    /// Significant wave height, metres.
    pub wave_height_m: Option<f64>,
    /// Wave period, seconds.
    pub wave_period_s: Option<u8>,
    /// Where the waves come from, 0–359 degrees.
    pub wave_direction_deg: Option<u16>,
    /// Swell height, metres.
    pub swell_height_m: Option<f64>,
    /// Swell period, seconds.
    pub swell_period_s: Option<u8>,
    /// Where the swell comes from, 0–359 degrees.
    pub swell_direction_deg: Option<u16>,
    /// Beaufort scale, 0–12.
    pub sea_state_bft: Option<u8>,
    /// Water, -10.0 to 50.0 degrees Celsius.
    pub water_temperature_c: Option<f64>,
    /// WMO 306 code 4.201: 1 rain, 2 thunderstorm, 3 freezing rain, 4 mixed, 5 snow.
    pub precipitation: Option<u8>,
    /// Per mille.
    pub salinity_permille: Option<f64>,
    /// Ice: 0 = no, 1 = yes.
    pub ice: Option<u8>,
}

impl Weather {
    /// FI 31, data bits: longitude 0–24 and latitude 25–48 (1/1,000 minute), accuracy 49, day
    /// 50–54, hour 55–59, minute 60–65, then the fields as they are read here, to bit 293.
    pub(super) fn circ_289(data: &Bits) -> Option<Self> {
        if data.len() < 294 {
            return None;
        }
        let at = Columns(data);
        let (pressure, visibility) = (known(data, (126, 9), 511), known(data, (138, 7), 127));
        Some(Self {
            lat: degrees(data, (25, 24), 60_000, 90),
            lon: degrees(data, (0, 25), 60_000, 180),
            accurate: Some(data.get(49, 1) == 1),
            wind_speed_kn: at.byte(66, 7, 127),
            gust_speed_kn: at.byte(73, 7, 127),
            wind_direction_deg: at.direction(80),
            gust_direction_deg: at.direction(89),
            air_temperature_c: known_signed(data, 98, 11, -1024).map(tenths),
            humidity_percent: at.byte(109, 7, 101),
            dew_point_c: known_signed(data, 116, 10, 501).map(tenths),
            pressure_hpa: pressure.map(|raw| raw as u16 + 799),
            pressure_tendency: at.byte(135, 2, 3),
            visibility_is_limit: visibility.map(|_| data.get(137, 1) == 1),
            visibility_nm: visibility.map(|raw| raw as f64 / 10.0),
            water_level_m: known(data, (145, 12), 4001).map(|raw| (raw as f64 - 1000.0) / 100.0),
            water_level_trend: at.byte(157, 2, 3),
            water_temperature_c: known_signed(data, 270, 10, 501).map(tenths),
            precipitation: at.byte(280, 3, 7),
            // 510 = not available, 511 = no sensor.
            salinity_permille: at.tenths(283, 9, 510).filter(|&salinity| salinity < 51.0),
            ice: at.byte(292, 2, 3),
            sea_state_bft: at.byte(266, 4, 13),
            ..at.water(159, Self::on(data, 50))
        })
    }

    /// FI 11, data bits: latitude 0–23 and longitude 24–48 (1/1,000 minute), day 49–53, hour
    /// 54–58, minute 59–64, then the fields as they are read here, to bit 289.
    pub(super) fn circ_236(data: &Bits) -> Option<Self> {
        if data.len() < 290 {
            return None;
        }
        let at = Columns(data);
        Some(Self {
            lat: degrees(data, (0, 24), 60_000, 90),
            lon: degrees(data, (24, 25), 60_000, 180),
            wind_speed_kn: at.byte(65, 7, 127),
            gust_speed_kn: at.byte(72, 7, 127),
            wind_direction_deg: at.direction(79),
            gust_direction_deg: at.direction(88),
            air_temperature_c: at.from(97, 11, 2047, -600),
            humidity_percent: at.byte(108, 7, 127),
            dew_point_c: at.from(115, 10, 1023, -200),
            pressure_hpa: known(data, (125, 9), 511).map(|raw| raw as u16 + 800),
            pressure_tendency: at.byte(134, 2, 3),
            visibility_nm: at.tenths(136, 8, 255),
            water_level_m: at.from(144, 9, 511, -100),
            water_level_trend: at.byte(153, 2, 3),
            water_temperature_c: at.from(266, 10, 1023, -100),
            precipitation: at.byte(276, 3, 7),
            salinity_permille: at.tenths(279, 9, 511),
            ice: at.byte(288, 2, 3),
            sea_state_bft: at.byte(262, 4, 15),
            ..at.water(155, Self::on(data, 49))
        })
    }

    /// Day, hour and minute from bit `at`.
    fn on(data: &Bits, at: usize) -> Self {
        let within = |at, width, range: std::ops::Range<u64>| {
            Some(data.get(at, width)).filter(|value| range.contains(value)).map(|value| value as u8)
        };
        Self {
            day: within(at, 5, 1..32),
            hour: within(at + 5, 5, 0..24),
            minute: within(at + 10, 6, 0..60),
            ..Self::default()
        }
    }
}

fn tenths(raw: i64) -> f64 {
    raw as f64 / 10.0
}

/// The columns that both circulars have.
struct Columns<'a>(&'a Bits);

impl Columns<'_> {
    fn byte(&self, at: usize, width: usize, absent: u64) -> Option<u8> {
        known(self.0, (at, width), absent).map(|raw| raw as u8)
    }

    /// Whole degrees; 360 (Circ.289) and 511 (Circ.236) are none.
    fn direction(&self, at: usize) -> Option<u16> {
        let raw = self.0.get(at, 9);
        (raw < 360).then_some(raw as u16)
    }

    fn tenths(&self, at: usize, width: usize, absent: u64) -> Option<f64> {
        known(self.0, (at, width), absent).map(|raw| raw as f64 / 10.0)
    }

    /// Tenths counted from `lowest` tenths.
    fn from(&self, at: usize, width: usize, absent: u64, lowest: i64) -> Option<f64> {
        known(self.0, (at, width), absent).map(|raw| tenths(raw as i64 + lowest))
    }

    /// Currents, waves and swell, which lie alike in both, from bit `at`.
    fn water(&self, at: usize, rest: Weather) -> Weather {
        Weather {
            current_speed_kn: self.tenths(at, 8, 255),
            current_direction_deg: self.direction(at + 8),
            current2_speed_kn: self.tenths(at + 17, 8, 255),
            current2_direction_deg: self.direction(at + 25),
            current2_depth_m: self.byte(at + 34, 5, 31),
            current3_speed_kn: self.tenths(at + 39, 8, 255),
            current3_direction_deg: self.direction(at + 47),
            current3_depth_m: self.byte(at + 56, 5, 31),
            wave_height_m: self.tenths(at + 61, 8, 255),
            wave_period_s: self.byte(at + 69, 6, 63),
            wave_direction_deg: self.direction(at + 75),
            swell_height_m: self.tenths(at + 84, 8, 255),
            swell_period_s: self.byte(at + 92, 6, 63),
            swell_direction_deg: self.direction(at + 98),
            ..rest
        }
    }
}
