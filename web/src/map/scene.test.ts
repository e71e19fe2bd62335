// The rules of drawing: what becomes a symbol, what a mark, what is hollow, hidden or violet.
import { describe, expect, it } from 'vitest';
import { Picture } from '../state/picture';
import { frame, track } from '../state/fixtures';
import { paletteOf } from '../symbols/palette';
import { ScreenGrid, Claims } from './grid';
import { matrixOf } from './layer';
import { ANCHOR, pack, packSymbols, WORLD_PX, type Scene } from './scene';
import { MARK_BYTES, MarkBit } from './shaders';
import { zonesGeoJson, basemap } from './style';

const code = (sidc: string | null, domain: string, affiliation: string) => `${sidc}|${domain}|${affiliation}`;

function scene(over: Partial<Scene> = {}): Scene {
  const picture = new Picture();
  picture.applyTracks([
    track(1), track(2, { attributes: { cot_type: 'a-f-G' } }), track(3, { emergency: true }), track(4),
    track(5, { release: { ...track(5).release, exception: true } }), track(6, { held_by: 'partner' }),
  ], []);
  picture.applyFrame(frame('snapshot', [1, 2, 3, 4, 5, 6].map((n) => ({ handle: n + 100, lon: 125_000_000 + n * 100_000, flags: (n === 6 ? 8 : 4) | (4 << 6) }))));
  return {
    picture, shown: null, inIncident: new Set(), selected: null, hovered: null, linkDown: false, frozen: false, zones: [], trail: [],
    nowMs: 0, ...over,
  };
}

function bitsOf(s: Scene): number[] {
  const { marks, markCount } = pack(s, paletteOf('dark'), code, 9);
  const bytes = new Uint8Array(marks);
  return Array.from({ length: markCount }, (_, i) => bytes[i * MARK_BYTES + 17]!);
}

describe('symbols', () => {
  const symbolsOf = (s: Scene) => pack(s, paletteOf('dark'), code, 9).symbols.map((mark) => mark.track.number);
  it('are for units and emergencies; traffic stays a mark', () => {
    expect(symbolsOf(scene()).sort()).toEqual([2, 3]);
  });
  it('are for the selected track and for those in incidents too', () => {
    expect(symbolsOf(scene({ selected: 1, inIncident: new Set([4]) })).sort()).toEqual([1, 2, 3, 4]);
  });
  it('that would lie on one another give way, but never what matters', () => {
    const far = (s: Scene) => pack(s, paletteOf('dark'), code, 4).symbols.map((mark) => mark.track.number);
    expect([far(scene()), far(scene({ selected: 2 }))]).toEqual([[3], [2, 3]]);
    expect(pack(scene(), paletteOf('dark'), code, 4).markCount).toBe(5);
  });
  it('are packed with their cell', () => {
    const s = scene();
    const { symbols } = pack(s, paletteOf('dark'), code, 9);
    const floats = packSymbols(symbols, s, () => 9);
    expect([floats.length, floats[2], floats[6]]).toEqual([8, 9, 9]);
  });
});

describe('marks', () => {
  it('are violet for an exception and bracketed for the partner only', () => {
    expect(bitsOf(scene())).toEqual([0, 0, MarkBit.violet, MarkBit.partner]);
  });
  it('of the partner are hollow when the link is down', () => {
    expect(bitsOf(scene({ linkDown: true }))).toEqual([0, 0, MarkBit.violet, MarkBit.partner | MarkBit.hollow]);
  });
  it('are all hollow when the node is silent', () => {
    expect(bitsOf(scene({ frozen: true })).every((bits) => bits & MarkBit.hollow)).toBe(true);
  });
  it('that a filter hides are not drawn', () => {
    expect(pack(scene({ shown: new Set([101]) }), paletteOf('dark'), code, 9).markCount).toBe(1);
  });
  it('without a name yet are drawn all the same', () => {
    const s = scene();
    s.picture.applyFrame(frame('delta', [{ handle: 999 }]));
    expect(pack(s, paletteOf('dark'), code, 9).markCount).toBe(5);
  });
});

describe('the pointer', () => {
  it('finds the nearest, and what matters before what is merely nearer', () => {
    const grid = new ScreenGrid([{ handle: 1, x: 100, y: 100, weight: 0 }, { handle: 2, x: 106, y: 100, weight: 8 }]);
    expect([grid.at(101, 100, 20)?.handle, grid.at(100, 88, 13)?.handle, grid.at(300, 300, 20)]).toEqual([2, 1, null]);
  });
  it('works across cells and left of the screen', () => {
    const grid = new ScreenGrid([{ handle: 1, x: -1, y: -1, weight: 0 }]);
    expect(grid.at(2, 2, 10)?.handle).toBe(1);
  });
});

it('labels never share room', () => {
  const claims = new Claims();
  claims.reserve(0, 0, 10, 10);
  expect([claims.take(5, 5, 10, 10), claims.take(10, 0, 10, 10), claims.take(12, 4, 2, 2)]).toEqual([false, true, false]);
});

it('a zone is closed, and its name stands at its north-west', () => {
  const zone = { id: 'z', name: { en: 'Zone', ja: '区域' }, owner: 'JPN', ring: [[24, 125], [25, 125], [25, 126]] as [number, number][], holes: [] };
  const { features } = zonesGeoJson([zone], 'ja');
  expect(features.map((f) => f.geometry)).toEqual([
    { type: 'Polygon', coordinates: [[[125, 24], [125, 25], [126, 25], [125, 24]]] },
    { type: 'Point', coordinates: [125, 25] },
  ]);
  expect(features[1]?.properties).toEqual({ name: 'J  区域' });
  const both = zonesGeoJson([zone, { ...zone, id: 'y', owner: 'USA' }], 'en').features;
  expect([both.length, both[1]?.properties]).toEqual([2, { name: 'J·U  Zone' }]);
});

it('the basemap asks no other host for anything and draws no border', () => {
  const text = JSON.stringify(basemap(paletteOf('dark'), 'en', []));
  expect(text).not.toMatch(/https?:|glyphs|sprite|border|boundary/);
});

it('the centre of the map lies in the middle of the screen, and a pixel to the east is a pixel to the right', () => {
  const worldPx = WORLD_PX * 2 ** 9;
  const [x, y] = [ANCHOR[0] + 0.01, ANCHOR[1] - 0.02];
  const m = matrixOf({ x, y, worldPx, zoom: 9, widthPx: 800, heightPx: 600 });
  const clip = (mx: number, my: number) => [m[0]! * (mx - ANCHOR[0]) + m[12]!, m[5]! * (my - ANCHOR[1]) + m[13]!];
  const [cx, cy] = clip(x, y);
  expect([cx, cy].map((v) => Math.abs(v!) < 1e-3)).toEqual([true, true]);
  const [ex, ey] = clip(x + 1 / worldPx, y + 1 / worldPx);
  expect([(ex! - cx!) * 400, (ey! - cy!) * 300].map((v) => v.toFixed(2))).toEqual(['1.00', '-1.00']);
});
