// Makes the offline basemap from registry packages: Natural Earth 10m land clipped to the western
// Pacific, the 110m world round it, coast lines and a graticule. Coastline only: no border is
// drawn, because a line on the map is each node's own statement.
//
//   node scripts/basemap.mjs [--if-missing]
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { feature } from 'topojson-client';
import { clipLine, clipRing, tidy } from './clip.mjs';

export const THEATRE = [104, 8, 162, 58];
const WORLD = [-180, -80, 180, 84];
const AROUND = [
  [WORLD[0], WORLD[1], THEATRE[0], WORLD[3]],
  [THEATRE[2], WORLD[1], WORLD[2], WORLD[3]],
  [THEATRE[0], WORLD[1], THEATRE[2], THEATRE[1]],
  [THEATRE[0], THEATRE[3], THEATRE[2], WORLD[3]],
];
const OUT = join(dirname(fileURLToPath(import.meta.url)), '..', 'public', 'basemap');
const FILES = ['land.json', 'coast.json', 'graticule.json'];

/** The land of a file of `world-atlas`, as polygons of rings. */
export function polygons(name) {
  const path = createRequire(import.meta.url).resolve(`world-atlas/${name}.json`);
  const topology = JSON.parse(readFileSync(path, 'utf8'));
  const collection = feature(topology, topology.objects.land);
  return collection.features.flatMap(({ geometry }) =>
    geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates,
  );
}

/** A ring as lines without the edges along 180°, where the data is cut and no coast is. */
function withoutSeam(ring) {
  const lines = [[ring[0]]];
  for (let i = 1; i < ring.length; i++) {
    const isSeam = Math.abs(ring[i - 1][0]) > 179.999 && Math.abs(ring[i][0]) > 179.999;
    if (isSeam) lines.push([ring[i]]);
    else lines.at(-1).push(ring[i]);
  }
  return lines;
}

function clipped(source, box, digits) {
  const land = [];
  const coast = [];
  for (const rings of source) {
    const [outer, ...holes] = rings.map((ring) => tidy(clipRing(ring, box), digits));
    if (outer.length < 4) continue;
    land.push([outer, ...holes.filter((hole) => hole.length >= 4)]);
    for (const ring of rings) {
      const lines = withoutSeam(ring).flatMap((line) => clipLine(line, box));
      coast.push(...lines.map((line) => tidy(line, digits)).filter((l) => l.length > 1));
    }
  }
  return { land, coast };
}

function graticule(step) {
  const lines = [];
  for (let lon = 90; lon <= 220; lon += step) lines.push([[lon, -20], [lon, 70]]);
  for (let lat = -20; lat <= 70; lat += step) lines.push([[90, lat], [220, lat]]);
  return lines;
}

function write(name, geometries) {
  const features = geometries.map(({ type, coordinates, properties = {} }) => ({
    type: 'Feature', properties, geometry: { type, coordinates },
  }));
  const text = JSON.stringify({ type: 'FeatureCollection', features });
  writeFileSync(join(OUT, name), text);
  console.log(`basemap: ${name} ${(text.length / 1024).toFixed(0)} kB`);
}

function make() {
  mkdirSync(OUT, { recursive: true });
  const parts = [clipped(polygons('land-10m'), THEATRE, 3)];
  const world = polygons('land-110m');
  for (const box of AROUND) parts.push(clipped(world, box, 2));
  write('land.json', parts.flatMap(({ land }) => land.map((c) => ({ type: 'Polygon', coordinates: c }))));
  write('coast.json', parts.map(({ coast }) => ({ type: 'MultiLineString', coordinates: coast })));
  write('graticule.json', [
    { type: 'MultiLineString', coordinates: graticule(5), properties: { step: 5 } },
    { type: 'MultiLineString', coordinates: graticule(1), properties: { step: 1 } },
  ]);
}

const isHere = FILES.every((name) => existsSync(join(OUT, name)));
if (process.argv[1] === fileURLToPath(import.meta.url) && !(process.argv.includes('--if-missing') && isHere)) make();
