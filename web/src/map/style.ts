// The basemap's style: a dim sea, a dimmer land, names of seas and places. No glyph server is named,
// so MapLibre draws every letter here with the page's own fonts. No border is drawn.
import type { Feature, FeatureCollection, Position } from 'geojson';
import type { ExpressionSpecification, LayerSpecification, SourceSpecification, StyleSpecification } from 'maplibre-gl';
import type { ZoneView } from '../api/types';
import { mapLongitude, unrolled } from '../state/geo';
import type { Palette } from '../symbols/palette';

export type Tongue = 'en' | 'ja';

/** One place: kind, longitude, latitude, English, Japanese, the zoom from which it shows. */
export type Place = [string, number, number, string, string, number];

export const ZONES = 'zones';
export const TRAIL = 'trail';
export const THEATRE = 'theatre';
/** Filters see whole zooms only: a name may come this much before its zoom. */
const EARLY = 0.75;
const NO_FEATURES: FeatureCollection = { type: 'FeatureCollection', features: [] };
const FONT = ['Noto Sans JP'];

export function placesGeoJson(places: Place[]): FeatureCollection {
  return {
    type: 'FeatureCollection',
    features: places.map(([kind, lon, lat, en, ja, zoom], i) => ({
      type: 'Feature',
      id: i,
      properties: { kind, en, ja, zoom, rank: zoom },
      geometry: { type: 'Point', coordinates: [lon, lat] },
    })),
  };
}

/** Zones as areas and names. Where both sides drew the same zone, one area carries both letters. */
export function zonesGeoJson(zones: ZoneView[], tongue: Tongue): FeatureCollection {
  const same = new Map<string, ZoneView[]>();
  for (const zone of zones) {
    if (zone.ring.length < 3) continue;
    const key = [zone.ring, ...zone.holes].map((ring) => ring.map(([lat, lon]) => `${lat.toFixed(3)} ${lon.toFixed(3)}`).join()).join('|');
    same.set(key, [...(same.get(key) ?? []), zone]);
  }
  return { type: 'FeatureCollection', features: [...same.values()].flatMap((group) => zoneFeatures(group, tongue)) };
}

/** The map ends here; a zone round a pole is closed along it. */
const POLE_DEG = 85.05;

/** A ring in one piece in the turn of the map, closed; one that runs round a pole is closed there. */
function drawnRing(corners: [number, number][]): [number, number][] {
  const lons = unrolled([...corners, corners[0]!].map(([, lon]) => lon));
  const ring = lons.map((lon, i): [number, number] => [lon, corners[i % corners.length]![0]]);
  const [first, last] = [ring[0]!, ring.at(-1)!];
  if (Math.abs(last[0] - first[0]) < 180) return ring;
  const pole = corners.reduce((sum, [lat]) => sum + lat, 0) < 0 ? -POLE_DEG : POLE_DEG;
  return [...ring, [last[0], pole], [first[0], pole], first];
}

/** `ring` moved by whole turns to where `outer` is. */
function withIn(outer: [number, number][], ring: [number, number][]): [number, number][] {
  const middle = (corners: [number, number][]) => corners.reduce((sum, [lon]) => sum + lon, 0) / corners.length;
  const turn = 360 * Math.round((middle(outer) - middle(ring)) / 360);
  return ring.map(([lon, lat]) => [lon + turn, lat]);
}

function zoneFeatures(group: ZoneView[], tongue: Tongue): FeatureCollection['features'] {
  const zone = group[0]!;
  const ring = drawnRing(zone.ring);
  const holes = zone.holes.map((hole) => withIn(ring, drawnRing(hole)));
  const west = Math.min(...ring.map(([lon]) => lon));
  const north = Math.max(...ring.map(([, lat]) => lat));
  const owners = [...new Set(group.map(({ owner }) => owner[0] ?? '?'))].sort().join('·');
  const name = `${owners}  ${zone.name[tongue] || zone.name.en}`;
  return [
    { type: 'Feature', properties: {}, geometry: { type: 'Polygon', coordinates: [ring, ...holes] } },
    { type: 'Feature', properties: { name }, geometry: { type: 'Point', coordinates: [west, north] } },
  ];
}

export function trailGeoJson(points: [number, number, number][]): FeatureCollection {
  if (points.length < 2) return NO_FEATURES;
  const lons = unrolled(points.map(([, , lon]) => lon));
  const coordinates = points.map(([, lat], i) => [lons[i]!, lat]);
  return { type: 'FeatureCollection', features: [{ type: 'Feature', properties: {}, geometry: { type: 'LineString', coordinates } }] };
}

/** Layers of theatre data as one collection, each shape in the turn of the map; the name of an area stands
    at its most northern corner. */
export function theatreGeoJson(layers: FeatureCollection[]): FeatureCollection {
  const drawn = layers.flatMap(({ features }) => features.map(inTurn));
  return { type: 'FeatureCollection', features: drawn.flatMap((feature) => [feature, ...areaName(feature)]) };
}

function areaName({ geometry, properties }: Feature): Feature[] {
  if (geometry.type !== 'Polygon' || !properties?.['name']) return [];
  const top = geometry.coordinates[0]!.reduce((best, corner) => (corner[1]! > best[1]! || (corner[1] === best[1] && corner[0]! < best[0]!) ? corner : best));
  return [{ type: 'Feature', properties, geometry: { type: 'Point', coordinates: top } }];
}

function inTurn(feature: Feature): Feature {
  const { geometry } = feature;
  if (geometry.type !== 'Polygon' && geometry.type !== 'LineString') return feature;
  const corners = geometry.type === 'Polygon' ? (geometry.coordinates[0] ?? []) : geometry.coordinates;
  const east = corners.reduce((most, [lon]) => Math.max(most, lon ?? most), -Infinity);
  const west = corners.reduce((least, [lon]) => Math.min(least, lon ?? least), Infinity);
  const turn = mapLongitude(east) - east === mapLongitude(west) - west ? mapLongitude(west) - west : 0;
  if (turn === 0) return feature;
  const moved = (ring: Position[]) => ring.map(([lon, lat]) => [lon! + turn, lat!]);
  return geometry.type === 'Polygon'
    ? { ...feature, geometry: { ...geometry, coordinates: geometry.coordinates.map(moved) } }
    : { ...feature, geometry: { ...geometry, coordinates: moved(geometry.coordinates) } };
}

function theatreLayers(palette: Palette, tongue: Tongue): LayerSpecification[] {
  const name: ExpressionSpecification = ['coalesce', ['get', tongue === 'ja' ? 'name_ja' : 'name'], ['get', 'name'], ''];
  // Whose claim a line is stands on the line itself: where claims compete, none is drawn bare.
  const told: ExpressionSpecification = ['case', ['has', 'claimed_by'], ['concat', name, ' — ', ['get', 'claimed_by']], name];
  return [
    {
      id: 'theatre-line', type: 'line', source: THEATRE, filter: ['!=', ['geometry-type'], 'Point'], layout: { 'line-join': 'round' },
      paint: { 'line-color': palette.dim, 'line-width': 1, 'line-dasharray': [1.5, 2.5], 'line-opacity': 0.9 },
    },
    {
      id: 'theatre-name', type: 'symbol', source: THEATRE, minzoom: 4, filter: ['==', ['geometry-type'], 'LineString'],
      layout: { 'text-field': told, 'text-font': FONT, 'text-size': 10.5, 'symbol-placement': 'line', 'text-max-angle': 30 },
      paint: { 'text-color': palette.dim, 'text-halo-color': palette.halo, 'text-halo-width': 1.2 },
    },
    {
      id: 'theatre-area-name', type: 'symbol', source: THEATRE, minzoom: 3, filter: ['==', ['geometry-type'], 'Point'],
      layout: { 'text-field': told, 'text-font': FONT, 'text-size': 10.5, 'text-anchor': 'bottom-left', 'text-max-width': 30 },
      paint: { 'text-color': palette.dim, 'text-halo-color': palette.halo, 'text-halo-width': 1.2 },
    },
  ];
}

function geojson(data: FeatureCollection | string): SourceSpecification {
  return { type: 'geojson', data, tolerance: 0.2, buffer: 32 };
}

function names(id: string, kinds: string[], palette: Palette, tongue: Tongue): LayerSpecification {
  const isSea = id === 'sea-names';
  return {
    id,
    type: 'symbol',
    source: 'places',
    filter: ['all', ['in', ['get', 'kind'], ['literal', kinds]], ['>=', ['+', ['zoom'], EARLY], ['get', 'zoom']]],
    layout: {
      'text-field': ['get', tongue],
      'text-font': FONT,
      'text-size': isSea
        ? ['interpolate', ['linear'], ['zoom'], 3, ['match', ['get', 'kind'], 'ocean', 13, 'sea', 11, 10], 8, ['match', ['get', 'kind'], 'ocean', 19, 'sea', 15, 12]]
        : ['match', ['get', 'kind'], 'city', 11.5, 'base', 11, 11],
      'text-letter-spacing': isSea ? (tongue === 'ja' ? 0.22 : 0.12) : 0.02,
      'text-max-width': 9,
      'text-padding': 6,
      'symbol-sort-key': ['get', 'rank'],
      'text-variable-anchor': isSea ? ['center'] : ['left', 'right', 'top', 'bottom'],
      'text-radial-offset': isSea ? 0 : 0.55,
      'text-justify': 'auto',
    },
    paint: {
      'text-color': isSea ? palette.seaName : palette.landName,
      'text-halo-color': isSea ? palette.sea : palette.halo,
      'text-halo-width': isSea ? 1 : 1.2,
    },
  };
}

function placeDots(palette: Palette): LayerSpecification {
  return {
    id: 'place-dots',
    type: 'circle',
    source: 'places',
    filter: ['all', ['in', ['get', 'kind'], ['literal', ['city', 'base']]], ['>=', ['+', ['zoom'], EARLY], ['get', 'zoom']]],
    paint: {
      'circle-radius': ['match', ['get', 'kind'], 'base', 2.4, 1.7],
      'circle-color': ['match', ['get', 'kind'], 'base', 'rgba(0,0,0,0)', palette.landName],
      'circle-stroke-color': palette.landName,
      'circle-stroke-width': ['match', ['get', 'kind'], 'base', 1.1, 0],
    },
  };
}

function zoneLayers(palette: Palette): LayerSpecification[] {
  return [
    { id: 'zone-fill', type: 'fill', source: ZONES, filter: ['==', ['geometry-type'], 'Polygon'], paint: { 'fill-color': palette.zone, 'fill-opacity': 0.05 } },
    {
      id: 'zone-line',
      type: 'line',
      source: ZONES,
      filter: ['==', ['geometry-type'], 'Polygon'],
      paint: { 'line-color': palette.zone, 'line-width': 1.2, 'line-dasharray': [4, 2.5], 'line-opacity': 0.85 },
    },
    {
      id: 'zone-name',
      type: 'symbol',
      source: ZONES,
      filter: ['has', 'name'],
      layout: {
        'text-field': ['get', 'name'],
        'text-font': FONT,
        'text-size': 11.5,
        'text-anchor': 'bottom-left',
        'text-offset': [0, -0.2],
        'text-max-width': 40,
        'text-allow-overlap': true,
      },
      paint: { 'text-color': palette.zone, 'text-halo-color': palette.sea, 'text-halo-width': 1.4 },
    },
  ];
}

/** The whole style. `tracks` is put in by the caller after it. */
export function basemap(palette: Palette, tongue: Tongue, places: Place[]): StyleSpecification {
  return {
    version: 8,
    sources: {
      land: geojson('/basemap/land.json'),
      coast: geojson('/basemap/coast.json'),
      grid: geojson('/basemap/graticule.json'),
      places: geojson(placesGeoJson(places)),
      [ZONES]: geojson(NO_FEATURES),
      [TRAIL]: geojson(NO_FEATURES),
      [THEATRE]: geojson(NO_FEATURES),
    },
    layers: [
      { id: 'sea', type: 'background', paint: { 'background-color': palette.sea } },
      {
        id: 'grid-fine', type: 'line', source: 'grid', minzoom: 6, filter: ['==', ['get', 'step'], 1],
        paint: { 'line-color': palette.grid, 'line-width': 0.6 },
      },
      {
        id: 'grid', type: 'line', source: 'grid', filter: ['==', ['get', 'step'], 5],
        paint: { 'line-color': palette.grid, 'line-width': 1.1 },
      },
      { id: 'land', type: 'fill', source: 'land', paint: { 'fill-color': palette.land, 'fill-antialias': false } },
      {
        id: 'coast', type: 'line', source: 'coast', layout: { 'line-join': 'round' },
        paint: { 'line-color': palette.coast, 'line-width': ['interpolate', ['linear'], ['zoom'], 3, 0.5, 8, 1.1] },
      },
      ...theatreLayers(palette, tongue),
      ...zoneLayers(palette),
      names('sea-names', ['ocean', 'sea', 'strait'], palette, tongue),
      names('land-names', ['island', 'cape', 'city', 'base'], palette, tongue),
      placeDots(palette),
      {
        id: 'trail', type: 'line', source: TRAIL, layout: { 'line-join': 'round', 'line-cap': 'round' },
        paint: { 'line-color': palette.trail, 'line-width': 1.6, 'line-opacity': 0.8 },
      },
    ],
  };
}
