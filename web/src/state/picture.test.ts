// The picture: what snapshots, deltas and removals leave behind.
import { describe, expect, it } from 'vitest';
import { Picture, isHollow, isPartnerOnly } from './picture';
import { frame, track } from './fixtures';

function handles(picture: Picture): number[] {
  return [...picture.handle.slice(0, picture.count)].sort();
}

describe('the picture', () => {
  it('a snapshot replaces all motion, a delta only what it names', () => {
    const picture = new Picture();
    picture.applyFrame(frame('snapshot', [{ handle: 1 }, { handle: 2 }]));
    picture.applyFrame(frame('delta', [{ handle: 2, lat: 26_000_000 }, { handle: 3 }]));
    expect(handles(picture)).toEqual([1, 2, 3]);
    expect(picture.motion(2)?.latDeg).toBe(26);
    picture.applyFrame(frame('snapshot', [{ handle: 3 }]));
    expect(handles(picture)).toEqual([3]);
    expect(picture.motion(1)).toBeNull();
  });
  it('removal keeps every other track at its own motion', () => {
    const picture = new Picture();
    picture.applyTracks([track(1), track(2), track(3)], []);
    picture.applyFrame(frame('snapshot', [1, 2, 3].map((n) => ({ handle: n + 100, lat: n * 1_000_000 }))));
    picture.applyTracks([], [101]);
    expect(handles(picture)).toEqual([102, 103]);
    expect([picture.motion(102)?.latDeg, picture.motion(103)?.latDeg]).toEqual([2, 3]);
    expect([picture.byNumber(1), picture.byNumber(3)?.name]).toEqual([undefined, 'Ship 3']);
  });
  it('a thing is found under every number that was taken for it, until they part', () => {
    const picture = new Picture();
    const member = { number: 2, identities: ['CoT boat'] };
    picture.applyTracks([track(1), track(2)], []);
    picture.applyTracks([track(1, { one_with: [member] })], [102]);
    expect(picture.byNumber(2)?.number).toBe(1);
    picture.applyTracks([track(2), track(1)], []);
    expect(picture.byNumber(2)?.number).toBe(2);
    picture.applyTracks([track(1, { one_with: [member] })], []);
    picture.applyTracks([], [102, 101]);
    expect(picture.byNumber(2)).toBeUndefined();
  });
  it('grows beyond its first columns', () => {
    const picture = new Picture();
    picture.applyFrame(frame('snapshot', Array.from({ length: 3000 }, (_, handle) => ({ handle, lat: handle }))));
    expect(picture.count).toBe(3000);
    expect(picture.motion(2999)?.latDeg).toBeCloseTo(0.002999);
  });
  it('says nothing where nothing was said', () => {
    const picture = new Picture();
    picture.reset(1_000_000);
    picture.applyFrame(frame('snapshot', [{ handle: 1, course: 65535, speed: 65535, time: 25 }]));
    expect(picture.motion(1)).toMatchObject({ courseDeg: null, speedKn: null, atMs: 1_002_500 });
  });
  it('a new handle for a number wins over the old one', () => {
    const picture = new Picture();
    picture.applyTracks([track(1)], []);
    picture.applyTracks([{ ...track(1), handle: 500, name: 'New' }], [101]);
    expect(picture.byNumber(1)?.name).toBe('New');
  });
});

describe('hollow', () => {
  const live = { linkDown: false, frozen: false };
  it.each([
    ['a live own track', 0b00100, live, false],
    ['a stale track', 0b00101, live, true],
    ['a lost track', 0b00110, live, true],
    ['a partner track while the link is up', 0b01000, live, false],
    ['a partner track while the link is down', 0b01000, { linkDown: true, frozen: false }, true],
    ['a track of both while the link is down', 0b01100, { linkDown: true, frozen: false }, false],
    ['anything when the node is silent', 0b00100, { linkDown: false, frozen: true }, true],
  ])('%s', (_, flags, silence, expected) => {
    expect(isHollow(flags, silence)).toBe(expected);
  });
  it('own reports make a track ours', () => {
    expect([isPartnerOnly(0b1000), isPartnerOnly(0b1100), isPartnerOnly(0b0100)]).toEqual([true, false, false]);
  });
});
