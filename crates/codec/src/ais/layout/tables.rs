//! The tables themselves, one a message type, in the standard's order.

use super::{Bits, Dimensions, Field, Fix, Text};

layout! {
    /// Types 1, 2 and 3: position report of a class A ship.
    PositionA, 168, 143;
    /// Navigational status, table 45; 14 = AIS-SART active, 15 = not defined or SART under test.
    status: u8 = 38, 4;
    /// Rate of turn, -128 = not available.
    turn: i8 = 42, 8;
    /// Speed over ground, 0.1 knot; 1023 = not available.
    speed: u16 = 50, 10;
    /// Better than 10 metres.
    accurate: bool = 60, 1;
    /// Where.
    fix: Fix<600_000> = 61, 55;
    /// Course over ground, 0.1 degree; 3600 = not available.
    course: u16 = 116, 12;
    /// True heading, degrees; 511 = not available.
    heading: u16 = 128, 9;
    /// UTC second of the fix; 60–63 = no time stamp, manual, dead reckoning, inoperative.
    second: u8 = 137, 6;
    /// Special manoeuvre indicator.
    manoeuvre: u8 = 143, 2;
    /// Receiver autonomous integrity monitoring in use.
    raim: bool = 148, 1;
    /// Communication state.
    radio: u32 = 149, 19;
}

layout! {
    /// Types 4 and 11: base station report, and a mobile station's answer with UTC and position.
    BaseStation, 168, 134;
    /// UTC year; 0 = not available.
    year: u16 = 38, 14;
    /// UTC month; 0 = not available.
    month: u8 = 52, 4;
    /// UTC day; 0 = not available.
    day: u8 = 56, 5;
    /// UTC hour; 24 = not available.
    hour: u8 = 61, 5;
    /// UTC minute; 60 = not available.
    minute: u8 = 66, 6;
    /// UTC second; 60 = not available.
    second: u8 = 72, 6;
    /// Better than 10 metres.
    accurate: bool = 78, 1;
    /// Where.
    fix: Fix<600_000> = 79, 55;
    /// Type of positioning device.
    device: u8 = 134, 4;
    /// Transmission control for long range.
    long_range: bool = 138, 1;
    /// Integrity monitoring in use.
    raim: bool = 148, 1;
    /// Communication state.
    radio: u32 = 149, 19;
}

layout! {
    /// Type 5: a class A ship's static and voyage data.
    Voyage, 424, 420;
    /// AIS version of the station.
    version: u8 = 38, 2;
    /// IMO number; 0 = not available.
    imo: u32 = 40, 30;
    /// Radio call sign.
    callsign: Text<7> = 70, 42;
    /// Ship's name.
    name: Text<20> = 112, 120;
    /// Type of ship and cargo, table 53.
    ship_type: u8 = 232, 8;
    /// Hull round the reference point.
    dimensions: Dimensions = 240, 30;
    /// Type of positioning device.
    device: u8 = 270, 4;
    /// Estimated arrival, UTC month; 0 = not available.
    month: u8 = 274, 4;
    /// Estimated arrival, UTC day; 0 = not available.
    day: u8 = 278, 5;
    /// Estimated arrival, UTC hour; 24 = not available.
    hour: u8 = 283, 5;
    /// Estimated arrival, UTC minute; 60 = not available.
    minute: u8 = 288, 6;
    /// Draught, 0.1 metre; 0 = not available.
    draught: u8 = 294, 8;
    /// Destination.
    destination: Text<20> = 302, 120;
    /// Data terminal not ready.
    dte: bool = 422, 1;
}

layout! {
    /// Type 9: search and rescue aircraft.
    SarAircraft, 168, 134;
    /// Altitude in metres; 4095 = not available, 4094 = that or more.
    altitude: u16 = 38, 12;
    /// Speed over ground in whole knots; 1023 = not available.
    speed: u16 = 50, 10;
    /// Better than 10 metres.
    accurate: bool = 60, 1;
    /// Where.
    fix: Fix<600_000> = 61, 55;
    /// Course over ground, 0.1 degree; 3600 = not available.
    course: u16 = 116, 12;
    /// UTC second of the fix, as in type 1.
    second: u8 = 128, 6;
    /// Altitude by barometer, not by satellite.
    barometric: bool = 134, 1;
    /// Data terminal not ready.
    dte: bool = 142, 1;
    /// Assigned mode.
    assigned: bool = 146, 1;
    /// Integrity monitoring in use.
    raim: bool = 147, 1;
    /// Communication state with its selector.
    radio: u32 = 148, 20;
}

layout! {
    /// Type 18: position report of a class B ship.
    PositionB, 168, 139;
    /// Reserved for regional use.
    regional: u8 = 38, 8;
    /// Speed over ground, 0.1 knot; 1023 = not available.
    speed: u16 = 46, 10;
    /// Better than 10 metres.
    accurate: bool = 56, 1;
    /// Where.
    fix: Fix<600_000> = 57, 55;
    /// Course over ground, 0.1 degree; 3600 = not available.
    course: u16 = 112, 12;
    /// True heading, degrees; 511 = not available.
    heading: u16 = 124, 9;
    /// UTC second of the fix, as in type 1.
    second: u8 = 133, 6;
    /// Carrier-sense unit, not a self-organised one.
    carrier_sense: bool = 141, 1;
    /// Has a display.
    display: bool = 142, 1;
    /// Has a digital selective calling receiver.
    dsc: bool = 143, 1;
    /// Can use the whole marine band.
    band: bool = 144, 1;
    /// Can be managed by type 22.
    managed: bool = 145, 1;
    /// Assigned mode.
    assigned: bool = 146, 1;
    /// Integrity monitoring in use.
    raim: bool = 147, 1;
    /// Communication state with its selector.
    radio: u32 = 148, 20;
}

layout! {
    /// Type 19: extended position report of a class B ship.
    ExtendedB, 312, 301;
    /// Reserved for regional use.
    regional: u8 = 38, 8;
    /// Speed over ground, 0.1 knot; 1023 = not available.
    speed: u16 = 46, 10;
    /// Better than 10 metres.
    accurate: bool = 56, 1;
    /// Where.
    fix: Fix<600_000> = 57, 55;
    /// Course over ground, 0.1 degree; 3600 = not available.
    course: u16 = 112, 12;
    /// True heading, degrees; 511 = not available.
    heading: u16 = 124, 9;
    /// UTC second of the fix, as in type 1.
    second: u8 = 133, 6;
    /// Ship's name.
    name: Text<20> = 143, 120;
    /// Type of ship and cargo, table 53.
    ship_type: u8 = 263, 8;
    /// Hull round the reference point.
    dimensions: Dimensions = 271, 30;
    /// Type of positioning device.
    device: u8 = 301, 4;
    /// Integrity monitoring in use.
    raim: bool = 305, 1;
    /// Data terminal not ready.
    dte: bool = 306, 1;
    /// Assigned mode.
    assigned: bool = 307, 1;
}

layout! {
    /// Type 21: aid to navigation.
    AidToNavigation, 272, 259;
    /// Type of aid, table 74.
    aid_type: u8 = 38, 5;
    /// Its name, first 20 characters.
    name: Text<20> = 43, 120;
    /// Better than 10 metres.
    accurate: bool = 163, 1;
    /// Where.
    fix: Fix<600_000> = 164, 55;
    /// Its extent.
    dimensions: Dimensions = 219, 30;
    /// Type of positioning device.
    device: u8 = 249, 4;
    /// UTC second of the fix, as in type 1.
    second: u8 = 253, 6;
    /// Off its position (meaningful for seconds up to 59).
    off_position: bool = 259, 1;
    /// Reserved for regional use.
    regional: u8 = 260, 8;
    /// Integrity monitoring in use.
    raim: bool = 268, 1;
    /// Sent by a station elsewhere; nothing floats there.
    virtual_aid: bool = 269, 1;
    /// Assigned mode.
    assigned: bool = 270, 1;
    /// The name's further characters, sent only when it has more than 20.
    extension: Text<14> = 272, 84;
}

layout! {
    /// Type 24 part A: a class B ship's name.
    StaticA, 168, 160;
    /// Always 0.
    part: u8 = 38, 2;
    /// Ship's name.
    name: Text<20> = 40, 120;
}

layout! {
    /// Type 24 part B: a class B ship's other static data.
    StaticB, 168, 162;
    /// Always 1.
    part: u8 = 38, 2;
    /// Type of ship and cargo, table 53.
    ship_type: u8 = 40, 8;
    /// Maker's three letters.
    vendor: Text<3> = 48, 18;
    /// Unit model.
    model: u8 = 66, 4;
    /// Serial number.
    serial: u32 = 70, 20;
    /// Radio call sign.
    callsign: Text<7> = 90, 42;
    /// Hull round the reference point; for an auxiliary craft (98…) its mother ship's MMSI.
    dimensions: Dimensions = 132, 30;
    /// Type of positioning device.
    device: u8 = 162, 4;
}

layout! {
    /// Type 27: long-range position report.
    LongRange, 96, 94;
    /// Better than 10 metres before it was rounded to 1/10 minute.
    accurate: bool = 38, 1;
    /// Integrity monitoring in use.
    raim: bool = 39, 1;
    /// Navigational status, as in type 1.
    status: u8 = 40, 4;
    /// Where.
    fix: Fix<600> = 44, 35;
    /// Speed over ground in whole knots; 63 = not available.
    speed: u16 = 79, 6;
    /// Course over ground in whole degrees; 511 = not available.
    course: u16 = 85, 9;
    /// The fix is older than 5 seconds.
    late: bool = 94, 1;
}
