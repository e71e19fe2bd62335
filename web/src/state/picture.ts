// The picture as this browser holds it: motion in columns by row, meaning by handle. Pure: frames
// and messages go in, nothing comes out but what is asked. A track without a position has meaning
// and no row; a row whose meaning has not come yet has a row and no name.
import type { Frame } from '../api/decode';
import { Flag, NO_COURSE, NO_SPEED, affiliationOf, domainOf } from '../api/decode';
import type { Affiliation, Domain, Track } from '../api/types';
import { LabelCounts } from './marking';

/** How fresh a track is, as the node judged it. */
export type Freshness = 'live' | 'stale' | 'lost';

/** Where a track is and how it moves; units in the names. */
export interface Motion {
  latDeg: number;
  lonDeg: number;
  courseDeg: number | null;
  speedKn: number | null;
  atMs: number;
  freshness: Freshness;
  flags: number;
}

export class Picture {
  /** Rows in use; the columns below may be longer. */
  count = 0;
  handle = new Uint32Array(256);
  lat = new Int32Array(256);
  lon = new Int32Array(256);
  course = new Uint16Array(256);
  speed = new Uint16Array(256);
  time = new Uint32Array(256);
  flags = new Uint16Array(256);
  /** Meaning by handle. */
  readonly tracks = new Map<number, Track>();
  /** The labels of all of them. */
  readonly labels = new LabelCounts();
  baseMs = 0;
  #row = new Map<number, number>();
  #byNumber = new Map<number, number>();

  /** Forgets everything: handles belong to one session with the node. */
  reset(baseMs: number): void {
    this.count = 0;
    this.baseMs = baseMs;
    this.tracks.clear();
    this.labels.clear();
    this.#row.clear();
    this.#byNumber.clear();
  }

  applyTracks(add: Track[], remove: number[]): void {
    for (const handle of remove) {
      const track = this.tracks.get(handle);
      if (track && this.#byNumber.get(track.number) === handle) this.#byNumber.delete(track.number);
      if (track) this.#forgetMembers(track);
      this.labels.add(track?.label, -1);
      this.tracks.delete(handle);
      this.#drop(handle);
    }
    for (const track of add) {
      const before = this.tracks.get(track.handle);
      if (before) this.#forgetMembers(before);
      this.labels.add(before?.label, -1);
      this.labels.add(track.label, 1);
      this.tracks.set(track.handle, track);
      this.#byNumber.set(track.number, track.handle);
      for (const member of track.one_with ?? []) this.#byNumber.set(member.number, track.handle);
    }
  }

  /** The numbers under which a thing was found that now stand for themselves, or for nothing. */
  #forgetMembers(track: Track): void {
    for (const { number } of track.one_with ?? []) {
      if (this.#byNumber.get(number) === track.handle) this.#byNumber.delete(number);
    }
  }

  applyFrame(frame: Frame): void {
    if (frame.kind === 'snapshot') {
      this.count = 0;
      this.#row.clear();
    }
    for (let i = 0; i < frame.count; i++) {
      const row = this.#rowFor(frame.handle[i]!);
      this.lat[row] = frame.lat[i]!;
      this.lon[row] = frame.lon[i]!;
      this.course[row] = frame.course[i]!;
      this.speed[row] = frame.speed[i]!;
      this.time[row] = frame.time[i]!;
      this.flags[row] = frame.flags[i]!;
    }
  }

  rowOf(handle: number): number | undefined {
    return this.#row.get(handle);
  }

  /** The thing under that number, be it its own or that of a track taken for the same thing. */
  byNumber(number: number): Track | undefined {
    const handle = this.#byNumber.get(number);
    return handle === undefined ? undefined : this.tracks.get(handle);
  }

  motion(handle: number): Motion | null {
    const row = this.#row.get(handle);
    if (row === undefined) return null;
    const flags = this.flags[row]!;
    const course = this.course[row]!;
    const speed = this.speed[row]!;
    return {
      latDeg: this.lat[row]! / 1e6,
      lonDeg: this.lon[row]! / 1e6,
      courseDeg: course === NO_COURSE ? null : course / 100,
      speedKn: speed === NO_SPEED ? null : speed / 10,
      atMs: this.baseMs + this.time[row]! * 100,
      freshness: freshnessOf(flags),
      flags,
    };
  }

  affiliation(row: number): Affiliation {
    return affiliationOf(this.flags[row]!);
  }

  domain(row: number): Domain {
    return domainOf(this.flags[row]!);
  }

  /** How many rows only the partner's reports hold up. */
  partnerOnly(): number {
    let n = 0;
    for (let row = 0; row < this.count; row++) if (isPartnerOnly(this.flags[row]!)) n += 1;
    return n;
  }

  #rowFor(handle: number): number {
    const known = this.#row.get(handle);
    if (known !== undefined) return known;
    if (this.count === this.handle.length) this.#grow();
    const row = this.count++;
    this.handle[row] = handle;
    this.#row.set(handle, row);
    return row;
  }

  #drop(handle: number): void {
    const row = this.#row.get(handle);
    if (row === undefined) return;
    const last = --this.count;
    const moved = this.handle[last]!;
    for (const column of this.#columns()) column[row] = column[last]!;
    if (moved !== handle) this.#row.set(moved, row);
    this.#row.delete(handle);
  }

  #columns() {
    return [this.handle, this.lat, this.lon, this.course, this.speed, this.time, this.flags];
  }

  #grow(): void {
    const wider = <T extends Uint32Array | Int32Array | Uint16Array>(old: T, Make: new (n: number) => T): T => {
      const next = new Make(old.length * 2);
      next.set(old);
      return next;
    };
    this.handle = wider(this.handle, Uint32Array);
    this.lat = wider(this.lat, Int32Array);
    this.lon = wider(this.lon, Int32Array);
    this.course = wider(this.course, Uint16Array);
    this.speed = wider(this.speed, Uint16Array);
    this.time = wider(this.time, Uint32Array);
    this.flags = wider(this.flags, Uint16Array);
  }
}

export function freshnessOf(flags: number): Freshness {
  if (flags & Flag.lost) return 'lost';
  return flags & Flag.stale ? 'stale' : 'live';
}

/** True when no own source contributes. */
export function isPartnerOnly(flags: number): boolean {
  return (flags & Flag.partner) !== 0 && (flags & Flag.own) === 0;
}

/** What else makes tracks old: the partner cannot be heard, or our own node cannot. */
export interface Silence {
  linkDown: boolean;
  frozen: boolean;
}

/** Hollow when it is old, when only a partner that we cannot hear says so, or when we hear nobody. */
export function isHollow(flags: number, silence: Silence): boolean {
  if (silence.frozen || freshnessOf(flags) !== 'live') return true;
  return silence.linkDown && isPartnerOnly(flags);
}
