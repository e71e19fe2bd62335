// Which things lie near another one: what a person may take for the same thing.
import type { Track } from '../api/types';
import { distanceNm } from './geo';
import type { Picture } from './picture';

export interface Near {
  track: Track;
  distanceNm: number;
}

/** The nearest named things of the same domain, nearest first; none when it has no position itself. */
export function nearest(picture: Picture, handle: number, most: number): Near[] {
  const [here, self] = [picture.motion(handle), picture.tracks.get(handle)];
  if (!here || !self) return [];
  const near: Near[] = [];
  for (const track of picture.tracks.values()) {
    if (track.handle === handle || track.domain !== self.domain || !track.identities.length) continue;
    const there = picture.motion(track.handle);
    if (there) near.push({ track, distanceNm: distanceNm(here.latDeg, here.lonDeg, there.latDeg, there.lonDeg) });
  }
  return near.sort((a, b) => a.distanceNm - b.distanceNm || a.track.number - b.track.number).slice(0, most);
}
