// What the map is asked to draw, and how it becomes numbers for the graphics card. Pure: the same
// picture and the same questions give the same buffers, so the rules of drawing are tested here.
import { Flag, NO_COURSE } from '../api/decode';
import type { Affiliation, Domain, Track, ZoneView } from '../api/types';
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

/** Splits the picture into marks and symbols and packs the marks; lost first, so that live lies on top. */
export function pack(scene: Scene, palette: Palette, codeFor: CodeFor): Buffers {
  const { picture } = scene;
  const marks = new ArrayBuffer(picture.count * MARK_BYTES);
  const floats = new Float32Array(marks);
  const bytes = new Uint8Array(marks);
  const symbols: SymbolMark[] = [];
  const colours = new Map<Affiliation, [number, number, number]>();
  let n = 0;
  for (const row of drawingOrder(picture)) {
    const handle = picture.handle[row]!;
    if (scene.shown && !scene.shown.has(handle)) continue;
    const flags = picture.flags[row]!;
    const affiliation = picture.affiliation(row);
    const domain: Domain = picture.domain(row);
    const track = picture.tracks.get(handle);
    if (track && isSymbol(track, scene)) {
      const code = codeFor(track.sidc, domain, affiliation);
      symbols.push({ handle, row, track, code, affiliation, hollow: isHollow(flags, scene) });
      continue;
    }
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
    bytes[byte + 4] = Shape[domain];
    bytes[byte + 5] = styleBits(flags, track, scene);
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
