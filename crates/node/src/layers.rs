//! Theatre data that this headquarters chose: layers of lines and areas, in `DIR/layers/`. Each is two
//! files: `NAME.geojson`, what is drawn, and `NAME.json`, what it is and under which licence. A few come
//! with the binary; an imported one of the same name stands in their place.
//!
//! Refuses: names that are more than a plain word. A layer is only ever drawn; it raises no alert.

mod choice;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use renkei_codec::layer::Layer;
use renkei_model::statement::Bilingual;
use renkei_model::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::http::bundled_file;

/// Most layers of one node.
const LAYERS_MAX: usize = 64;
/// Longest name in bytes.
const NAME_BYTES_MAX: usize = 48;

/// What a layer is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct About {
    /// Its name: small letters, digits, `-` and `_`.
    pub(crate) name: String,
    /// Under which terms it may be used, as the importer stated it; empty = not stated.
    pub(crate) licence: String,
    /// Where it comes from.
    pub(crate) source: String,
    /// When it was imported; none of a layer that comes with the binary.
    #[serde(default)]
    pub(crate) imported_ms: Option<Timestamp>,
    /// Shapes in it.
    pub(crate) shapes: usize,
    /// What readers call it, where that is more than its name.
    #[serde(default)]
    pub(crate) title: Option<Bilingual>,
    /// What a reader must know before relying on it.
    #[serde(default)]
    pub(crate) note: Option<Bilingual>,
    /// Its shapes are invented.
    #[serde(default)]
    pub(crate) fictitious: bool,
}

/// `index.json` of the layers in the binary.
#[derive(Deserialize)]
struct Bundled {
    layers: Vec<About>,
}

fn bundled() -> Vec<About> {
    let index = bundled_file("layers/index.json");
    let index = index.and_then(|bytes| serde_json::from_slice::<Bundled>(&bytes).ok());
    index.map_or_else(Vec::new, |index| index.layers)
}

/// Why a layer was not kept, found or removed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LayersError {
    /// Not a name.
    #[error(
        "`{0}` is no name for a layer; give one with --name: small letters, digits, - and _, at most {NAME_BYTES_MAX}"
    )]
    Name(String),
    /// Not there.
    #[error("there is no layer `{0}`; `renkei zone list DIR` lists them")]
    Absent(String),
    /// Too many.
    #[error("{LAYERS_MAX} layers are kept already; remove one first")]
    TooMany,
    /// What was chosen cannot be read.
    #[error("read which layers are shown in `{0}`: it is damaged; remove the file and choose anew")]
    Choices(PathBuf),
    /// The operating system refused.
    #[error("keep layers in `{path}`: {source}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
}

/// The layers of the node in one directory.
#[derive(Clone, Debug)]
pub(crate) struct Layers(PathBuf);

impl Layers {
    /// The layers of the node in `dir`.
    pub(crate) fn of(dir: &Path) -> Self {
        Self(dir.join("layers"))
    }

    fn path(&self, name: &str, kind: &str) -> Result<PathBuf, LayersError> {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_';
        let is_name = (1..=NAME_BYTES_MAX).contains(&name.len()) && name.bytes().all(plain);
        if is_name {
            Ok(self.0.join(format!("{name}.{kind}")))
        } else {
            Err(LayersError::Name(name.into()))
        }
    }

    /// What can be shown, by name: what was imported, and what comes with the binary.
    ///
    /// # Errors
    /// [`LayersError::Io`] when the folder cannot be read.
    pub(crate) fn list(&self) -> Result<Vec<About>, LayersError> {
        let mut all = self.imported()?;
        for about in bundled() {
            if !all.iter().any(|held| held.name == about.name) {
                all.push(about);
            }
        }
        all.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(all)
    }

    /// What was imported, by name. A description that cannot be read is passed over.
    fn imported(&self) -> Result<Vec<About>, LayersError> {
        let io = |source| LayersError::Io { path: self.0.clone(), source };
        let entries = match fs::read_dir(&self.0) {
            Ok(entries) => entries,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(e) => return Err(io(e)),
        };
        let mut all = Vec::new();
        for entry in entries {
            let path = entry.map_err(io)?.path();
            if path.extension().is_some_and(|kind| kind == "json")
                && let Some(about) =
                    fs::read(&path).ok().and_then(|b| serde_json::from_slice(&b).ok())
            {
                all.push(about);
            }
        }
        all.sort_by(|a: &About, b| a.name.cmp(&b.name));
        all.truncate(LAYERS_MAX);
        Ok(all)
    }

    /// Keeps `layer`, over an older one of its name.
    ///
    /// # Errors
    /// [`LayersError`].
    pub(crate) fn put(&self, about: &About, layer: &Layer) -> Result<(), LayersError> {
        let (data, description) =
            (self.path(&about.name, "geojson")?, self.path(&about.name, "json")?);
        let held = self.imported()?;
        if held.len() >= LAYERS_MAX && !held.iter().any(|a| a.name == about.name) {
            return Err(LayersError::TooMany);
        }
        fs::create_dir_all(&self.0)
            .map_err(|source| LayersError::Io { path: self.0.clone(), source })?;
        write(&data, layer.to_geojson().to_string().as_bytes())?;
        // The description last: without it the layer is not there.
        write(&description, serde_json::json!(about).to_string().as_bytes())
    }

    /// A layer's GeoJSON.
    ///
    /// # Errors
    /// [`LayersError`].
    pub(crate) fn read(&self, name: &str) -> Result<String, LayersError> {
        let path = self.path(name, "geojson")?;
        if !self.path(name, "json")?.exists() {
            let bytes = bundled_file(&format!("layers/{name}.json"));
            let text = bytes.filter(|_| bundled().iter().any(|about| about.name == name));
            let text = text.and_then(|bytes| String::from_utf8(bytes.into_owned()).ok());
            return text.ok_or_else(|| LayersError::Absent(name.into()));
        }
        fs::read_to_string(&path).map_err(|source| LayersError::Io { path, source })
    }

    /// Removes a layer.
    ///
    /// # Errors
    /// [`LayersError`].
    pub(crate) fn remove(&self, name: &str) -> Result<(), LayersError> {
        for kind in ["json", "geojson"] {
            let path = self.path(name, kind)?;
            match fs::remove_file(&path) {
                Err(e) if e.kind() == io::ErrorKind::NotFound => {
                    return Err(LayersError::Absent(name.into()));
                }
                other => other.map_err(|source| LayersError::Io { path, source })?,
            }
        }
        Ok(())
    }
}

/// Writes a file whole or not at all.
fn write(path: &Path, bytes: &[u8]) -> Result<(), LayersError> {
    let new = path.with_extension("new");
    fs::write(&new, bytes)
        .and_then(|()| fs::rename(&new, path))
        .map_err(|source| LayersError::Io { path: path.into(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_nowhere_but_into_the_folder() {
        let layers = Layers::of(Path::new("/nowhere"));
        let long = "a".repeat(NAME_BYTES_MAX + 1);
        for wrong in ["", "..", "../renkei", "a/b", "a.b", "A", "海", "a b", long.as_str()] {
            assert!(matches!(layers.read(wrong), Err(LayersError::Name(_))), "{wrong}");
        }
        assert!(matches!(layers.read("eez-jpn_2"), Err(LayersError::Absent(_))));
    }

    #[test]
    fn a_layer_is_kept_listed_read_replaced_and_removed() {
        let dir = tempfile::tempdir().unwrap();
        let layers = Layers::of(dir.path());
        assert_eq!(layers.imported().unwrap(), []);
        let about = About {
            name: "eez".into(),
            licence: "CC-BY".into(),
            source: "eez.geojson".into(),
            imported_ms: Some(Timestamp(5)),
            shapes: 0,
            title: None,
            note: None,
            fictitious: false,
        };
        layers.put(&about, &Layer::default()).unwrap();
        let newer = About { licence: "ODbL".into(), ..about };
        layers.put(&newer, &Layer::default()).unwrap();
        assert_eq!(layers.imported().unwrap(), [newer]);
        assert!(layers.read("eez").unwrap().contains("FeatureCollection"));
        layers.remove("eez").unwrap();
        assert!(matches!(layers.remove("eez"), Err(LayersError::Absent(_))));
        assert_eq!(fs::read_dir(dir.path().join("layers")).unwrap().count(), 0);
    }
}
