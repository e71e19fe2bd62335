// Makes the indicative layers that a node ships: lines 12 and 24 nautical miles from the nearest coast of
// the basemap, and a fictitious air defence identification zone to try layers with. None is a legal
// boundary: no baseline, no strait with a narrower sea, no median line and no claim is in them.
//
//   node scripts/maritime.mjs [--if-missing]
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { polygons, THEATRE } from './basemap.mjs';
import { clipLine, clipRing, tidy } from './clip.mjs';
import { contour, distances, landwards, simplify } from './contour.mjs';

const OUT = join(dirname(fileURLToPath(import.meta.url)), '..', 'public', 'layers');
/** Coasts so far outside the theatre still count inside it, degrees. */
const MARGIN = 1;
const STEP = 1 / 60;
const TOLERANCE_NM = 0.06;
const NATURAL_EARTH = {
  licence: 'Public domain (Natural Earth)',
  source: 'Computed by the Renkei project from Natural Earth 1:10m land (npm world-atlas 2.0.2)',
};
const LINE_NOTE = {
  en: 'Every point is this far from the nearest coast of a 1:10,000,000 map. Indicative, not a legal boundary: not from baselines, small islands are missing, straits and claims are not considered.',
  ja: '縮尺1,000万分の1の地図における最寄りの海岸からの等距離線。参考表示（法的境界ではない）。基線によるものではなく、小島は含まれず、海峡・主張は考慮していない。',
};

function feature(geometry, properties) {
  return { type: 'Feature', properties, geometry };
}

function coastLines(levels) {
  const box = [THEATRE[0] - MARGIN, THEATRE[1] - MARGIN, THEATRE[2] + MARGIN, THEATRE[3] + MARGIN];
  const land = polygons('land-10m');
  const coast = land.flat().flatMap((ring) => clipLine(ring, box));
  const grid = distances(coast, box, STEP, Math.max(...levels) + 3);
  landwards(grid, land.map((rings) => rings.map((ring) => clipRing(ring, box)).filter((ring) => ring.length)));
  return levels.map((nm) => ({
    name: `coast-${nm}nm`,
    title: { en: `${nm} NM from the coast`, ja: `海岸から${nm}海里` },
    note: LINE_NOTE,
    ...NATURAL_EARTH,
    fictitious: false,
    features: contour(grid, nm)
      .map((line) => simplify(line, TOLERANCE_NM))
      .flatMap((line) => clipLine(line, THEATRE))
      .map((line) => tidy(line, 3))
      .filter((line) => line.length > 3)
      .map((line) => feature({ type: 'LineString', coordinates: line }, { name: `${nm} NM`, name_ja: `${nm}海里` })),
  }));
}

const SAMPLE = {
  name: 'sample-adiz',
  title: { en: 'FICTITIOUS sample ADIZ', ja: '架空の防空識別圏（見本）' },
  note: {
    en: 'An invented shape in the open ocean, to try how layers and competing claims look. It is no zone of any state.',
    ja: '表示を試すための架空の図形（外洋上）。いかなる国の区域でもない。',
  },
  licence: 'CC0-1.0',
  source: 'Invented by the Renkei project',
  fictitious: true,
  features: [
    feature(
      { type: 'Polygon', coordinates: [[[150, 31], [156, 31], [157, 35], [151, 36], [150, 31]]] },
      { name: 'FICTITIOUS: sample ADIZ', name_ja: '架空：見本の防空識別圏', claimed_by: 'Aland (invented)', note: 'shape invented' },
    ),
    feature(
      { type: 'Polygon', coordinates: [[[154, 32], [160, 32], [160, 37], [154, 37], [154, 32]]] },
      { name: 'FICTITIOUS: overlapping claim', name_ja: '架空：重複する主張', claimed_by: 'Bland (invented)', note: 'overlaps the sample ADIZ' },
    ),
  ],
};

function write(name, value) {
  const text = JSON.stringify(value);
  writeFileSync(join(OUT, `${name}.json`), text);
  console.log(`layers: ${name} ${(text.length / 1024).toFixed(0)} kB`);
}

if (process.argv.includes('--if-missing') && existsSync(join(OUT, 'index.json'))) process.exit(0);
mkdirSync(OUT, { recursive: true });
const layers = [...coastLines([12, 24]), SAMPLE];
for (const { name, features } of layers) write(name, { type: 'FeatureCollection', features });
write('index', { layers: layers.map(({ features, ...about }) => ({ ...about, shapes: features.length })) });
