// What the map is asked to draw, and how it becomes numbers for the graphics card. Pure: the same
// picture and the same questions give the same buffers, so the rules of drawing are tested here.
import { Flag, NO_COURSE } from '../api/decode';
import type { Affiliation, Track, ZoneView } from '../api/types';
import { isUnit } from '../state/list';
import { isHollow, isPartnerOnly, type Picture } from '../state/picture';
import { mercator } from '../state/geo';
import { rgb, type Palette } from '../symbols/palette';
import { Shape } from '../symbols/marks';
import { MARK_BYTES, MarkBit, SPRITE_FLOATS } from './shaders';

/** One question to the map, renewed each second and at each change. */
export interface Scene {
  picture: Picture;
  /** Handles to draw; null = all. */
  shown: ReadonlySet<number> | null;
  /** Track numbers that an open incident is about. */
  inIncident: ReadonlySet<number>;
  selected: number | null;
  hovered: number | null;
  /** The partner's reports no longer come: its tracks are old. */
  linkDown: boolean;
  /** Our own node no longer answers: everything is old. */
  frozen: boolean;
  zones: ZoneView[];
  /** Past positions of the selected track: time, latitude, longitude. */
  trail: [number, number, number][];
  nowMs: number;
}

/** The mercator point that positions are taken from, so that 32-bit floats keep them sharp. */
export const ANCHOR = mercator(26, 127);

/** Whether a track is drawn as a full symbol; the rest are small marks. */
export function isSymbol(track: Track | undefined, scene: Scene): boolean {
  if (!track) return false;
  return (
    isUnit(track) || track.emergency || track.number === scene.selected ||
    scene.inIncident.has(track.number)
  );
}

export interface SymbolMark {
  handle: number;
  row: number;
  track: Track;
  code: string;
  affiliation: Affiliation;
  hollow: boolean;
}

export interface Buffers {
  marks: ArrayBuffer;
  markCount: number;
  symbols: SymbolMark[];
}

type CodeFor = (sidc: string | null, domain: string, affiliation: string) => string;

/** Symbols nearer than this on the screen lie on one another; the lesser one becomes a mark. */
const ROOM_PX = 22;
/** Pixels of the whole world at zoom 0. */
export const WORLD_PX = 512;

/** The order in which symbols claim their room. */
function claim(track: Track, scene: Scene): number {
  if (track.number === scene.selected) return 0;
  if (track.emergency) return 1;
  if (scene.inIncident.has(track.number)) return 2;
  return track.domain === 'land' || track.domain === 'installation' ? 4 : 3;
}

/** The tracks that are drawn as symbols: all that deserve it, thinned to what has room at `zoom`. */
function symbolsOf(scene: Scene, codeFor: CodeFor, zoom: number): SymbolMark[] {
  const { picture } = scene;
  const wanted: [number, SymbolMark][] = [];
  for (const track of picture.tracks.values()) {
    const row = picture.rowOf(track.handle);
    if (row === undefined || !isSymbol(track, scene) || (scene.shown && !scene.shown.has(track.handle))) continue;
    const affiliation = picture.affiliation(row);
    const code = codeFor(track.sidc, picture.domain(row), affiliation);
    const hollow = isHollow(picture.flags[row]!, scene);
    wanted.push([claim(track, scene), { handle: track.handle, row, track, code, affiliation, hollow }]);
  }
  wanted.sort(([a, x], [b, y]) => a - b || x.track.number - y.track.number);
  const room = ROOM_PX / (WORLD_PX * 2 ** zoom);
  const taken: [number, number][] = [];
  return wanted.flatMap(([order, mark]) => {
    const [x, y] = mercator(picture.lat[mark.row]! / 1e6, picture.lon[mark.row]! / 1e6);
    if (order > 2 && taken.some(([ox, oy]) => Math.abs(ox - x) < room && Math.abs(oy - y) < room)) return [];
    taken.push([x, y]);
    return [mark];
  });
}

/** Splits the picture into marks and symbols and packs the marks; lost first, so that live lies on top. */
export function pack(scene: Scene, palette: Palette, codeFor: CodeFor, zoom: number): Buffers {
  const { picture } = scene;
  const symbols = symbolsOf(scene, codeFor, zoom);
  const asSymbol = new Set(symbols.map((mark) => mark.row));
  const marks = new ArrayBuffer(picture.count * MARK_BYTES);
  const floats = new Float32Array(marks);
  const bytes = new Uint8Array(marks);
  const colours = new Map<Affiliation, [number, number, number]>();
  let n = 0;
  for (const row of drawingOrder(picture)) {
    const handle = picture.handle[row]!;
    if (asSymbol.has(row) || (scene.shown && !scene.shown.has(handle))) continue;
    const flags = picture.flags[row]!;
    const affiliation = picture.affiliation(row);
    let colour = colours.get(affiliation);
    if (!colour) colours.set(affiliation, (colour = rgb(palette.affiliation[affiliation] ?? palette.dim)));
    const [x, y] = mercator(picture.lat[row]! / 1e6, picture.lon[row]! / 1e6);
    const course = picture.course[row]!;
    const at = n * (MARK_BYTES / 4);
    floats[at] = x - ANCHOR[0];
    floats[at + 1] = y - ANCHOR[1];
    floats[at + 2] = course === NO_COURSE ? -100 : (course / 100) * (Math.PI / 180);
    const byte = n * MARK_BYTES + 12;
    for (let i = 0; i < 3; i++) bytes[byte + i] = Math.round(colour[i]! * 255);
    bytes[byte + 3] = 255;
    bytes[byte + 4] = Shape[picture.domain(row)];
    bytes[byte + 5] = styleBits(flags, picture.tracks.get(handle), scene);
    n += 1;
  }
  return { marks, markCount: n, symbols };
}

function styleBits(flags: number, track: Track | undefined, scene: Scene): number {
  return (
    (isHollow(flags, scene) ? MarkBit.hollow : 0) |
    (flags & Flag.lost ? MarkBit.faint : 0) |
    (isPartnerOnly(flags) ? MarkBit.partner : 0) |
    (track?.release.exception ? MarkBit.violet : 0)
  );
}

function* drawingOrder(picture: Picture): Generator<number> {
  for (let row = 0; row < picture.count; row++) if (picture.flags[row]! & Flag.lost) yield row;
  for (let row = 0; row < picture.count; row++) if (!(picture.flags[row]! & Flag.lost)) yield row;
}

/** Packs symbols for the sprite program; `cellOf` places each in the atlas. */
export function packSymbols(symbols: SymbolMark[], scene: Scene, cellOf: (mark: SymbolMark) => number): Float32Array {
  const floats = new Float32Array(symbols.length * SPRITE_FLOATS);
  symbols.forEach((mark, i) => {
    const { picture } = scene;
    const flags = picture.flags[mark.row]!;
    const [x, y] = mercator(picture.lat[mark.row]! / 1e6, picture.lon[mark.row]! / 1e6);
    floats.set([x - ANCHOR[0], y - ANCHOR[1], cellOf(mark), styleBits(flags, mark.track, scene)], i * SPRITE_FLOATS);
  });
  return floats;
}
