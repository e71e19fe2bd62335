//! `renkei zone`: theatre data of this headquarters, imported as layers that people may switch on.
//!
//! Refuses: shapes that cannot be drawn, each by name and reason, and files that hold no other.

use std::path::PathBuf;

use renkei_codec::layer::{BYTES_MAX, LayerError};
use renkei_codec::{geojson, kml};

use super::{End, NodeDir, node_config};
use crate::clock;
use crate::layers::{About, Layers};

/// Features left out that are named one by one.
const NAMED_MAX: usize = 20;

/// Theatre data: indicative layers, not legal boundaries.
#[derive(clap::Subcommand, Debug)]
pub(crate) enum Command {
    /// Import GeoJSON or KML as a layer that people of this node may switch on; off by default
    Import(Import),
    /// List the layers, a line each: name, shapes, `shown` or `hidden`, licence, source
    List(NodeDir),
    /// Show a layer to everybody of this node who has not chosen for themselves
    Show(Named),
    /// Hide it again
    Hide(Named),
    /// Remove an imported layer
    Remove(Named),
}

/// What to import.
#[derive(clap::Args, Debug)]
pub(crate) struct Import {
    #[command(flatten)]
    node: NodeDir,
    /// GeoJSON in longitude and latitude (of a shapefile: `ogr2ogr -t_srs EPSG:4326 OUT.geojson IN.shp`), or KML
    file: PathBuf,
    /// The layer's name; the file's by default
    #[arg(long)]
    name: Option<String>,
    /// Property that names a feature; the usual ones are tried by default
    #[arg(long)]
    name_property: Option<String>,
    /// Under which licence it may be used; shown on the screen
    #[arg(long, default_value = "")]
    licence: String,
    /// Where it comes from; the file's name by default
    #[arg(long)]
    source: Option<String>,
    /// Its shapes are invented, for an exercise or a trial: the screen says so wherever it is drawn
    #[arg(long)]
    fictitious: bool,
}

/// Which layer.
#[derive(clap::Args, Debug)]
pub(crate) struct Named {
    #[command(flatten)]
    node: NodeDir,
    /// The layer's name
    name: String,
}

/// Runs `renkei zone`.
///
/// # Errors
/// [`End::Wrong`] when the file holds nothing that can be drawn, or the layer is not there.
pub(crate) fn run(command: &Command) -> Result<(), End> {
    match command {
        Command::Import(arguments) => import(arguments),
        Command::List(node) => {
            let layers = layers(node)?;
            for about in layers.list()? {
                let shown = if layers.is_shown(&about.name)? { "shown" } else { "hidden" };
                let licence = if about.licence.is_empty() { "not stated" } else { &about.licence };
                let (name, shapes, source) = (&about.name, about.shapes, &about.source);
                println!("{name}\t{shapes}\t{shown}\t{licence}\t{source}");
            }
            Ok(())
        }
        Command::Show(Named { node, name }) => Ok(layers(node)?.show(name, true)?),
        Command::Hide(Named { node, name }) => Ok(layers(node)?.show(name, false)?),
        Command::Remove(Named { node, name }) => Ok(layers(node)?.remove(name)?),
    }
}

fn layers(node: &NodeDir) -> Result<Layers, End> {
    Ok(Layers::of(&node_config(&node.dir)?.dir))
}

fn import(arguments: &Import) -> Result<(), End> {
    let config = node_config(&arguments.node.dir)?;
    let path = arguments.file.display();
    let wrong = |why: String| End::Wrong(format!("import `{path}`: {why}"));
    let is = |kind: &str| arguments.file.extension().is_some_and(|e| e.eq_ignore_ascii_case(kind));
    if is("shp") || is("kmz") || is("zip") {
        let mend =
            "convert it to GeoJSON with `ogr2ogr -t_srs EPSG:4326 OUT.geojson IN`, or unpack it";
        return Err(wrong(format!("only GeoJSON and KML are read; {mend}")));
    }
    let length = std::fs::metadata(&arguments.file).map_err(|e| wrong(e.to_string()))?.len();
    if length > BYTES_MAX as u64 {
        return Err(wrong(LayerError::Bytes.to_string()));
    }
    let bytes = std::fs::read(&arguments.file).map_err(|e| wrong(e.to_string()))?;
    let is_xml = bytes.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'<');
    let read = if is("kml") || is_xml {
        kml::read(&bytes)
    } else {
        geojson::read(&bytes, arguments.name_property.as_deref())
    };
    let (layer, left_out) = read.map_err(|e| wrong(e.to_string()))?;
    for left in left_out.iter().take(NAMED_MAX) {
        eprintln!("left out: {left}");
    }
    if left_out.len() > NAMED_MAX {
        eprintln!("left out: {} more", left_out.len() - NAMED_MAX);
    }
    if layer.shapes.is_empty() {
        return Err(wrong("it holds no polygon and no line that can be drawn".into()));
    }
    let text = |part: Option<&std::ffi::OsStr>| {
        part.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    };
    let stem = text(arguments.file.file_stem()).to_lowercase().replace([' ', '.'], "-");
    let about = About {
        name: arguments.name.clone().unwrap_or(stem),
        licence: arguments.licence.clone(),
        source: arguments.source.clone().unwrap_or(text(arguments.file.file_name())),
        imported_ms: Some(clock::now()),
        shapes: layer.shapes.len(),
        title: None,
        note: None,
        fictitious: arguments.fictitious,
    };
    Layers::of(&config.dir).put(&about, &layer)?;
    eprintln!(
        "layer `{}`: {} shapes, {} left out; indicative, not a legal boundary",
        about.name,
        about.shapes,
        left_out.len()
    );
    if about.licence.is_empty() {
        eprintln!("no licence was stated; import it again with --licence before others see it");
    }
    Ok(())
}
