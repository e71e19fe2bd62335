// Words and lines over the tracks, on a canvas of our own: names of what matters, the speed leader,
// the selection bracket, rings for distress and incidents. Redrawn with the map, never by itself.
import { Flag } from '../api/decode';
import type { Track } from '../api/types';
import { displayName, spokenAlias } from '../state/list';
import { freshnessOf, isPartnerOnly } from '../state/picture';
import { destination } from '../state/geo';
import { span } from '../state/time';
import type { Palette } from '../symbols/palette';
import { Claims } from './grid';
import type { Scene, SymbolMark } from './scene';

export interface Projection {
  /** Screen pixels of a position. */
  (latDeg: number, lonDeg: number): [number, number];
}

const FONT = '11.5px "Noto Sans JP", sans-serif';
const FONT_BOLD = '600 11.5px "Noto Sans JP", sans-serif';
const FONT_MONO = '10px "B612 Mono", "Noto Sans JP", monospace';
/** The leader shows where a thing would be after this long, in minutes. */
const LEADER_MIN: Partial<Record<string, number>> = { air: 3, surface: 30, land: 60 };
/** From this zoom on, background traffic is named too, as far as there is room. */
const NAME_ALL_ZOOM = 7.4;

/** Half of the room that a symbol keeps free of words, in pixels. */
const SYMBOL_HALF = 11;

interface Pen {
  c: CanvasRenderingContext2D;
  scene: Scene;
  palette: Palette;
  project: Projection;
  claims: Claims;
  width: number;
  height: number;
}

export function drawOverlay(
  c: CanvasRenderingContext2D, width: number, height: number, zoom: number,
  scene: Scene, symbols: SymbolMark[], palette: Palette, project: Projection,
): void {
  c.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  c.clearRect(0, 0, width, height);
  const pen: Pen = { c, scene, palette, project, claims: new Claims(), width, height };
  const ordered = [...symbols].sort((a, b) => weight(b, scene) - weight(a, scene));
  for (const mark of ordered) {
    ring(pen, mark);
    const [x, y] = at(pen, mark.row);
    pen.claims.reserve(x - SYMBOL_HALF, y - SYMBOL_HALF, 2 * SYMBOL_HALF, 2 * SYMBOL_HALF);
  }
  for (const mark of ordered) label(pen, mark.handle, mark.track, mark.row, mark.track.emergency ? 24 : 17);
  if (scene.hovered !== null && !symbols.some((mark) => mark.handle === scene.hovered)) named(pen, scene.hovered);
  if (zoom >= NAME_ALL_ZOOM) nameTheRest(pen, symbols);
}

function weight(mark: SymbolMark, scene: Scene): number {
  if (mark.track.number === scene.selected) return 4;
  if (mark.track.emergency) return 3;
  return scene.inIncident.has(mark.track.number) ? 2 : 1;
}

function at(pen: Pen, row: number): [number, number] {
  return pen.project(pen.scene.picture.lat[row]! / 1e6, pen.scene.picture.lon[row]! / 1e6);
}

function onScreen(pen: Pen, x: number, y: number): boolean {
  return x > -60 && y > -30 && x < pen.width + 60 && y < pen.height + 30;
}

function ring(pen: Pen, mark: SymbolMark): void {
  const { c, scene, palette } = pen;
  const [x, y] = at(pen, mark.row);
  if (!onScreen(pen, x, y)) return;
  if (!mark.hollow) leader(pen, mark, x, y);
  if (mark.track.emergency) {
    // Two rings, one wider in turn each second: the only thing on the map that moves by itself.
    const wide = Math.floor(scene.nowMs / 1000) % 2 === 0 ? 22 : 26;
    c.strokeStyle = palette.red;
    for (const [radius, line] of [[18, 2.2], [wide, 1.2]] as const) {
      c.lineWidth = line;
      c.beginPath();
      c.arc(x, y, radius, 0, 2 * Math.PI);
      c.stroke();
    }
  } else if (scene.inIncident.has(mark.track.number)) {
    c.strokeStyle = palette.amber;
    c.lineWidth = 1.6;
    c.beginPath();
    c.arc(x, y, 17.5, 0, 2 * Math.PI);
    c.stroke();
  }
  if (mark.track.number === scene.selected) bracket(pen, x, y, 22);
}

function bracket({ c, palette }: Pen, x: number, y: number, r: number): void {
  c.strokeStyle = palette.ink;
  c.lineWidth = 1.6;
  c.beginPath();
  for (const [sx, sy] of [[-1, -1], [1, -1], [1, 1], [-1, 1]] as const) {
    c.moveTo(x + sx * r, y + sy * (r - 7));
    c.lineTo(x + sx * r, y + sy * r);
    c.lineTo(x + sx * (r - 7), y + sy * r);
  }
  c.stroke();
}

function leader(pen: Pen, mark: SymbolMark, x: number, y: number): void {
  const motion = pen.scene.picture.motion(mark.handle);
  if (!motion || motion.courseDeg === null || !motion.speedKn) return;
  const miles = (motion.speedKn * (LEADER_MIN[mark.track.domain] ?? 0)) / 60;
  const [lat, lon] = destination(motion.latDeg, motion.lonDeg, motion.courseDeg, miles);
  const [ex, ey] = pen.project(lat, lon);
  const length = Math.hypot(ex - x, ey - y);
  if (length < 14) return;
  const from = 13 / length;
  pen.c.strokeStyle = pen.palette.affiliation[mark.affiliation] ?? pen.palette.dim;
  pen.c.lineWidth = 1.3;
  pen.c.beginPath();
  pen.c.moveTo(x + (ex - x) * from, y + (ey - y) * from);
  pen.c.lineTo(ex, ey);
  pen.c.stroke();
}

function words(pen: Pen, track: Track, row: number): { text: string; tag: string; old: string } {
  const { picture, nowMs } = pen.scene;
  const flags = picture.flags[row]!;
  const partnerOnly = isPartnerOnly(flags);
  const alias = spokenAlias(track);
  const name = displayName(track);
  const fresh = freshnessOf(flags) === 'live' && !pen.scene.frozen;
  const old = fresh ? '' : span(nowMs - (picture.baseMs + picture.time[row]! * 100));
  const tag = alias && alias !== name && (partnerOnly || track.number === pen.scene.selected || pen.scene.inIncident.has(track.number)) ? alias : '';
  return { text: name, tag, old };
}

function label(pen: Pen, handle: number, track: Track, row: number, offset: number): void {
  const [x, y] = at(pen, row);
  if (!onScreen(pen, x, y)) return;
  const { c, palette, scene } = pen;
  const { text, tag, old } = words(pen, track, row);
  const isBold = track.number === scene.selected || track.emergency;
  c.font = isBold ? FONT_BOLD : FONT;
  const textWidth = c.measureText(text).width;
  c.font = FONT_MONO;
  const second = [tag, old].filter(Boolean).join(' ');
  const width = Math.max(textWidth, second ? c.measureText(second).width : 0);
  const height = second ? 26 : 14;
  const sides: [number, number][] = [[x + offset, y - height / 2], [x - offset - width, y - height / 2], [x - width / 2, y + offset], [x - width / 2, y - offset - height]];
  const must = isBold || handle === scene.hovered || scene.inIncident.has(track.number);
  const place = sides.find(([px, py]) => pen.claims.take(px - 2, py - 1, width + 4, height + 2)) ?? (must ? sides[0] : null);
  if (!place) return;
  c.font = isBold ? FONT_BOLD : FONT;
  const distress = track.emergency;
  inked(pen, text, place[0], place[1] + 11, distress ? palette.red : palette.ink);
  if (!second) return;
  c.font = FONT_MONO;
  if (tag) inked(pen, tag, place[0], place[1] + 23, palette.dim);
  if (old) inked(pen, old, place[0] + (tag ? c.measureText(`${tag} `).width : 0), place[1] + 23, palette.amber);
}

function inked({ c, palette }: Pen, text: string, x: number, y: number, colour: string): void {
  c.lineJoin = 'round';
  c.lineWidth = 3;
  c.strokeStyle = palette.halo;
  c.strokeText(text, x, y);
  c.fillStyle = colour;
  c.fillText(text, x, y);
}

function named(pen: Pen, handle: number): void {
  const track = pen.scene.picture.tracks.get(handle);
  const row = pen.scene.picture.rowOf(handle);
  if (track && row !== undefined) label(pen, handle, track, row, 11);
}

function nameTheRest(pen: Pen, symbols: SymbolMark[]): void {
  const { picture, shown, hovered } = pen.scene;
  const done = new Set(symbols.map((mark) => mark.handle));
  let room = 160;
  for (let row = 0; row < picture.count && room > 0; row++) {
    const handle = picture.handle[row]!;
    if (done.has(handle) || handle === hovered || (shown && !shown.has(handle))) continue;
    if (picture.flags[row]! & Flag.lost) continue;
    const track = picture.tracks.get(handle);
    const [x, y] = at(pen, row);
    if (!track || x < 0 || y < 0 || x > pen.width || y > pen.height) continue;
    label(pen, handle, track, row, 11);
    room -= 1;
  }
}
