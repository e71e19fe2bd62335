// Times, positions and addresses as people read them.
import { describe, expect, it } from 'vitest';
import { clockJst, dtg, dtgJst, dtgShort, gap, ServerClock, span } from './time';
import { destination, distanceNm, formatPosition, mgrs } from './geo';
import { readPlace, START, writePlace } from './url';
import { LinkWatch, stacked, ticksBetween, type Mark } from './timeline';
import { Memory, sparkline } from './rates';

const AT = Date.UTC(2026, 10, 22, 6, 28, 14);

describe('time', () => {
  it('is a date-time group in Zulu and in Japan', () => {
    expect([dtg(AT), dtgShort(AT), dtgJst(AT), clockJst(AT)]).toEqual(['220628ZNOV26', '220628Z', '221528INOV26', '15:28:14']);
  });
  it('the Japanese date may be tomorrow', () => {
    expect(dtgJst(Date.UTC(2026, 11, 31, 20, 0))).toBe('010500IJAN27');
  });
  it.each([[-5, '0s'], [59_999, '59s'], [60_000, '1m00s'], [3_599_000, '59m59s'], [3_840_000, '1h04m'], [86_400_000 * 3, '3d']])('a span of %i ms reads %s', (ms, text) => {
    expect(span(ms)).toBe(text);
  });
  it('a gap has a sign', () => {
    expect([gap(0, 42_000), gap(65_000, 0)]).toEqual(['+42s', '−1m05s']);
  });
  it('a delayed message does not move the clock', () => {
    const clock = new ServerClock();
    clock.heard(10_000, 1_000);
    clock.heard(11_000, 4_000);
    expect(clock.now(4_000)).toBeGreaterThan(12_900);
  });
  it('a clock that is set back is followed in the end', () => {
    const clock = new ServerClock();
    clock.heard(10_000, 1_000);
    for (let i = 0; i < 500; i++) clock.heard(i * 100, 1_000 + i * 100);
    expect(clock.now(51_000)).toBeLessThan(51_000);
  });
});

describe('a position', () => {
  it.each([
    ['dms', '24°48′00″N 125°17′00″E'],
    ['decimal', '24.8000, 125.2833'],
  ] as const)('in %s', (style, text) => {
    expect(formatPosition(24.8, 125.28333, style)).toBe(text);
  });
  it('in MGRS agrees with another implementation', () => {
    // Values of npm `mgrs` 3.
    const points: [number, number][] = [[35.6586, 139.7454], [26.3557, 127.7676], [24.8, 125.283], [-33.86, 151.2], [43.1, 131.9]];
    expect(points.map(([lat, lon]) => mgrs(lat, lon).replaceAll(' ', ''))).toEqual(
      ['54SUE864468', '52RCQ770156', '51RYH307447', '56HLH334519', '52TGN359760'],
    );
  });
  it('moves and measures to match', () => {
    const [lat, lon] = destination(25, 125, 60, 30);
    expect(distanceNm(25, 125, lat, lon)).toBeCloseTo(30, 6);
  });
});

describe('the address', () => {
  it('carries a place there and back', () => {
    const place = { ...START, screen: 'incidents' as const, zoom: 6.25, latDeg: 25.1, lonDeg: 126.3, track: 12, incident: 'JPN/exercise:x/0/41', text: '丸 a&b', filters: ['air' as const] };
    expect(readPlace(writePlace(place))).toEqual(place);
  });
  it('without anything is empty', () => {
    expect(writePlace(START)).toBe('');
    expect(readPlace('')).toEqual(START);
  });
  it('leaves out what is absurd', () => {
    expect(readPlace('#s=root&z=999&lat=abc&lon=190&t=-1&f=x.air&q=')).toEqual({ ...START, filters: ['air'] });
  });
});

describe('the timeline', () => {
  const link = (state: 'up' | 'down', since_ms: number) => ({ partner: 'USA', state, since_ms, lag_ms: null, queued: [], as_of_ms: null, last_error: null });
  it('remembers each span without a link once', () => {
    const watch = new LinkWatch();
    watch.heard(link('up', 0), 10);
    watch.heard(link('down', 20), 25);
    watch.heard(link('down', 20), 35);
    watch.heard(link('up', 50), 55);
    expect(watch.spans).toEqual([{ fromMs: 20, toMs: 50 }]);
  });
  it('has its ticks at whole steps', () => {
    expect(ticksBetween(7, 31, 10)).toEqual([10, 20, 30]);
  });
  it('sets marks that lie together above one another', () => {
    const marks = [0, 5, 9, 40].map((atMs): Mark => ({ atMs, kind: 'alert', incident: null }));
    expect(stacked(marks, (mark) => mark.atMs, 13).map(([, lane]) => lane)).toEqual([0, 1, 2, 0]);
  });
  it('keeps only the latest rates', () => {
    const memory = new Memory(3);
    [1, 2, 3, 4].forEach((value) => memory.add('feed', value));
    expect(memory.of('feed')).toEqual([2, 3, 4]);
    expect(sparkline(memory.of('feed'), 20, 10, 3)).toBe('M0.0 5.5L10.0 3.3L20.0 1.0');
    expect(sparkline([1], 20, 10, 3)).toBe('');
  });
});
