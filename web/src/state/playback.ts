// The past as this browser holds it: pages of the node's history go in, the picture and the trails of
// any moment come out. Pure. The picture is of the same kind as the live one, so that the map draws
// both the same way.
import { NO_COURSE, NO_SPEED, type Frame } from '../api/decode';
import type { PastTrack, ToldOfTrack } from '../api/past';
import type { Track } from '../api/types';
import { Picture } from './picture';

/** Time, latitude, longitude: a point of a trail. */
export type TrailPoint = [number, number, number];

/** A track whose last point is older than this is shown as stale … */
const STALE_MS = 6 * 60_000;
/** … and is no longer shown after so long; both are never below a few steps. */
const GONE_MS = 30 * 60_000;
/** Points that one recording holds, about 60 MB: beyond it a shorter window must be chosen. */
export const POINTS_MAX = 600_000;
const STALE = 1;
const OWN = 4;
const PARTNER = 8;
const DOMAINS = ['surface', 'air', 'land', 'installation', 'other'];
const AFFILIATIONS = ['pending', 'unknown', 'assumed_friend', 'friend', 'neutral', 'suspect', 'hostile'];

interface Way {
  number: number;
  domain: string;
  heldBy: string;
  points: PastTrack['points'];
  /** What was told of it, each from the first point of its page on. */
  told: [number, ToldOfTrack][];
}

export class Recording {
  points = 0;
  #ways = new Map<number, Way>();

  constructor(readonly fromMs: number, readonly toMs: number, readonly stepMs: number) {}

  get tracks(): number {
    return this.#ways.size;
  }

  /** Adds one page; pages come in the order of time. */
  add(tracks: PastTrack[]): void {
    for (const { number, domain, held_by: heldBy, points, told } of tracks) {
      const way = this.#ways.get(number);
      const page: Way['told'] = told ? [[points[0]?.[0] ?? this.fromMs, told]] : [];
      if (way) {
        way.points.push(...points);
        if (way.heldBy !== heldBy) way.heldBy = 'both';
        way.domain = domain;
        way.told.push(...page);
      } else this.#ways.set(number, { number, domain, heldBy, points: [...points], told: page });
      this.points += points.length;
    }
  }

  /** The points of a track's way in the last `minutes` before `shownMs`, oldest first. */
  trail(number: number, shownMs: number, minutes: number): TrailPoint[] {
    const points = this.#ways.get(number)?.points ?? [];
    const end = countUntil(points, shownMs);
    const begin = countUntil(points, shownMs - minutes * 60_000 - 1);
    return points.slice(begin, end).map(([t, lat, lon]) => [t, lat, lon]);
  }

  /** The picture of `shownMs`. A track is called what it was called then; where nothing of that was kept,
      what `live` knows of it now. */
  pictureAt(shownMs: number, live: (number: number) => Track | undefined): Picture {
    const picture = new Picture();
    picture.reset(this.fromMs - GONE_MS);
    const gone = Math.max(GONE_MS, 3 * this.stepMs);
    const shown: [Way, PastTrack['points'][number]][] = [];
    for (const way of this.#ways.values()) {
      const point = way.points[countUntil(way.points, shownMs) - 1];
      if (point && shownMs - point[0] <= gone) shown.push([way, point]);
    }
    const known = (way: Way): Track => ({ ...(live(way.number) ?? nameless(way)), ...toldAt(way, shownMs), release: NOT_KEPT });
    const tracks = shown.map(([way]) => ({ ...known(way), handle: way.number, emergency: false }));
    picture.applyTracks(tracks, []);
    picture.applyFrame(this.#frame(shown, tracks, shownMs, picture.baseMs));
    return picture;
  }

  #frame(shown: [Way, PastTrack['points'][number]][], tracks: Track[], shownMs: number, baseMs: number): Frame {
    const staleAfter = Math.max(STALE_MS, 2 * this.stepMs);
    const flags = shown.map(([way, point], i) => {
      const held = way.heldBy === 'own' ? OWN : way.heldBy === 'partner' ? PARTNER : OWN | PARTNER;
      const old = shownMs - point[0] > staleAfter ? STALE : 0;
      const affiliation = Math.max(0, AFFILIATIONS.indexOf(tracks[i]!.affiliation));
      return old | held | (affiliation << 6) | (Math.max(0, DOMAINS.indexOf(way.domain)) << 9);
    });
    return {
      kind: 'snapshot', seq: 0, serverTimeMs: shownMs, count: shown.length,
      handle: Uint32Array.from(shown, ([way]) => way.number),
      lat: Int32Array.from(shown, ([, [, lat]]) => Math.round(lat * 1e6)),
      lon: Int32Array.from(shown, ([, [, , lon]]) => Math.round(lon * 1e6)),
      course: Uint16Array.from(shown, ([, [, , , course]]) => (course === null ? NO_COURSE : Math.round(course * 100))),
      speed: Uint16Array.from(shown, ([, [, , , , speed]]) => (speed === null ? NO_SPEED : Math.round(speed * 10))),
      time: Uint32Array.from(shown, ([, [t]]) => Math.max(0, Math.round((t - baseMs) / 100))),
      flags: Uint16Array.from(flags),
    };
  }
}

/** How many of `points` (ascending in time) are not after `ms`. */
function countUntil(points: PastTrack['points'], ms: number): number {
  let [low, high] = [0, points.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle]![0] <= ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

function toldAt(way: Way, ms: number): ToldOfTrack | undefined {
  return way.told.findLast(([from]) => from <= ms)?.[1];
}

/** What was released then is not kept; what is released today says nothing of it. */
const NOT_KEPT: Track['release'] = { existence: false, coarse: false, full: false, identity: false, source: false, exception: false, reason: null };

/** A track of which only its number is left. */
function nameless({ number, domain, heldBy }: Way): Track {
  return {
    handle: number, number, name: null, callsign: null, domain: domain as Track['domain'], affiliation: 'unknown', by: null,
    partner_affiliation: null, sidc: null, own_alias: null, partner_alias: null, held_by: heldBy as Track['held_by'], sources: [],
    identities: [], attributes: {}, label: null, sd_m: null, first_seen_ms: 0, duplicate_identity: false, emergency: false,
    release: NOT_KEPT,
  };
}
