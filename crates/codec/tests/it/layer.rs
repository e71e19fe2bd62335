//! Layers from GeoJSON and KML: holes, the antimeridian, limits, and a word for what is left out.

use expect_test::{Expect, expect};
use proptest::prelude::*;
use renkei_codec::layer::{Layer, LayerError, LeftOut, Shape};
use renkei_codec::{geojson, kml};

fn check(read: Result<(Layer, Vec<LeftOut>), LayerError>, expect: &Expect) {
    let (layer, left_out) = match read {
        Ok(read) => read,
        Err(error) => return expect.assert_eq(&format!("refused: {error}")),
    };
    let ring = |ring: &Vec<renkei_codec::layer::Corner>| {
        let corner = |c: &renkei_codec::layer::Corner| {
            format!("{},{}", f64::from(c.longitude_udeg) / 1e6, f64::from(c.latitude_udeg) / 1e6)
        };
        ring.iter().map(corner).collect::<Vec<_>>().join(" ")
    };
    let mut lines = Vec::new();
    for named in &layer.shapes {
        let name = named.told.name.as_deref().unwrap_or("-");
        match &named.shape {
            Shape::Polygon(rings) => {
                let rings: Vec<_> = rings.iter().map(ring).collect();
                lines.push(format!("{name}: {}", rings.join(" without ")));
            }
            Shape::Line(corners) => lines.push(format!("{name}: line {}", ring(corners))),
        }
    }
    lines.extend(left_out.iter().map(|left| format!("left out {left}")));
    expect.assert_eq(&lines.join("\n"));
}

fn polygon(coordinates: &str) -> String {
    format!(
        r#"{{"type":"Feature","properties":{{"name":"A"}},"geometry":{{"type":"Polygon","coordinates":{coordinates}}}}}"#
    )
}

#[test]
fn a_polygon_keeps_its_holes() {
    check(
        geojson::read(
            polygon("[[[0,0],[10,0],[10,10],[0,10],[0,0]],[[2,2],[2,4],[4,4],[2,2]]]").as_bytes(),
            None,
        ),
        &expect!["A: 0,0 10,0 10,10 0,10 without 2,2 2,4 4,4"],
    );
}

#[test]
fn a_ring_across_the_antimeridian_is_one_piece_whichever_way_it_is_written() {
    for ring in
        ["[[179,0],[-179,0],[-179,2],[179,2],[179,0]]", "[[179,0],[181,0],[181,2],[179,2],[179,0]]"]
    {
        check(
            geojson::read(polygon(&format!("[{ring}]")).as_bytes(), None),
            &expect!["A: 179,0 181,0 181,2 179,2"],
        );
    }
}

#[test]
fn a_hole_lies_in_the_turn_of_its_ring_on_either_side_of_the_antimeridian() {
    let outer = "[[170,0],[-170,0],[-170,20],[170,20],[170,0]]";
    let holes = "[[-175,5],[-174,5],[-174,6],[-175,5]],[[175,5],[176,5],[176,6],[175,5]],[[179.5,8],[-179.5,8],[180,9],[179.5,8]]";
    check(
        geojson::read(polygon(&format!("[{outer},{holes}]")).as_bytes(), None),
        &expect![
            "A: 170,0 190,0 190,20 170,20 without 185,5 186,5 186,6 without 175,5 176,5 176,6 without 179.5,8 180.5,8 180,9"
        ],
    );
}

#[test]
fn a_multipolygon_cut_at_the_antimeridian_keeps_its_two_parts() {
    let text = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"EEZ":"Two"},"geometry":
        {"type":"MultiPolygon","coordinates":[[[[170,0],[180,0],[180,5],[170,0]]],[[[-180,0],[-175,0],[-180,5],[-180,0]]]]}}]}"#;
    check(
        geojson::read(text.as_bytes(), Some("EEZ")),
        &expect!["Two: 170,0 180,0 180,5\nTwo: -180,0 -175,0 -180,5"],
    );
}

#[test]
fn what_cannot_be_drawn_is_named_with_its_feature_and_reason() {
    let feature = |name: &str, kind: &str, coordinates: &str| {
        format!(
            r#"{{"type":"Feature","properties":{{"name":"{name}"}},"geometry":{{"type":"{kind}","coordinates":{coordinates}}}}}"#
        )
    };
    let features = [
        feature("line", "LineString", "[[1,2],[3,4,99]]"),
        feature("buoy", "Point", "[1,2]"),
        feature("short", "Polygon", "[[[0,0],[1,1],[0,0]]]"),
        feature("far", "Polygon", "[[[0,0],[1,91],[2,2],[0,0]]]"),
        feature("text", "Polygon", r#"[[[0,0],["x",1],[2,2],[0,0]]]"#),
        feature("pole", "Polygon", "[[[0,80],[120,80],[-120,80],[0,80]]]"),
        feature("open pole", "Polygon", "[[[-170,80],[-60,80],[60,80],[170,80]]]"),
        feature("hole", "Polygon", "[[[0,0],[1,0],[1,1],[0,0]],[[5,5],[6,5],[6,6],[5,5]]]"),
        r#"{"type":"Feature","geometry":null}"#.to_owned(),
    ];
    let text = format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","));
    check(
        geojson::read(text.as_bytes(), None),
        &expect![[r"
            line: line 1,2 3,4
            left out feature 2 `buoy`: `Point` is not drawn; only polygons and lines are
            left out feature 3 `short`: ring 1 has 2 corners; a polygon needs three, a line two
            left out feature 4 `far`: ring 1, corner 2 is not a longitude and a latitude on Earth
            left out feature 5 `text`: ring 1, corner 2 is not a longitude and a latitude on Earth
            left out feature 6 `pole`: ring 1 runs round a pole; cut it at a meridian
            left out feature 7 `open pole`: ring 1 runs round a pole; cut it at a meridian
            left out feature 8 `hole`: ring 2 is a hole that lies outside its polygon
            left out feature 9: `nothing` is not drawn; only polygons and lines are"]],
    );
}

#[test]
fn a_file_that_is_no_geojson_or_in_other_coordinates_is_refused() {
    check(
        geojson::read(b"{\"type\":", None),
        &expect!["refused: not GeoJSON: EOF while parsing a value at line 1 column 8"],
    );
    check(geojson::read(b"{}", None), &expect!["refused: not GeoJSON: it has no `type`"]);
    let text = r#"{"type":"FeatureCollection","crs":{"properties":{"name":"urn:ogc:def:crs:EPSG::3857"}},"features":[]}"#;
    check(
        geojson::read(text.as_bytes(), None),
        &expect![
            "refused: not GeoJSON: its coordinates are `urn:ogc:def:crs:EPSG::3857`; convert it to EPSG:4326"
        ],
    );
}

#[test]
fn a_layer_beyond_its_corners_is_refused() {
    let corners = vec!["[0,0]"; renkei_codec::layer::CORNERS_MAX + 1].join(",");
    let text = format!(r#"{{"type":"LineString","coordinates":[{corners}]}}"#);
    assert_eq!(geojson::read(text.as_bytes(), None), Err(LayerError::TooMany));
}

#[test]
fn kml_placemarks_are_read_with_holes_and_names() {
    let text = r#"<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>not this</name>
        <Placemark><Polygon>
          <innerBoundaryIs><LinearRing><coordinates>2,2 2,4 4,4 2,2</coordinates></LinearRing></innerBoundaryIs>
          <outerBoundaryIs><LinearRing><coordinates>
            0,0,0 10,0,0 10,10,0 0,0,0
          </coordinates></LinearRing></outerBoundaryIs></Polygon><name>Area &amp; <![CDATA[<north>]]></name></Placemark>
        <Placemark><name>海峡</name><MultiGeometry><LineString><coordinates>179,1 -179,2</coordinates></LineString>
          <Point><coordinates>1,2</coordinates></Point></MultiGeometry></Placemark></Document></kml>"#;
    check(
        kml::read(text.as_bytes()),
        &expect![[r"
            Area & <north>: 0,0 10,0 10,10 without 2,2 2,4 4,4
            海峡: line 179,1 181,2
            left out feature 2 `海峡`: `Point` is not drawn; only polygons and lines are"]],
    );
    check(kml::read(b"<gpx></gpx>"), &expect!["refused: not KML: its root is not a whole `kml`"]);
    check(
        kml::read(b"<!DOCTYPE kml [<!ENTITY x \"y\">]><kml/>"),
        &expect!["refused: not KML: a document type is not read"],
    );
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
        let _ = geojson::read(&bytes, None);
        let _ = kml::read(&bytes);
    }

    #[test]
    fn a_layer_that_was_written_reads_back_the_same(
        corners in proptest::collection::vec((-80.0..80.0f64, -179.0..179.0f64), 3..30),
        shift in -400.0..400.0f64,
    ) {
        // A ring of at most 100° of longitude anywhere, also across the antimeridian.
        let ring: Vec<_> = corners.iter().map(|(lat, lon)| {
            let longitude = (lon / 4.0 + shift + 180.0).rem_euclid(360.0) - 180.0;
            serde_json::json!([longitude, lat])
        }).collect();
        let text = serde_json::json!({"type": "LineString", "coordinates": ring}).to_string();
        let (layer, left_out) = geojson::read(text.as_bytes(), None).unwrap();
        prop_assert!(left_out.is_empty());
        let again = geojson::read(layer.to_geojson().to_string().as_bytes(), None).unwrap().0;
        let Shape::Line(once) = &layer.shapes[0].shape else { panic!("no line") };
        let Shape::Line(twice) = &again.shapes[0].shape else { panic!("no line") };
        prop_assert_eq!(once, twice);
        let step = |w: &[renkei_codec::layer::Corner]| w[0].longitude_udeg.abs_diff(w[1].longitude_udeg);
        prop_assert!(once.windows(2).all(|w| step(w) <= 180_000_000));
    }
}

#[test]
fn who_claims_a_shape_and_what_is_noted_of_it_stay_with_it() {
    let text = polygon("[[[0,0],[10,0],[10,10],[0,0]]]").replace(
        r#"{"name":"A"}"#,
        r#"{"name":"Bank","name:ja":"堆","claimed_by":"Aland","note":"since 1970","other":1}"#,
    );
    let (layer, _) = geojson::read(text.as_bytes(), None).unwrap();
    let properties = &layer.to_geojson()["features"][0]["properties"];
    expect![[r#"{"name":"Bank","name_ja":"堆","claimed_by":"Aland","note":"since 1970"}"#]]
        .assert_eq(&properties.to_string());
}
