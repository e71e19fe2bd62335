//! Applications of binary messages, bit by bit from the circulars' tables with a writer of its own.

use expect_test::{Expect, expect};

use super::received;

/// A sentence of type 8 with these data fields, `(value, bits)` each; negative ones in two's
/// complement.
fn broadcast(dac: i64, fi: i64, data: &[(i64, usize)]) -> String {
    let head = [(8, 6), (0, 2), (690_000_001, 30), (0, 2), (dac, 10), (fi, 6)];
    let mut bits = String::new();
    for &(value, width) in head.iter().chain(data) {
        bits += &format!("{:0width$b}", value & ((1 << width) - 1));
    }
    let fill = bits.len().next_multiple_of(6) - bits.len();
    bits += &"0".repeat(fill);
    let payload: String = (0..bits.len())
        .step_by(6)
        .map(|at| u8::from_str_radix(&bits[at..at + 6], 2).expect("six bits"))
        .map(|six| char::from(if six < 40 { six + 48 } else { six + 56 }))
        .collect();
    let body = format!("AIVDM,1,1,,A,{payload},{fill}");
    format!("!{body}*{:02X}\n", body.bytes().fold(0, |sum, b| sum ^ b))
}

/// What the application says, without its head.
fn check(sentence: &str, expected: &Expect) {
    let line = received(sentence.as_bytes()).0.concat();
    let (_, said) = line.split_once(r#""fid":"#).expect("a binary message");
    expected.assert_eq(&said.replace("},{", "},\n{").replace(":[{", ":[\n{"));
}

/// Six-bit text of as many fields.
fn text(text: &str) -> Vec<(i64, usize)> {
    text.bytes().map(|c| (i64::from(c & 63), 6)).collect()
}

/// Link 77, notice 8, from 22 November 06:28 for 90 minutes.
const NOTICE: [(i64, usize); 7] = [(77, 10), (8, 7), (11, 4), (22, 5), (6, 5), (28, 6), (90, 18)];
/// 125.3 degrees east, 24.8 degrees north in 1/1,000 minute, precision 4.
const MIYAKO: [(i64, usize); 3] = [(7_518_000, 25), (1_488_000, 24), (4, 3)];

#[test]
fn an_area_notice_names_every_shape() {
    let mut data = NOTICE.to_vec();
    data.extend([(0, 3), (1, 2)]);
    data.extend(MIYAKO);
    data.extend([(250, 12), (0, 18)]);
    data.extend([(1, 3), (2, 2)]);
    data.extend(MIYAKO);
    data.extend([(30, 8), (20, 8), (45, 9), (0, 5)]);
    data.extend([(2, 3), (3, 2)]);
    data.extend(MIYAKO);
    data.extend([(5, 12), (350, 9), (10, 9)]);
    data.extend([(3, 3), (0, 2), (181, 10), (1000, 10), (720, 10), (0, 10)]);
    data.extend([(720, 10), (0, 10), (720, 10), (0, 10), (0, 2)]);
    data.extend([(4, 3), (1, 2), (0, 10), (1, 10), (180, 10), (2, 10), (360, 10), (3, 10)]);
    data.extend([(540, 10), (4, 10), (0, 2)]);
    data.extend([(5, 3)]);
    data.extend(text("KEEP CLEAR@@@@"));
    data.extend([(6, 3), (0, 57), (0, 27)]);
    check(
        &broadcast(1, 22, &data),
        &expect![[r#"
        22,"app":"area_notice","link":77,"notice":8,"start":{"month":11,"day":22,"hour":6,"minute":28},"duration_min":90,"areas":[
        {"shape":"circle","lat":24.8,"lon":125.3,"radius_m":2500},
        {"shape":"rectangle","lat":24.8,"lon":125.3,"east_m":3000,"north_m":2000,"orientation_deg":45},
        {"shape":"sector","lat":24.8,"lon":125.3,"radius_m":5000,"left_deg":350,"right_deg":10},
        {"shape":"polyline","legs":[
        {"bearing_deg":90.5,"distance_m":1000}]},
        {"shape":"polygon","legs":[
        {"bearing_deg":0.0,"distance_m":10},
        {"bearing_deg":90.0,"distance_m":20},
        {"bearing_deg":180.0,"distance_m":30},
        {"bearing_deg":270.0,"distance_m":40}]},
        {"shape":"text","text":"KEEP CLEAR"},
        {"shape":"reserved","code":6}]}"#]],
    );
}

#[test]
fn an_area_that_was_cut_off_is_left_out() {
    let mut data = NOTICE.to_vec();
    data.extend([(0, 3), (1, 2)]);
    data.extend(MIYAKO);
    data.extend([(250, 12), (0, 17)]);
    check(
        &broadcast(1, 22, &data),
        &expect![[
            r#"22,"app":"area_notice","link":77,"notice":8,"start":{"month":11,"day":22,"hour":6,"minute":28},"duration_min":90,"areas":[]}"#
        ]],
    );
}

#[test]
fn a_route_has_the_waypoints_that_were_sent_whatever_its_count_says() {
    let head = [(0, 10), (1, 3), (2, 5), (0, 4), (0, 5), (24, 5), (60, 6), (262_143, 18)];
    let mut data = head.to_vec();
    data.push((31, 5));
    data.extend([(75_180_000, 28), (14_880_000, 27), (-75_180_000, 28), (-14_880_000, 27)]);
    data.extend([(181 * 600_000, 28), (91 * 600_000, 27)]);
    check(
        &broadcast(1, 27, &data),
        &expect![[r#"
        27,"app":"route","link":null,"sender":1,"route_type":2,"start":{"month":null,"day":null,"hour":null,"minute":null},"duration_min":null,"waypoints":[
        {"lat":24.8,"lon":125.3},
        {"lat":-24.8,"lon":-125.3},
        {"lat":null,"lon":null}]}"#]],
    );
}

#[test]
fn linked_text_ends_at_its_padding() {
    let mut data = vec![(77, 10)];
    data.extend(text("DREDGING \"NORTH\" @X"));
    check(
        &broadcast(1, 29, &data),
        &expect![[r#"29,"app":"text","link":77,"text":"DREDGING \"NORTH\""}"#]],
    );
}

#[test]
fn persons_are_counted_and_the_sentinel_is_none() {
    check(
        &broadcast(1, 16, &[(3_711, 13), (0, 35)]),
        &expect![[r#"16,"app":"persons","persons":3711}"#]],
    );
    check(
        &broadcast(200, 55, &[(4, 8), (8191, 13), (255, 8), (0, 51)]),
        &expect![[r#"55,"app":"inland_persons","crew":4,"passengers":null,"personnel":null}"#]],
    );
}

#[test]
fn weather_with_west_south_and_frost_keeps_its_signs() {
    let mut data = vec![(-7_518_000, 25), (-1_488_000, 24), (1, 1), (22, 5), (6, 5), (28, 6)];
    data.extend([(126, 7), (0, 7), (359, 9), (360, 9), (-125, 11), (100, 7), (-300, 10)]);
    data.extend([(0, 9), (1, 2), (1, 1), (50, 7), (0, 12), (2, 2)]);
    data.extend([(12, 8), (90, 9), (255, 8), (360, 9), (31, 5), (255, 8), (360, 9), (31, 5)]);
    data.extend([(255, 8), (63, 6), (360, 9), (255, 8), (63, 6), (360, 9)]);
    data.extend([(12, 4), (-15, 10), (5, 3), (511, 9), (1, 2), (0, 10)]);
    check(
        &broadcast(1, 31, &data),
        &expect![[
            r#"31,"app":"weather","lat":-24.8,"lon":-125.3,"accurate":true,"day":22,"hour":6,"minute":28,"wind_speed_kn":126,"gust_speed_kn":0,"wind_direction_deg":359,"gust_direction_deg":null,"air_temperature_c":-12.5,"humidity_percent":100,"dew_point_c":-30.0,"pressure_hpa":799,"pressure_tendency":1,"visibility_nm":5.0,"visibility_is_limit":true,"water_level_m":-10.0,"water_level_trend":2,"current_speed_kn":1.2,"current_direction_deg":90,"current2_speed_kn":null,"current2_direction_deg":null,"current2_depth_m":null,"current3_speed_kn":null,"current3_direction_deg":null,"current3_depth_m":null,"wave_height_m":null,"wave_period_s":null,"wave_direction_deg":null,"swell_height_m":null,"swell_period_s":null,"swell_direction_deg":null,"sea_state_bft":12,"water_temperature_c":-1.5,"precipitation":5,"salinity_permille":null,"ice":1}"#
        ]],
    );
}

#[test]
fn an_application_whose_length_does_not_fit_stays_bits() {
    check(&broadcast(1, 31, &[(0, 48)]), &expect![[r#"31,"bits":48,"data":"000000000000"}"#]]);
    check(&broadcast(200, 55, &[(0, 28)]), &expect![[r#"55,"bits":28,"data":"00000000"}"#]]);
    check(&broadcast(999, 5, &[(0xABC, 12)]), &expect![[r#"5,"bits":12,"data":"abc0"}"#]]);
}
