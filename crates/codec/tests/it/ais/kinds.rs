//! Every type that reports neither motion nor a ship, against what is written beside the sentence in
//! the GPSD project's annotated sample (`test/sample.aivdm`, BSD-2-Clause).

use expect_test::{Expect, expect};
use renkei_codec::ais::Receiver;

use super::{NOW, received};

/// The fields of each message of `lines`, without sentences, time and what is not available.
fn check(lines: &str, expected: &Expect) {
    let mut text = String::new();
    for line in received(lines.as_bytes()).0 {
        let mut object: serde_json::Value = serde_json::from_str(&line).expect("a message");
        let fields = object.as_object_mut().expect("an object");
        fields.retain(|key, value| !matches!(key.as_str(), "nmea" | "time") && !value.is_null());
        text += &sorted(object).to_string();
        text.push('\n');
    }
    expected.assert_eq(&text);
}

/// Keys in order, whatever order serde_json was built to keep.
fn sorted(value: serde_json::Value) -> serde_json::Value {
    use serde_json::Value;
    match value {
        Value::Object(object) => {
            let ordered: std::collections::BTreeMap<_, _> = object.into_iter().collect();
            Value::Object(ordered.into_iter().map(|(key, value)| (key, sorted(value))).collect())
        }
        Value::Array(values) => values.into_iter().map(sorted).collect(),
        other => other,
    }
}

#[test]
fn an_addressed_binary_message_keeps_area_function_and_bits() {
    check(
        "!AIVDM,1,1,,B,6B?n;be:cbapalgc;i6?Ow4,2*4A\n!AIVDM,1,1,4,B,6>jR0600V:C0>da4P106P00,2*02\n",
        &expect![[r#"
            {"bits":48,"dac":669,"data":"eb2f118f7ff1","dest_mmsi":313240222,"fid":11,"mmsi":150834090,"retransmit":false,"seq":3,"type":6}
            {"bits":48,"dac":235,"data":"448010068000","dest_mmsi":2500912,"fid":10,"mmsi":992509976,"retransmit":false,"seq":0,"type":6}
        "#]],
    );
}

#[test]
fn persons_on_board_are_read_from_both_circulars_and_not_from_target_lists() {
    check(
        "!AIVDM,1,1,,A,63u?;TP0`QJ<06P000,4*43\n\
         !AIVDM,1,1,,A,802At?00D000qFap02:lA0b@?3fw0001<:iFP2:rf0cCGp0w00,4*5E\n",
        &expect![[r#"
            {"app":"persons","dac":1,"dest_mmsi":2655651,"fid":40,"mmsi":265538450,"retransmit":false,"seq":0,"type":6}
            {"bits":240,"dac":1,"data":"0000e56a780022b4440a903c3bbf00000130ac568022bab80ad35f803f00","fid":16,"mmsi":2391100,"type":8}
        "#]],
    );
}

#[test]
fn acknowledgements_name_each_message() {
    check(
        "!AIVDM,1,1,,A,702R5`hwCjq8,0*6B\n!AIVDM,1,1,,B,7`0Pv1L:Ac8rbgPKHA8`P,2*56\n\
         !AIVDM,1,1,,A,=39UOj0jFs9R,0*65\n",
        &expect![[r#"
            {"acks":[{"mmsi":265538450,"sequence":0}],"mmsi":2655651,"type":7}
            {"acks":[{"mmsi":43101326,"sequence":2},{"mmsi":717096664,"sequence":1}],"mmsi":537411077,"type":7}
            {"acks":[{"mmsi":211217560,"sequence":2}],"mmsi":211378120,"type":13}
        "#]],
    );
}

#[test]
fn a_binary_message_of_two_sentences_keeps_all_its_bits() {
    check(
        "!AIVDM,2,1,6,A,8>qc9wiKf>d=Cq5r0mdew:?DLq>1LmhHrsqmBCKnJ50,0*30\n\
         !AIVDM,2,2,6,A,3OLc=UCRp,0*4A,b003660465\n",
        &expect![[r#"
            {"bits":256,"dac":366,"data":"eb0d4f917a035b2dfca3d4739381735c18ebbe754936f66850037dcacd9538b8","fid":56,"mmsi":999999999,"type":8}
        "#]],
    );
}

#[test]
fn weather_of_the_old_circular_is_read() {
    check(
        "!AIVDO,1,1,4,B,8>jR06@0Bk3:wOli;<`WPhh<1rqVBQf2V@Pdt0J82avIM2b<<Rv1t<ot=@1,2*54\n",
        &expect![[r#"
            {"air_temperature_c":14.2,"app":"weather","current2_depth_m":10,"current2_direction_deg":257,"current2_speed_kn":10.4,"current3_depth_m":20,"current3_direction_deg":203,"current3_speed_kn":12.6,"current_direction_deg":256,"current_speed_kn":10.3,"dac":1,"day":18,"dew_point_c":12.3,"fid":11,"gust_direction_deg":15,"gust_speed_kn":6,"hour":17,"humidity_percent":50,"ice":0,"lat":53.294883,"lon":-6.133983,"minute":15,"mmsi":992509977,"precipitation":6,"pressure_hpa":1024,"pressure_tendency":2,"salinity_permille":5.3,"sea_state_bft":3,"swell_direction_deg":124,"swell_height_m":2.3,"swell_period_s":48,"type":8,"visibility_nm":15.3,"water_level_m":-8.4,"water_level_trend":1,"water_temperature_c":12.3,"wave_direction_deg":25,"wave_height_m":4.2,"wave_period_s":35,"wind_direction_deg":12,"wind_speed_kn":3}
        "#]],
    );
}

#[test]
fn weather_that_is_not_available_is_not_there() {
    check(
        "!AIVDO,1,1,4,B,8>jR06@0Bk3:vOli;L`nwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwt1,2*0E\n\
         !AIVDO,1,1,5,A,8>jR06@0Gwli:QQUP3en?wvlFR06EuOwgwl?wnSwe7wvlOwwsAwwnSGmwvh0,0*51\n",
        &expect![[r#"
            {"app":"weather","dac":1,"day":18,"fid":11,"hour":17,"lat":53.294817,"lon":-6.13395,"minute":45,"mmsi":992509977,"type":8}
            {"accurate":false,"app":"weather","dac":1,"day":29,"fid":31,"hour":23,"lat":53.294933,"lon":-6.134067,"minute":24,"mmsi":992509977,"type":8}
        "#]],
    );
}

#[test]
fn weather_of_both_circulars_from_the_air_is_read() {
    check(
        "!AIVDM,1,1,,A,8@2<HW@0BkdhF0dcH59=RiRRDqnJ7wfRwwwwwwwwwwwwwwwwwwwwwwwwwt0,2*7D\n\
         !AIVDM,2,1,9,B,8>j`;MP0GhRHI1S`CrTW2?u2Ot1owwnews0F003wwwwwww0001wwwwwwwwh0,0*02\n\
         !AIVDM,2,2,9,B,00,4*18\n",
        &expect![[r#"
            {"air_temperature_c":-12.7,"app":"weather","dac":1,"day":20,"fid":11,"gust_direction_deg":167,"gust_speed_kn":12,"hour":18,"humidity_percent":80,"lat":64.65,"lon":24.4,"minute":27,"mmsi":2300061,"pressure_hpa":1032,"pressure_tendency":2,"type":8,"wind_direction_deg":162,"wind_speed_kn":11}
            {"accurate":false,"air_temperature_c":1.4,"app":"weather","current_direction_deg":0,"current_speed_kn":0.0,"dac":1,"day":20,"dew_point_c":-0.1,"fid":31,"hour":18,"humidity_percent":127,"lat":54.411183,"lon":18.776667,"minute":28,"mmsi":992611190,"pressure_hpa":1013,"sea_state_bft":15,"type":8,"water_level_m":5.38,"water_temperature_c":-0.1,"wave_direction_deg":0,"wave_height_m":0.0,"wave_period_s":0,"wind_direction_deg":132,"wind_speed_kn":17}
        "#]],
    );
}

#[test]
fn an_inland_ship_is_read_and_what_only_bears_its_numbers_is_not() {
    check(
        "!AIVDM,1,1,,B,83aDChPj2d<dL<uM=hhhI?a@6HP0,0*40\n\
         !AIVDM,2,1,4,A,83aDChPj2d<dL<uM=hhhI?a@6HP0e9QvUEEEOPPrE4t880>p2JqA6wimt:Ow,0*22\n\
         !AIVDM,2,2,4,A,UPP8k;JvOeD,2*7F\n",
        &expect![[r#"
            {"app":"inland_voyage","beam_m":5.0,"blue_cones":0,"dac":200,"draught_m":2.04,"eri_type":8010,"fid":10,"good_course":false,"good_heading":false,"good_speed":false,"is_loaded":false,"length_m":39.0,"mmsi":244650946,"type":8,"vin":"02103547"}
            {"bits":368,"dac":200,"data":"c32c70cf5d370c3064fa50198800b4987e9555557e083a544f082003b809ae511bfc75f0a7ff960808ccb6be7ed5","fid":10,"mmsi":244650946,"type":8}
        "#]],
    );
}

#[test]
fn an_area_notice_names_its_circle() {
    // From the public sample set of 2011 for area notices (link 10, notice 71, 6 February 02:15,
    // 60 minutes, circle of 500 m at 42.2 N 69.7 W).
    check(
        "!AIVDM,1,1,,A,800FHhP0EP:STHAp07P>0H21=ACt7l0000,4*4F\n",
        &expect![[r#"
        {"app":"area_notice","areas":[{"lat":42.199983,"lon":-69.7,"radius_m":500,"shape":"circle"}],"dac":1,"duration_min":60,"fid":22,"link":10,"mmsi":366786,"notice":71,"start":{"day":6,"hour":2,"minute":15,"month":2},"type":8}
    "#]],
    );
}

#[test]
fn inquiries_and_interrogations_name_whom_they_ask() {
    check(
        "!AIVDM,1,1,,B,:5MlU41GMK6@,0*6C\n!AIVDM,1,1,,B,:6TMCD1GOS60,0*5B,s36310,d-081,T59.01777335\n\
         !AIVDM,1,1,,A,?5OP=l00052HD00,2*5B\n\
         !AIVDM,1,1,,B,?h3Ovn1GP<K0<P@59a0,2*04,d-077,S1832,t004248.00,T48.85520485,r07RPAL1,1272415370\n\
         !AIVDM,1,1,,A,?39a?2PjKFFPD01o:Gq1igvp2<3w,0*0B\n",
        &expect![[r#"
            {"dest_mmsi":366832740,"mmsi":366814480,"type":10}
            {"dest_mmsi":366972000,"mmsi":440882000,"type":10}
            {"mmsi":368578000,"requests":[{"message_type":5,"mmsi":5158,"offset":0}],"type":15}
            {"mmsi":3669720,"requests":[{"message_type":3,"mmsi":367014320,"offset":516},{"message_type":5,"mmsi":367014320,"offset":617}],"type":15}
            {"mmsi":211439370,"requests":[{"message_type":5,"mmsi":211507560,"offset":0},{"message_type":55,"mmsi":211507560,"offset":663},{"message_type":32,"mmsi":605843451,"offset":560}],"type":15}
        "#]],
    );
}

#[test]
fn safety_text_is_read_to_one_and_to_all() {
    check(
        "!AIVDM,1,1,,A,<02:oP0kKcv0@<51C5PB5@?BDPD?P:?2?EB7PDB16693P381>>5<PikP,0*37\n\
         !AIVDM,1,1,,A,<5?SIj1;GbD07??4,0*38\n\
         !AIVDM,1,1,,A,<5?SIj5Cp;NPD81>H0,4*4C\n\
         !AIVDM,1,1,,A,<42Lati0W:Ov=C7P6B?=Pjoihhjhqq0,2*2B\n\
         !AIVDM,2,1,1,A,<39KdV8jIGtP7E4P@=PjEP>P81@9P>5GPI9BP?<P4P25CP6B=P1<P6E:19B1,0*02\n\
         !AIVDM,2,2,1,A,80,4*1B\n\
         !AIVDM,1,1,,A,>5?Per18=HB1U:1@E=B0m<L,2*51\n\
         !AIVDM,1,1,,A,>3R1p10E3;;R0USCR0HO>0@gN10kGJp,2*7F\n\
         !AIVDM,1,1,,A,>4aDT81@E=@,2*2E\n",
        &expect![[r#"
            {"dest_mmsi":215724000,"mmsi":2275200,"retransmit":false,"seq":0,"text":"PLEASE REPORT TO JOBOURG TRAFFIC CHANNEL 13","type":12}
            {"dest_mmsi":316123456,"mmsi":351853000,"retransmit":false,"seq":0,"text":"GOOD","type":12}
            {"dest_mmsi":351809000,"mmsi":351853000,"retransmit":false,"seq":1,"text":"THANX","type":12}
            {"dest_mmsi":271002111,"mmsi":271002099,"retransmit":true,"seq":0,"text":"MSG FROM 271002099","type":12}
            {"dest_mmsi":211378120,"mmsi":211217560,"retransmit":false,"seq":2,"text":"GUD PM 2U N HAPI NEW YIR OL D BES FRM AL FUJAIRAH","type":12}
            {"mmsi":351809000,"text":"RCVD YR TEST MSG","type":14}
            {"mmsi":237008900,"text":"EP228 IX48 FG3 DK7 PL56.","type":14}
            {"mmsi":311764000,"text":"TEST","type":14}
        "#]],
    );
}

#[test]
fn slots_are_assigned_and_reserved() {
    check(
        "!AIVDM,1,1,,A,@01uEO@mMk7P<P00,0*18\n!AIVDM,1,1,,A,Dh3OvjB8IN>4,0*1D\n\
         !AIVDM,1,1,,B,D030p8@2tN?b<`O6DmQO6D0,2*5D\n",
        &expect![[r#"
            {"assigned":[{"increment":0,"mmsi":224251000,"offset":200}],"mmsi":2053501,"type":16}
            {"mmsi":3669705,"reserved":[{"increment":225,"offset":2182,"slots":5,"timeout_min":7}],"type":20}
            {"mmsi":3160097,"reserved":[{"increment":250,"offset":47,"slots":1,"timeout_min":7},{"increment":1125,"offset":2250,"slots":1,"timeout_min":7},{"increment":1125,"offset":856,"slots":5,"timeout_min":7}],"type":20}
        "#]],
    );
}

#[test]
fn differential_corrections_keep_their_station_and_bits() {
    check(
        "!AIVDM,2,1,5,A,A02VqLPA4I6C07h5Ed1h<OrsuBTTwS?r:C?w`?la<gno1RTRwSP9:BcurA8a,0*3A\n\
         !AIVDM,2,2,5,A,:Oko02TSwu8<:Jbb,0*11\n\
         !AIVDM,1,1,1,A,A;wUJKU>io;WlWuwH`W1PpnuN<isf;5iHtOM1S6q?vsvNrNGOqLcr5mfD6t,2*51\n",
        &expect![[r#"
            {"bits":376,"data":"7c0556c07031febbf52924fe33fa2933ffa0fd2932fdb7062922fe3809292afde9122929fcf7002923ffd20c29aaaa","lat":59.986667,"lon":29.13,"mmsi":2734450,"type":17}
            {"bits":272,"data":"7f7f6289c1838dbd78cc7bb8b17163c7dd0631b93feefe7ba7977f972be85d6e506f","lat":-44.696667,"lon":134.448333,"mmsi":804870766,"type":17}
        "#]],
    );
}

#[test]
fn channels_are_managed_by_area_and_by_address() {
    check(
        "!AIVDM,1,1,,A,F030ot22N2P6aoQbhe4736L20000,0*1A\n\
         !AIVDM,1,1,,A,F@@W>gOP00PH=JrN9l000?wB2HH;,0*44\n\
         !AIVDM,1,1,,B,G02:Kn01R`sn@291nj600000900,2*12\n",
        &expect![[r#"
            {"channel_a":2087,"channel_b":2088,"low_power":false,"mmsi":3160048,"ne_lat":45.55,"ne_lon":-73.5,"sw_lat":42.333333,"sw_lon":-80.166667,"txrx":0,"type":22,"zone":4}
            {"channel_a":3584,"channel_b":8,"dest_mmsi":28144881,"dest_mmsi2":268435519,"low_power":true,"mmsi":17419965,"txrx":1,"type":22,"zone":4}
            {"interval":9,"mmsi":2268120,"ne_lat":51.07,"ne_lon":2.63,"quiet":0,"shiptype":0,"station_type":6,"sw_lat":50.68,"sw_lon":1.826667,"txrx":0,"type":23}
        "#]],
    );
}

#[test]
fn binary_messages_of_one_and_several_slots_are_read_in_all_four_forms() {
    check(
        "!AIVDM,1,1,,A,I6SWo?8P00a3PKpEKEVj0?vNP<65,0*73\n!AIVDM,1,1,,A,I8IRGB40QPPa0:<HP::V=gwv0l48,0*0E\n\
         !AIVDM,1,1,,A,I6SWVNP001a3P8FEKNf=Qb0@00S8,0*6B\n!AIVDM,1,1,,A,JB3R0GO7p>vQL8tjw0b5hqpd0706kh9d3lR2vbl0400,2*40\n\
         !AIVDM,1,1,,A,J1@@0IK70PGgT740000000000@000?D0ih1e00006JlPC9C3,0*6B\n!AIVDM,1,1,,B,JaL0mr5P000DtRDMddr@0?vF06iD,0*75\n\
         !AIVDM,1,1,,A,J0@00@370>t0Lh3P0000200H:2rN92,4*14\n",
        &expect![[r#"
            {"bits":98,"data":"e06f855b566c803fe7a0306140","dest_mmsi":134218384,"mmsi":440006460,"type":25}
            {"bits":112,"dac":2,"data":"082900a31880a2a636fffe034108","fid":6,"mmsi":563648328,"type":25}
            {"bits":128,"data":"00001a438085956deb8d86a0100008c8","mmsi":440002170,"type":25}
            {"bits":150,"dac":368,"data":"ccbf02a170e78b001c01b3c09b03d220beab40","dest_mmsi":838351848,"fid":35,"mmsi":137920605,"type":26}
            {"bits":198,"data":"e41c40000000000000004000003d4031c01b400000066b4810","dest_mmsi":834699643,"mmsi":84148325,"type":26}
            {"bits":92,"dac":384,"data":"0014f2251db2ce9000ff9600","fid":0,"mmsi":633353704,"type":26}
            {"bits":116,"data":"c700ef007300e00000000800182820","mmsi":16777280,"type":26}
        "#]],
    );
}

#[test]
fn what_reports_no_thing_is_counted_and_neither_refused_nor_observed() {
    let mut receiver = Receiver::default();
    let lines = "!AIVDM,1,1,,A,702R5`hwCjq8,0*6B\n!AIVDM,1,1,,A,?5OP=l00052HD00,2*5B\n\
         !AIVDM,1,1,1,A,A;wUJKU>io;WlWuwH`W1PpnuN<isf;5iHtOM1S6q?vsvNrNGOqLcr5mfD6t,2*51\n\
         !AIVDM,1,1,,A,Dh3OvjB8IN>4,0*1D\n!AIVDM,1,1,,A,F030ot22N2P6aoQbhe4736L20000,0*1A\n";
    let context = super::observation::context();
    receiver.push(lines.as_bytes(), NOW, |item| {
        let item = item.expect("a good line");
        assert_eq!(renkei_codec::ais::to_observation(&item, &context, NOW), None);
    });
    assert_eq!((receiver.counts().messages, receiver.counts().sender_only), (5, 0));
}
