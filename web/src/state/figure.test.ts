// Every unit that a figure travels in is written as a watch speaks it.
import { expect, it } from 'vitest';
import { threshold, written } from './figure';

it('each unit is written as it is spoken', () => {
  const of = (name: string, value: number) => written({ name, value });
  expect(of('for_ms', 7_200_000)).toBe('120 min');
  expect(of('for_ms', 30_000)).toBe('30 s');
  expect(of('speed_ckn', 150)).toBe('1.5 kn');
  expect(of('distance_m', 500)).toBe('500 m');
  expect(of('offshore_m', 37_040)).toBe('20.0 NM');
  expect(of('turn_deg', 45)).toBe('45°');
  expect(of('part_percent', 10)).toBe('10 %');
  expect(of('neighbours', 3)).toBe('3');
  expect(of('squawk', 7700)).toBe('7700');
});

it('a threshold says on which side of it the rule rings', () => {
  expect(threshold({ name: 'distance_m', value: 500 })).toBe('< 500 m');
  expect(threshold({ name: 'for_ms', value: 7_200_000 })).toBe('≥ 120 min');
  expect(threshold({ name: 'open_deg', value: 200 })).toBe('≤ 200°');
});
