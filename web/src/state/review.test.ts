// A reviewer sees every field and every byte, and only another person at another desk decides.
import { describe, expect, it } from 'vitest';
import type { ReviewItem } from '../api/review';
import { session } from './fixtures';
import { fieldsOf, hexLines, mayReview, wanted } from './review';

const item: ReviewItem = {
  record: 'r', to: 'USA', kind: 'incident', title: { en: 'a', ja: 'あ' }, incident: 'i', review: 'two',
  reason: { en: 'b', ja: 'い' }, policy: 'p', asked_by: 'Mori', since_ms: 1, deadline_ms: 2, digest: 'd', bytes: 3,
  approvals: [],
};
const approved = { person: 'Ito', seat: 'release', at_ms: 1, until_ms: 2 };
const officer = session({ person: 'Abe', seat: 'commander', may: ['release'] });

describe('a record under review', () => {
  it('shows every field with its place and leaves none out', () => {
    expect(fieldsOf({ a: 1, b: { c: null, d: [true, 'x'], e: [] } })).toEqual([
      { path: 'a', value: '1' }, { path: 'b.c', value: '—' }, { path: 'b.d.1', value: 'true' },
      { path: 'b.d.2', value: 'x' }, { path: 'b.e', value: '—' },
    ]);
  });
  it('shows every byte once, sixteen to a line', () => {
    const hex = Array.from({ length: 17 }, (_, i) => i.toString(16).padStart(2, '0')).join('');
    const lines = hexLines(hex);
    expect(lines).toHaveLength(2);
    expect(lines[1]).toBe('0010  10');
    expect(lines.map((line) => line.slice(6).replaceAll(' ', '')).join('')).toBe(hex);
  });
  it('wants so many persons as have not yet approved', () => {
    expect([wanted(item), wanted({ ...item, approvals: [approved] }), wanted({ ...item, review: 'one' })]).toEqual([2, 1, 1]);
  });
  it('is decided only by another person, at another desk, whose seat may release', () => {
    expect(mayReview(officer, item).allowed).toBe(true);
    expect(mayReview({ ...officer, may: [] }, item).why).toBe('why-no-release');
    expect(mayReview({ ...officer, person: 'Mori' }, item).why).toBe('why-own-text');
    const once = { ...item, approvals: [approved] };
    expect(mayReview(officer, once).allowed).toBe(true);
    expect(mayReview({ ...officer, person: 'Ito' }, once).why).toBe('why-other-desk');
    expect(mayReview({ ...officer, seat: 'release' }, once).why).toBe('why-other-desk');
  });
});
