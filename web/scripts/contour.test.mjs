// The lines lie as far from the coast as they say, told by a great-circle distance that knows no grid.
import { describe, expect, it } from 'vitest';
import { contour, distances, landwards, simplify } from './contour.mjs';

const RAD = Math.PI / 180;
/** An island with a bay and a second one near it, at 35° N, closed rings. */
const ISLANDS = [
  [[139, 35], [139.6, 35], [139.6, 35.2], [139.3, 35.1], [139.6, 35.5], [139, 35.4], [139, 35]],
  [[140.1, 35.2], [140.3, 35.2], [140.2, 35.3], [140.1, 35.2]],
];
const BOX = [138, 34, 141.5, 36.5];

function haversineNm([ax, ay], [bx, by]) {
  const h = Math.sin(((by - ay) * RAD) / 2) ** 2 + Math.cos(ay * RAD) * Math.cos(by * RAD) * Math.sin(((bx - ax) * RAD) / 2) ** 2;
  return (2 * 6_371_008.8 * Math.asin(Math.sqrt(h))) / 1852;
}

/** Miles to the nearest of many points along the coast. */
function toCoast(point) {
  let least = Infinity;
  for (const ring of ISLANDS) {
    for (let i = 1; i < ring.length; i++) {
      for (let k = 0; k <= 100; k++) {
        const at = [0, 1].map((axis) => ring[i - 1][axis] + ((ring[i][axis] - ring[i - 1][axis]) * k) / 100);
        least = Math.min(least, haversineNm(point, at));
      }
    }
  }
  return least;
}

function lines(level) {
  const grid = distances(ISLANDS, BOX, 1 / 60, 27);
  landwards(grid, ISLANDS.map((ring) => [ring]));
  return contour(grid, level).map((line) => simplify(line, 0.06));
}

const errors = (level) => lines(level).flat().map((point) => Math.abs(toCoast(point) - level));

describe('lines at a distance from the coast', () => {
  for (const level of [12, 24]) {
    it(`lie ${level} miles from the nearest coast to a fifth of a mile`, () => {
      const found = errors(level);
      expect(found.length).toBeGreaterThan(20);
      expect(Math.max(...found)).toBeLessThan(0.2);
    });
  }
  it('are closed round islands and lie at sea', () => {
    for (const line of lines(12)) expect(line[0]).toEqual(line.at(-1));
    expect(lines(12)).toHaveLength(2);
    expect(lines(24)).toHaveLength(1);
  });
  it('a length of degree that forgets the latitude is found out', () => {
    const stretched = lines(12).flat().map(([x, y]) => [139.5 + (x - 139.5) / Math.cos(35 * RAD), y]);
    expect(Math.max(...stretched.map((point) => Math.abs(toCoast(point) - 12)))).toBeGreaterThan(1);
  });
});
