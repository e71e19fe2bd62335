//! GeoJSON (RFC 7946) → a layer: polygons with holes, multipolygons, lines, collections of them.
//!
//! Refuses: points, and coordinate systems other than WGS 84 in longitude and latitude.

use serde_json::Value;

use crate::layer::{BYTES_MAX, Degrees, Draft, Layer, LayerError, LeftOut, Told};

/// Collections within collections are read this deep.
const DEPTH_MAX: usize = 4;
/// Properties that are tried for a name when none is asked for.
const NAME_PROPERTIES: [&str; 6] = ["name", "NAME", "Name", "name:en", "GEONAME", "title"];
/// Properties that hold a name in Japanese.
const JAPANESE_PROPERTIES: [&str; 2] = ["name_ja", "name:ja"];

/// Reads a GeoJSON document. A feature's name is its property `name_property`, or the first usual
/// one that it has; `name_ja` or `name:ja`, `claimed_by` and `note` are kept beside it.
///
/// # Errors
/// [`LayerError`] when it is no GeoJSON or beyond a limit; single features are left out and named.
pub fn read(
    bytes: &[u8],
    name_property: Option<&str>,
) -> Result<(Layer, Vec<LeftOut>), LayerError> {
    if bytes.len() > BYTES_MAX {
        return Err(LayerError::Bytes);
    }
    let format = |detail: String| LayerError::Format { format: "GeoJSON", detail };
    let document: Value = serde_json::from_slice(bytes).map_err(|e| format(e.to_string()))?;
    if let Some(crs) = document.pointer("/crs/properties/name").and_then(Value::as_str)
        && !["CRS84", "4326"].iter().any(|known| crs.ends_with(known))
    {
        let detail = format!("its coordinates are `{crs}`; convert it to EPSG:4326");
        return Err(format(detail));
    }
    let mut draft = Draft::default();
    match text(&document, "type") {
        "FeatureCollection" => {
            let features = document.get("features").and_then(Value::as_array);
            let features = features.ok_or_else(|| format("it has no `features`".into()))?;
            for (i, feature) in features.iter().enumerate() {
                add_feature(&mut draft, i + 1, feature, name_property)?;
            }
        }
        "Feature" => add_feature(&mut draft, 1, &document, name_property)?,
        "" => return Err(format("it has no `type`".into())),
        _ => add_geometry(&mut draft, 1, &Told::default(), &document, 0)?,
    }
    Ok(draft.done())
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn add_feature(
    draft: &mut Draft,
    number: usize,
    feature: &Value,
    name_property: Option<&str>,
) -> Result<(), LayerError> {
    let property = |key: &str| feature.get("properties")?.get(key)?.as_str();
    let name = match name_property {
        Some(key) => property(key),
        None => NAME_PROPERTIES.into_iter().find_map(property),
    };
    let told = Told {
        name_ja: JAPANESE_PROPERTIES.into_iter().find_map(property).map(str::to_owned),
        claimed_by: property("claimed_by").map(str::to_owned),
        note: property("note").map(str::to_owned),
        ..Told::named(name)
    };
    match feature.get("geometry") {
        Some(geometry) if !geometry.is_null() => add_geometry(draft, number, &told, geometry, 0),
        _ => draft.leave_out(number, &told, LayerError::Kind("nothing".into())),
    }
}

fn add_geometry(
    draft: &mut Draft,
    number: usize,
    told: &Told,
    geometry: &Value,
    depth: usize,
) -> Result<(), LayerError> {
    let kind = text(geometry, "type");
    let coordinates = geometry.get("coordinates").unwrap_or(&Value::Null);
    let parts = |value: &Value| value.as_array().cloned().unwrap_or_default();
    match kind {
        "Polygon" => draft.add(number, told, &rings(coordinates), true),
        "LineString" => draft.add(number, told, &vec![ring(coordinates)], false),
        "MultiPolygon" => {
            parts(coordinates).iter().try_for_each(|p| draft.add(number, told, &rings(p), true))
        }
        "MultiLineString" => parts(coordinates)
            .iter()
            .try_for_each(|p| draft.add(number, told, &vec![ring(p)], false)),
        "GeometryCollection" if depth < DEPTH_MAX => {
            parts(geometry.get("geometries").unwrap_or(&Value::Null))
                .iter()
                .try_for_each(|part| add_geometry(draft, number, told, part, depth + 1))
        }
        other => {
            let kind: String = other.chars().take(40).collect();
            draft.leave_out(number, told, LayerError::Kind(kind))
        }
    }
}

fn rings(value: &Value) -> Degrees {
    value.as_array().map(|rings| rings.iter().map(ring).collect()).unwrap_or_default()
}

/// A ring's corners; what is no number becomes none, which the layer refuses by its place.
fn ring(value: &Value) -> Vec<[f64; 2]> {
    let number = |value: Option<&Value>| value.and_then(Value::as_f64).unwrap_or(f64::NAN);
    let corner = |value: &Value| [number(value.get(0)), number(value.get(1))];
    value.as_array().map(|corners| corners.iter().map(corner).collect()).unwrap_or_default()
}
