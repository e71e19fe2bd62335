//! Which layers are shown: what the headquarters chose for everybody, and what a person chose instead.
//! Kept in `DIR/layers/shown`, so that it outlives the browser and the node's restart.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::{Layers, LayersError, write};

/// One change at a time: a change is read, made and written whole.
static CHANGES: Mutex<()> = Mutex::new(());

/// What is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Shown {
    /// The headquarters' choice.
    headquarters: BTreeSet<String>,
    /// Those of people who chose for themselves.
    people: BTreeMap<String, BTreeSet<String>>,
}

/// What one person sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Choice {
    /// The layers that are shown.
    pub(crate) shown: BTreeSet<String>,
    /// Whether the person chose them, not the headquarters.
    pub(crate) own: bool,
}

impl Layers {
    fn shown_path(&self) -> PathBuf {
        self.0.join("shown")
    }

    fn shown(&self) -> Result<Shown, LayersError> {
        let path = self.shown_path();
        match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|_| LayersError::Choices(path)),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(Shown::default()),
            Err(source) => Err(LayersError::Io { path, source }),
        }
    }

    fn change(&self, change: impl FnOnce(&mut Shown)) -> Result<(), LayersError> {
        let _one = CHANGES.lock().unwrap_or_else(PoisonError::into_inner);
        let mut shown = self.shown()?;
        change(&mut shown);
        fs::create_dir_all(&self.0)
            .map_err(|source| LayersError::Io { path: self.0.clone(), source })?;
        write(&self.shown_path(), serde_json::json!(shown).to_string().as_bytes())
    }

    /// What `person` sees.
    ///
    /// # Errors
    /// [`LayersError`] when the choices cannot be read.
    pub(crate) fn choice(&self, person: &str) -> Result<Choice, LayersError> {
        let shown = self.shown()?;
        Ok(match shown.people.get(person) {
            Some(own) => Choice { shown: own.clone(), own: true },
            None => Choice { shown: shown.headquarters, own: false },
        })
    }

    /// Keeps what `person` chose; `None` = what the headquarters chose.
    ///
    /// # Errors
    /// [`LayersError::Absent`] for a layer that is not there, [`LayersError::Io`].
    pub(crate) fn choose(
        &self,
        person: &str,
        chosen: Option<BTreeSet<String>>,
    ) -> Result<(), LayersError> {
        let held = self.list()?;
        for name in chosen.iter().flatten() {
            if !held.iter().any(|about| about.name == *name) {
                return Err(LayersError::Absent(name.clone()));
            }
        }
        self.change(|shown| {
            match chosen {
                Some(chosen) => shown.people.insert(person.into(), chosen),
                None => shown.people.remove(person),
            };
        })
    }

    /// Shows `name` to everybody who did not choose otherwise, or no longer.
    ///
    /// # Errors
    /// [`LayersError::Absent`] for a layer that is not there, [`LayersError::Io`].
    pub(crate) fn show(&self, name: &str, on: bool) -> Result<(), LayersError> {
        if !self.list()?.iter().any(|about| about.name == name) {
            return Err(LayersError::Absent(name.into()));
        }
        self.change(|shown| {
            if on {
                shown.headquarters.insert(name.into());
            } else {
                shown.headquarters.remove(name);
            }
        })
    }

    /// Whether the headquarters shows `name` to everybody.
    ///
    /// # Errors
    /// [`LayersError`] when the choices cannot be read.
    pub(crate) fn is_shown(&self, name: &str) -> Result<bool, LayersError> {
        Ok(self.shown()?.headquarters.contains(name))
    }
}

#[cfg(test)]
mod tests {
    use renkei_codec::layer::Layer;
    use renkei_model::time::Timestamp;

    use super::super::About;
    use super::*;

    fn layers(dir: &std::path::Path) -> Layers {
        let layers = Layers::of(dir);
        for name in ["eez", "adiz"] {
            let about = About {
                name: name.into(),
                licence: String::new(),
                source: String::new(),
                imported_ms: Some(Timestamp(1)),
                shapes: 0,
                title: None,
                note: None,
                fictitious: false,
            };
            layers.put(&about, &Layer::default()).unwrap();
        }
        layers
    }

    fn seen(layers: &Layers, person: &str) -> (Vec<String>, bool) {
        let choice = layers.choice(person).unwrap();
        (choice.shown.into_iter().collect(), choice.own)
    }

    #[test]
    fn a_person_sees_what_the_headquarters_chose_until_choosing_and_it_is_kept() {
        let dir = tempfile::tempdir().unwrap();
        layers(dir.path()).show("eez", true).unwrap();
        // Each step is on a `Layers` of its own, as after a restart.
        let again = || Layers::of(dir.path());
        assert_eq!(seen(&again(), "Mori"), (vec!["eez".into()], false));
        again().choose("Mori", Some(["adiz".into()].into())).unwrap();
        assert_eq!(seen(&again(), "Mori"), (vec!["adiz".into()], true));
        assert_eq!(seen(&again(), "Oda"), (vec!["eez".into()], false));
        again().choose("Oda", Some(BTreeSet::new())).unwrap();
        assert_eq!(seen(&again(), "Oda"), (vec![], true), "nothing is a choice too");
        again().choose("Mori", None).unwrap();
        assert_eq!(seen(&again(), "Mori"), (vec!["eez".into()], false));
        again().show("eez", false).unwrap();
        assert_eq!(seen(&again(), "Mori"), (vec![], false));
    }

    #[test]
    fn a_layer_that_is_not_there_is_not_chosen_and_a_damaged_choice_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let layers = layers(dir.path());
        let nothing = layers.choose("Mori", Some(["nothing".into()].into()));
        assert!(matches!(nothing, Err(LayersError::Absent(_))));
        assert!(matches!(layers.show("nothing", true), Err(LayersError::Absent(_))));
        fs::write(layers.shown_path(), "{").unwrap();
        assert!(matches!(layers.choice("Mori"), Err(LayersError::Choices(_))));
    }
}
