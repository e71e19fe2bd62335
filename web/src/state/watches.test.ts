// A watch and its track find each other by any name, and by nothing else.
import { expect, test } from 'vitest';
import type { Watch } from '../api/watches';
import { session, track } from './fixtures';
import { mayWatch, missed, trackOf, watchOf } from './watches';

const watch = (known_as: string[]): Watch => ({
  watch: 1, name: { en: 'a', ja: 'a' }, domain: 'surface', known_as, reason: 'drifts', by: 'Mori', seat: 'watch', since_ms: 0, until_ms: 1,
});

test('one name in common is enough, an alias too', () => {
  const of = (known_as: string[]) => watchOf([watch(['MMSI 1']), watch(known_as)], track(2))?.known_as;
  expect(of(['CoT x', 'MMSI 999000002'])).toEqual(['CoT x', 'MMSI 999000002']);
  expect(of(['J-0002'])).toEqual(['J-0002']);
  expect(of(['MMSI 999000001'])).toBeUndefined();
  expect(watchOf([], track(2))).toBeNull();
});

test('a track without an alias is nobody that is known by none', () => {
  expect(watchOf([watch([])], track(2, { own_alias: null }))).toBeNull();
  expect(trackOf(watch(['MMSI 999000003']), [track(1), track(2)])).toBeNull();
  expect(trackOf(watch(['MMSI 999000002']), [track(1), track(2)])?.number).toBe(2);
});

test('pairs that are not looked at in time are said, and nothing is said of the rest', () => {
  expect(missed(undefined)).toBeNull();
  expect(missed({ ships: 40, looked: 40, forgotten: 0 })).toBeNull();
  expect(missed({ ships: 10_000, looked: 200, forgotten: 0 })).toEqual({ round_s: 500, forgotten: 0 });
  expect(missed({ ships: 40, looked: 40, forgotten: 7 })).toEqual({ round_s: 10, forgotten: 7 });
});

test('who may not watch is told so', () => {
  expect(mayWatch(session({ may: ['offer'] }))).toEqual({ allowed: false, why: 'why-no-watch' });
  expect(mayWatch(session({ may: ['watch'] })).allowed).toBe(true);
});
