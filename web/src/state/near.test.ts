// Which things lie near another, as a chooser lists them.
import { describe, expect, it } from 'vitest';
import { frame, track } from './fixtures';
import { nearest } from './near';
import { Picture } from './picture';

describe('nearest', () => {
  it('lists named things of the same domain by distance, and nothing of another', () => {
    const picture = new Picture();
    picture.reset(0);
    picture.applyTracks([track(1), track(2), track(3), track(4, { domain: 'air' }), track(5), track(6, { identities: [] })], []);
    const at = (number: number, lon: number) => ({ handle: number + 100, lat: 35e6, lon });
    picture.applyFrame(frame('snapshot', [at(1, 139e6), at(2, 139.2e6), at(3, 139.1e6), at(4, 139.01e6), at(6, 139.01e6)]));
    const names = nearest(picture, 101, 5).map((near) => near.track.number);
    expect(names).toEqual([3, 2]);
    expect(nearest(picture, 101, 1)[0]!.distanceNm).toBeCloseTo(4.92, 1);
    expect(nearest(picture, 105, 5)).toEqual([]);
  });
});
