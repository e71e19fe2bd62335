// Small made-up tracks, frames and versions for the tests of this folder.
import type { Frame } from '../api/decode';
import type { Affairs, Session, Track, VersionView } from '../api/types';
import { NO_AFFAIRS } from './affairs';

export function track(number: number, over: Partial<Track> = {}): Track {
  return {
    handle: number + 100, number, name: `Ship ${number}`, callsign: null, domain: 'surface', affiliation: 'neutral', by: 'rule',
    partner_affiliation: null, sidc: null, own_alias: `J-000${number}`, partner_alias: null, held_by: 'own', sources: [],
    identities: [`MMSI 99900000${number}`], attributes: {},
    release: { existence: true, coarse: true, full: true, identity: true, source: false, exception: false, reason: null },
    label: null, sd_m: 10, first_seen_ms: 0, duplicate_identity: false, emergency: false, ...over,
  };
}

export interface FrameRow {
  handle: number;
  lat?: number;
  lon?: number;
  course?: number;
  speed?: number;
  time?: number;
  flags?: number;
}

export function frame(kind: Frame['kind'], rows: FrameRow[], seq = 0): Frame {
  const column = <T>(from: (values: number[]) => T, pick: (row: FrameRow) => number | undefined, otherwise: number): T =>
    from(rows.map((row) => pick(row) ?? otherwise));
  return {
    kind, seq, serverTimeMs: 0, count: rows.length,
    handle: column((v) => Uint32Array.from(v), (r) => r.handle, 0),
    lat: column((v) => Int32Array.from(v), (r) => r.lat, 25_000_000),
    lon: column((v) => Int32Array.from(v), (r) => r.lon, 125_000_000),
    course: column((v) => Uint16Array.from(v), (r) => r.course, 9_000),
    speed: column((v) => Uint16Array.from(v), (r) => r.speed, 100),
    time: column((v) => Uint32Array.from(v), (r) => r.time, 0),
    flags: column((v) => Uint16Array.from(v), (r) => r.flags, 4),
  };
}

export function version(over: Partial<VersionView> = {}): VersionView {
  return {
    number: 1, hash: 'aa', parent: null, text: { en: 'text', ja: '本文' }, actions: [], blocks: [], blocked: null, wait: null, language: 'en', translation: 'phrases',
    deadlines: [{ nation: 'JPN', at_ms: 1000 }, { nation: 'USA', at_ms: 2000 }], author: { nation: 'JPN', seat: 'watch', person: 'A' },
    made_at_ms: 0, offered: true, answers: [], void: false, outcome: 'open', held_own: false, held_partner: false,
    tasked: { JPN: null, USA: null }, ...over,
  };
}

export function affairs(over: Partial<Affairs> = {}): Affairs {
  return { ...NO_AFFAIRS, ...over };
}

export function session(over: Partial<Session> = {}): Session {
  return {
    nation: 'USA', node_name: 'US', partition: 'exercise:x', role: 'commander', seat: 'commander', person: 'B',
    may: ['offer', 'approve', 'task', 'release', 'state_identity'], language: 'en', ...over,
  };
}
