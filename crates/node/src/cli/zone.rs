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
    /// List the layers, a line each: name, shapes, licence, source
    List(NodeDir),
    /// Remove a layer
    Remove(Remove),
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
}

/// Which layer to remove.
#[derive(clap::Args, Debug)]
pub(crate) struct Remove {
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
            for about in Layers::of(&node_config(&node.dir)?.dir).list()? {
                let licence = if about.licence.is_empty() { "not stated" } else { &about.licence };
                println!("{}\t{}\t{licence}\t{}", about.name, about.shapes, about.source);
            }
            Ok(())
        }
        Command::Remove(Remove { node, name }) => {
            Ok(Layers::of(&node_config(&node.dir)?.dir).remove(name)?)
        }
    }
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
        imported_ms: clock::now(),
        shapes: layer.shapes.len(),
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
