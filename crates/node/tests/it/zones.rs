//! Theatre data: imported from a file, shown to those whom the table names, never on by itself.

use serde_json::Value;

use crate::harness::{Node, get, renkei, renkei_ok};

const EEZ: &str = r#"{"type":"FeatureCollection","features":[
  {"type":"Feature","properties":{"GEO":"Across"},"geometry":{"type":"Polygon","coordinates":
    [[[175,10],[-175,10],[-175,20],[175,20],[175,10]],[[179,12],[-179,12],[-179,14],[179,12]]]}},
  {"type":"Feature","properties":{"GEO":"Buoy"},"geometry":{"type":"Point","coordinates":[1,2]}}]}"#;

#[test]
fn a_layer_is_imported_served_with_its_licence_and_removed() {
    let home = tempfile::tempdir().unwrap();
    let mut node = Node::init(home.path(), "JPN");
    let file = home.path().join("eez.geojson");
    std::fs::write(&file, EEZ).unwrap();
    let output = renkei(&[
        "zone",
        "import",
        node.path(),
        file.to_str().unwrap(),
        "--name-property",
        "GEO",
        "--licence",
        "CC-BY 4.0",
    ]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    assert!(said.contains("feature 2 `Buoy`: `Point` is not drawn"), "{said}");
    assert!(said.contains("indicative, not a legal boundary"), "{said}");
    let line = renkei_ok(&["zone", "list", node.path()]);
    assert_eq!(line, "eez\t1\tCC-BY 4.0\teez.geojson\n");

    node.start();
    let watch = node.sign_in("Mori", "watch_officer", "watch");
    let ask = |path: &str| get(node.http, path, Some(&watch)).unwrap();
    let layers: Value = serde_json::from_str(&ask("/api/layers").1).unwrap();
    assert_eq!(layers["layers"][0]["licence"], "CC-BY 4.0");
    let layer: Value = serde_json::from_str(&ask("/api/layer?name=eez").1).unwrap();
    let rings = &layer["features"][0]["geometry"]["coordinates"];
    assert_eq!(rings[0][1], serde_json::json!([185.0, 10.0]), "across 180° in one piece");
    assert_eq!(rings[1][1], serde_json::json!([181.0, 12.0]), "its hole in the same turn");
    for wrong in ["/api/layer?name=nothing", "/api/layer?name=..%2Frenkei"] {
        assert!(ask(wrong).0.starts_with("HTTP/1.1 404"), "{wrong}");
    }
    assert!(get(node.http, "/api/layers", None).unwrap().0.starts_with("HTTP/1.1 401"));
    let root = node.sign_in("Root", "administrator", "");
    assert!(get(node.http, "/api/layers", Some(&root)).unwrap().0.starts_with("HTTP/1.1 403"));

    renkei_ok(&["zone", "remove", node.path(), "eez"]);
    assert_eq!(renkei_ok(&["zone", "list", node.path()]), "");
    assert!(ask("/api/layer?name=eez").0.starts_with("HTTP/1.1 404"), "gone from a running node");
}

#[test]
fn a_file_that_cannot_be_drawn_is_refused_with_the_way_to_mend_it() {
    let home = tempfile::tempdir().unwrap();
    let node = Node::init(home.path(), "JPN");
    let refused = |name: &str, text: &str| {
        let file = home.path().join(name);
        std::fs::write(&file, text).unwrap();
        let output = renkei(&["zone", "import", node.path(), file.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(2), "{name}");
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    assert!(refused("a.shp", "x").contains("ogr2ogr"));
    assert!(refused("a.geojson", "{").contains("not GeoJSON"));
    assert!(refused("a.kml", "<kml></kml>").contains("no polygon and no line"));
    let odd = EEZ.replace("Point", "Polygon");
    std::fs::write(
        home.path().join("Odd Name.geojson"),
        odd.replace("[1,2]", "[[[1,2],[3,4],[5,0]]]"),
    )
    .unwrap();
    renkei_ok(&[
        "zone",
        "import",
        node.path(),
        home.path().join("Odd Name.geojson").to_str().unwrap(),
    ]);
    assert!(renkei_ok(&["zone", "list", node.path()]).starts_with("odd-name\t2\tnot stated"));
}
