//! `renkei zone`: theatre data of this headquarters, imported as layers that people may switch on.
//!
//! Refuses: shapes that cannot be drawn, each by name and reason, and files that hold no other.

use std::path::{Path, PathBuf};

use renkei_codec::layer::{BYTES_MAX, Corner, Layer, LayerError, NamedShape, Shape};
use renkei_codec::{geojson, kml};
use renkei_model::statement::Bilingual;

use super::{End, NodeDir, node_config};
use crate::clock;
use crate::config::ZoneConfig;
use crate::layers::{About, Layers};

/// Features left out that are named one by one.
const NAMED_MAX: usize = 20;

/// Theatre data: indicative layers, not legal boundaries.
#[derive(clap::Subcommand, Debug)]
pub(crate) enum Command {
    /// Import GeoJSON or KML as a layer that people of this node may switch on; off by default
    Import(Import),
    /// Print the areas of GeoJSON or KML as `[[zone]]` tables for renkei.toml: areas that raise alerts
    Alert(Alert),
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

/// Which areas raise alerts.
#[derive(clap::Args, Debug)]
pub(crate) struct Alert {
    /// GeoJSON or KML, as for `import`; its lines are left out
    file: PathBuf,
    /// Property that names a feature; the usual ones are tried by default
    #[arg(long)]
    name_property: Option<String>,
    /// What raises an alert on entry: surface, air, land; once for each
    #[arg(long = "domain", default_value = "surface", value_parser = ["surface", "air", "land"])]
    domains: Vec<String>,
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
        Command::Alert(arguments) => alert(arguments),
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

/// What can be drawn of a file; what cannot is named on stderr.
fn read(path: &Path, name_property: Option<&str>) -> Result<(Layer, usize), End> {
    let wrong = |why: String| End::Wrong(format!("import `{}`: {why}", path.display()));
    let is = |kind: &str| path.extension().is_some_and(|e| e.eq_ignore_ascii_case(kind));
    if is("shp") || is("kmz") || is("zip") {
        let mend =
            "convert it to GeoJSON with `ogr2ogr -t_srs EPSG:4326 OUT.geojson IN`, or unpack it";
        return Err(wrong(format!("only GeoJSON and KML are read; {mend}")));
    }
    let length = std::fs::metadata(path).map_err(|e| wrong(e.to_string()))?.len();
    if length > BYTES_MAX as u64 {
        return Err(wrong(LayerError::Bytes.to_string()));
    }
    let bytes = std::fs::read(path).map_err(|e| wrong(e.to_string()))?;
    let is_xml = bytes.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'<');
    let read =
        if is("kml") || is_xml { kml::read(&bytes) } else { geojson::read(&bytes, name_property) };
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
    Ok((layer, left_out.len()))
}

/// Prints each polygon as a zone of the configuration.
fn alert(arguments: &Alert) -> Result<(), End> {
    let (layer, _) = read(&arguments.file, arguments.name_property.as_deref())?;
    let path = arguments.file.display();
    let mut printed = 0;
    for (i, NamedShape { told, shape }) in layer.shapes.iter().enumerate() {
        let Shape::Polygon(rings) = shape else { continue };
        let name = told.name.clone().unwrap_or_else(|| format!("area {}", i + 1));
        let ja = told.name_ja.clone().unwrap_or_else(|| name.clone());
        let mut rings = rings.iter().map(|ring| ring.iter().map(corner).collect());
        let zone = ZoneConfig {
            name: Bilingual { en: name, ja },
            ring: rings.next().unwrap_or_default(),
            holes: rings.collect(),
            domains: Vec::new(),
            neutral_too: false,
        };
        zone.stated().map_err(|why| {
            End::Wrong(format!("make zones of `{path}`: {why}; simplify it first"))
        })?;
        let text = |value: &str| toml::Value::from(value).to_string();
        println!("[[zone]]");
        println!("name = {{ en = {}, ja = {} }}", text(&zone.name.en), text(&zone.name.ja));
        println!("ring = {:?}", zone.ring);
        println!("holes = {:?}", zone.holes);
        println!("domains = {:?}\n", arguments.domains);
        printed += 1;
    }
    if printed == 0 {
        return Err(End::Wrong(format!("make zones of `{path}`: it holds no polygon")));
    }
    eprintln!("{printed} zones; put them into renkei.toml, then start the node again");
    Ok(())
}

/// Latitude and longitude in degrees, the longitude between -180 and 180.
fn corner(corner: &Corner) -> [f64; 2] {
    let longitude = (i64::from(corner.longitude_udeg) + 180_000_000).rem_euclid(360_000_000);
    [f64::from(corner.latitude_udeg) / 1e6, (longitude - 180_000_000) as f64 / 1e6]
}

fn import(arguments: &Import) -> Result<(), End> {
    let config = node_config(&arguments.node.dir)?;
    let (layer, left_out) = read(&arguments.file, arguments.name_property.as_deref())?;
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
        about.name, about.shapes, left_out
    );
    if about.licence.is_empty() {
        eprintln!("no licence was stated; import it again with --licence before others see it");
    }
    Ok(())
}
