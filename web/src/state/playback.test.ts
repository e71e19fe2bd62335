// The past as it is shown: never a later point than the moment, old ones as old, gone ones not at all.
import { describe, expect, it } from 'vitest';
import type { PastTrack } from '../api/past';
import { track } from './fixtures';
import { Recording } from './playback';

const NOON = 1_795_000_000_000;
const MINUTE = 60_000;

/** A ship that moves 0.01° north each minute. */
function way(number: number, from: number, to: number, over: Partial<PastTrack> = {}): PastTrack {
  const points: PastTrack['points'] = [];
  for (let m = from; m < to; m++) points.push([NOON + m * MINUTE, 25 + m / 100, 125, 0, 12.3]);
  return { number, domain: 'surface', held_by: 'own', points, told: null, ...over };
}

function recording(...pages: PastTrack[][]): Recording {
  const made = new Recording(NOON, NOON + 60 * MINUTE, MINUTE);
  pages.forEach((page) => made.add(page));
  return made;
}

describe('a recording', () => {
  it('shows each track at its last point before the moment, never at a later one', () => {
    const made = recording([way(1, 0, 10)], [way(1, 10, 20)]);
    expect(made.points).toBe(20);
    const picture = made.pictureAt(NOON + 12.5 * MINUTE, () => undefined);
    expect(picture.motion(1)).toMatchObject({ latDeg: 25.12, atMs: NOON + 12 * MINUTE, courseDeg: 0, speedKn: 12.3, freshness: 'live' });
    expect(made.pictureAt(NOON - 1, () => undefined).count).toBe(0);
  });
  it('shows a track that fell silent as stale, and later not at all', () => {
    const made = recording([way(1, 0, 10)]);
    const at = (minute: number) => made.pictureAt(NOON + minute * MINUTE, () => undefined).motion(1)?.freshness;
    expect([at(9), at(14), at(16), at(38), at(40)]).toEqual(['live', 'live', 'stale', 'stale', undefined]);
  });
  it('names what the live picture still names, and numbers the rest', () => {
    const made = recording([way(1, 0, 5), way(2, 0, 5, { domain: 'air', held_by: 'partner' })]);
    const picture = made.pictureAt(NOON + MINUTE, (n) => (n === 1 ? track(1, { affiliation: 'friend' }) : undefined));
    expect([picture.tracks.get(1)?.name, picture.tracks.get(2)?.name]).toEqual(['Ship 1', null]);
    const row = picture.rowOf(2)!;
    expect([picture.domain(row), picture.affiliation(row), picture.partnerOnly()]).toEqual(['air', 'unknown', 1]);
    expect(picture.affiliation(picture.rowOf(1)!)).toBe('friend');
  });
  it('calls a track what it was called then, whatever it is called now', () => {
    const told = (name: string) => ({ name, callsign: null, affiliation: 'suspect' as const, by: null, sidc: null, identities: ['MMSI 1'], attributes: {} });
    const made = recording([way(1, 0, 5, { told: told('Kaiyo') })], [way(1, 5, 9, { told: told('Kaiyo 2') })]);
    const at = (minute: number) => made.pictureAt(NOON + minute * MINUTE, () => track(1, { name: 'Kaiyo 3' })).tracks.get(1);
    expect([at(4)?.name, at(5)?.name, at(4)?.affiliation]).toEqual(['Kaiyo', 'Kaiyo 2', 'suspect']);
    expect(made.pictureAt(NOON + MINUTE, () => undefined).tracks.get(1)?.identities).toEqual(['MMSI 1']);
    const released = { ...track(1).release, exception: true };
    expect(made.pictureAt(NOON + MINUTE, () => track(1, { release: released })).tracks.get(1)?.release.exception).toBe(false);
  });
  it('gives the trail up to the moment, over page borders, and as long as asked', () => {
    const made = recording([way(1, 0, 30)], [way(1, 30, 60)]);
    const trail = made.trail(1, NOON + 40 * MINUTE, 30);
    expect([trail.length, trail[0], trail.at(-1)]).toEqual([31, [NOON + 10 * MINUTE, 25.1, 125], [NOON + 40 * MINUTE, 25.4, 125]]);
    expect(made.trail(9, NOON, 30)).toEqual([]);
  });
  it('of a track that both sides came to hold says both', () => {
    const made = recording([way(1, 0, 2)], [way(1, 2, 4, { held_by: 'partner' })]);
    const picture = made.pictureAt(NOON + 3 * MINUTE, () => undefined);
    expect(picture.flags[picture.rowOf(1)!]! & 12).toBe(12);
  });
});
