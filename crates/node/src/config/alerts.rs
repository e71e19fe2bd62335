//! `[alerts]`: the presets that the alert rules run on, by name, and the file of the shore.
//!
//! Refuses: numbers. What a rule rings at is a preset with a name, so that every alert can say it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use renkei_codec::geojson;
use renkei_codec::layer::{Corner, Shape};
use renkei_fusion::alerts::AlertConfig;
use renkei_model::position::MicroPosition;
use serde::Deserialize;

use super::Complaint;

const TURN_UDEG: i32 = 360_000_000;

/// The alert rules of one node.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AlertSettings {
    /// GeoJSON polygons of land and anchorages, relative to the node's directory.
    #[serde(default)]
    pub(crate) shore: Option<PathBuf>,
    /// By the code of a rule: the name of its preset, a list of names, or `off`.
    #[serde(default)]
    pub(crate) presets: BTreeMap<String, Names>,
}

/// One name or several.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Names {
    /// `"marine"`
    One(String),
    /// `["starboard_50", "starboard_200"]`
    Several(Vec<String>),
}

impl AlertSettings {
    /// What the rules run on.
    ///
    /// # Errors
    /// What of it is not known, and what there is.
    pub(crate) fn config(&self) -> Result<AlertConfig, Complaint> {
        let mut config = AlertConfig::default();
        for (rule, names) in &self.presets {
            let names = match names {
                Names::One(name) => std::slice::from_ref(name),
                Names::Several(names) => names,
            };
            config.choose(rule, names).map_err(|e| {
                (format!("alerts.presets: {e}"), "docs/alerts.md says what each preset is")
            })?;
        }
        Ok(config)
    }

    /// The rings of the shore; none where no file is named. Holes are lakes and lagoons: whoever is
    /// in one is near the shore too.
    ///
    /// # Errors
    /// In words, what is wrong with the file and how to mend it.
    pub(crate) fn rings(&self, dir: &Path) -> Result<Vec<Vec<MicroPosition>>, String> {
        let Some(shore) = &self.shore else { return Ok(Vec::new()) };
        let path = dir.join(shore);
        let wrong = |why: String| format!("alerts.shore, `{}`: {why}", path.display());
        let bytes = std::fs::read(&path).map_err(|e| wrong(e.to_string()))?;
        let (layer, left_out) = geojson::read(&bytes, None).map_err(|e| wrong(e.to_string()))?;
        if let Some(left) = left_out.first() {
            return Err(wrong(format!("{left}; take it out of the file")));
        }
        let ring = |shape| match shape {
            Shape::Polygon(rings) => rings.first().map(|ring| ring.iter().map(micro).collect()),
            Shape::Line(_) => None,
        };
        let rings: Option<Vec<_>> = layer.shapes.into_iter().map(|s| ring(s.shape)).collect();
        rings.filter(|rings| !rings.is_empty()).ok_or_else(|| {
            wrong("it holds no polygon, or lines beside them; close the lines to polygons".into())
        })
    }
}

/// A corner back in the turn from −180° to 180°.
fn micro(corner: &Corner) -> MicroPosition {
    let turned = corner.longitude_udeg.saturating_add(TURN_UDEG / 2).rem_euclid(TURN_UDEG);
    MicroPosition { latitude_udeg: corner.latitude_udeg, longitude_udeg: turned - TURN_UDEG / 2 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rings(text: &str) -> Result<Vec<Vec<MicroPosition>>, String> {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("shore.geojson"), text).unwrap();
        let settings: AlertSettings = toml::from_str("shore = \"shore.geojson\"").unwrap();
        let said = settings.rings(dir.path());
        said.map_err(|e| e.replace(&dir.path().display().to_string(), "DIR"))
    }

    #[test]
    fn the_outer_rings_of_polygons_are_the_shore() {
        let island = r#"{"type":"Feature","properties":{},"geometry":{"type":"Polygon",
            "coordinates":[[[179,10],[-179,10],[-179,12],[179,12],[179,10]],
                           [[179.5,11],[-179.5,11],[-179.5,11.5],[179.5,11]]]}}"#;
        let rings = rings(island).unwrap();
        assert_eq!(rings.len(), 1);
        let corner =
            |latitude_udeg, longitude_udeg| MicroPosition { latitude_udeg, longitude_udeg };
        assert_eq!(rings[0][0], corner(10_000_000, 179_000_000));
        assert_eq!(rings[0][1], corner(10_000_000, -179_000_000), "back in one turn");
        assert_eq!(AlertSettings::default().rings(Path::new("nowhere")), Ok(Vec::new()));
    }

    #[test]
    fn what_is_no_shore_is_refused_with_the_way_to_mend_it() {
        let line = r#"{"type":"LineString","coordinates":[[1,2],[3,4]]}"#;
        assert!(rings(line).unwrap_err().ends_with("close the lines to polygons"));
        let point = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},
            "geometry":{"type":"Point","coordinates":[1,2]}}]}"#;
        assert!(rings(point).unwrap_err().contains("feature 1"));
        assert!(
            rings("{").unwrap_err().starts_with("alerts.shore, `DIR/shore.geojson`: not GeoJSON")
        );
    }
}
