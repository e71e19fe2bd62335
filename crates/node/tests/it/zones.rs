//! Theatre data: imported from a file, shown to those whom the table names, never on by itself.

use serde_json::Value;

use crate::harness::{Node, get, post, renkei, renkei_ok};

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
    let list = || renkei_ok(&["zone", "list", node.path()]);
    let line = "eez\t1\thidden\tCC-BY 4.0\teez.geojson\n";
    assert!(list().contains(line), "{}", list());

    node.start();
    let watch = node.sign_in("Mori", "watch_officer", "watch");
    let ask = |path: &str| get(node.http, path, Some(&watch)).unwrap();
    let layers: Value = serde_json::from_str(&ask("/api/layers").1).unwrap();
    let eez = |layers: &Value| {
        let all = layers["layers"].as_array().unwrap().clone();
        all.into_iter().find(|layer| layer["name"] == "eez").unwrap()
    };
    assert_eq!(eez(&layers)["licence"], "CC-BY 4.0");
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
    assert!(!renkei_ok(&["zone", "list", node.path()]).contains("eez"));
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
    let list = renkei_ok(&["zone", "list", node.path()]);
    assert!(list.contains("odd-name\t2\thidden\tnot stated"), "{list}");
}

#[test]
fn what_the_headquarters_and_a_person_chose_to_see_outlives_a_restart() {
    let home = tempfile::tempdir().unwrap();
    let mut node = Node::init(home.path(), "JPN");
    let file = home.path().join("eez.geojson");
    std::fs::write(&file, EEZ).unwrap();
    renkei_ok(&["zone", "import", node.path(), file.to_str().unwrap(), "--fictitious"]);
    node.start();
    let watch = node.sign_in("Mori", "watch_officer", "watch");
    let seen = |node: &Node| -> (Vec<String>, bool) {
        let text = get(node.http, "/api/layers", Some(&watch)).unwrap().1;
        let value: Value = serde_json::from_str(&text).unwrap();
        let shown = value["layers"].as_array().unwrap().iter().filter(|l| l["shown"] == true);
        (shown.map(|l| l["name"].as_str().unwrap().into()).collect(), value["own"] == true)
    };
    assert_eq!(seen(&node), (vec![], false), "no layer is on by itself");
    renkei_ok(&["zone", "show", node.path(), "eez"]);
    assert_eq!(seen(&node), (vec!["eez".into()], false));
    let choose = |node: &Node, body: Value| post(node.http, "/api/layers", &watch, &body).0;
    let shipped = "coast-12nm";
    assert!(choose(&node, serde_json::json!({"shown": ["nothing"]})).starts_with("HTTP/1.1 404"));
    assert!(choose(&node, serde_json::json!({"shown": [shipped]})).starts_with("HTTP/1.1 200"));
    node.kill();
    node.start();
    assert_eq!(seen(&node), (vec![shipped.into()], true), "after a restart");
    assert!(choose(&node, serde_json::json!({"shown": null})).starts_with("HTTP/1.1 200"));
    assert_eq!(seen(&node), (vec!["eez".into()], false));
}

#[test]
fn the_layers_in_the_binary_say_that_they_are_no_legal_boundary_and_the_sample_that_it_is_invented()
{
    let home = tempfile::tempdir().unwrap();
    let mut node = Node::init(home.path(), "JPN");
    node.start();
    let watch = node.sign_in("Mori", "watch_officer", "watch");
    let ask = |path: &str| -> Value {
        serde_json::from_str(&get(node.http, path, Some(&watch)).unwrap().1).unwrap()
    };
    let layers = ask("/api/layers");
    let layers = layers["layers"].as_array().unwrap();
    let named = |name: &str| layers.iter().find(|layer| layer["name"] == name).unwrap();
    for name in ["coast-12nm", "coast-24nm"] {
        let about = named(name);
        assert!(about["licence"].as_str().unwrap().contains("Public domain"), "{about}");
        assert!(about["note"]["en"].as_str().unwrap().contains("not a legal boundary"), "{about}");
        assert!(about["note"]["ja"].as_str().unwrap().contains("法的境界ではない"), "{about}");
        assert_eq!(about["fictitious"], false);
        let data = ask(&format!("/api/layer?name={name}"));
        assert_eq!(data["features"].as_array().unwrap().len() as u64, about["shapes"]);
    }
    assert_eq!(named("sample-adiz")["fictitious"], true);
    for feature in ask("/api/layer?name=sample-adiz")["features"].as_array().unwrap() {
        let told = &feature["properties"];
        assert!(told["name"].as_str().unwrap().starts_with("FICTITIOUS"), "{told}");
        assert!(told["name_ja"].as_str().unwrap().starts_with("架空"), "{told}");
        assert!(told["claimed_by"].is_string(), "{told}");
    }
}

#[test]
fn areas_of_a_file_become_zones_with_their_holes_that_the_node_watches() {
    let home = tempfile::tempdir().unwrap();
    let mut node = Node::init(home.path(), "JPN");
    let file = home.path().join("eez.geojson");
    std::fs::write(&file, EEZ).unwrap();
    let file = file.to_str().unwrap();
    let zones = renkei_ok(&["zone", "alert", file, "--name-property", "GEO", "--domain", "air"]);
    node.configure(&zones);
    node.start();
    let watch = node.sign_in("Mori", "watch_officer", "watch");
    let affairs: Value =
        serde_json::from_str(&get(node.http, "/api/affairs", Some(&watch)).unwrap().1).unwrap();
    let zone = &affairs["zones"][0];
    assert_eq!(zone["name"]["en"], "Across");
    assert_eq!(zone["ring"][1], serde_json::json!([10.0, -175.0]));
    assert_eq!(
        zone["holes"][0],
        serde_json::json!([[12.0, 179.0], [12.0, -179.0], [14.0, -179.0]])
    );
    node.configure(
        "[[zone]]\nname = { en = \"Bad\", ja = \"悪\" }\nring = [[0, 0], [1, 1]]\ndomains = []",
    );
    let config = node.dir.join("renkei.toml");
    let refused = renkei(&["serve", "--config", config.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(2));
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("watch zone `Bad`: 2 corners; draw 3 to 2000"), "{said}");
}
