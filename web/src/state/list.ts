// Which tracks are listed and drawn, and in which order. The list and the map share this one answer,
// so that what is hidden in one is hidden in the other.
import type { Track } from '../api/types';
import { mapLongitude } from './geo';
import { isPartnerOnly, type Motion, type Picture } from './picture';

export type ListFilter = 'surface' | 'air' | 'units' | 'partner' | 'exception';
export const LIST_FILTERS: ListFilter[] = ['surface', 'air', 'units', 'partner', 'exception'];
export type SortKey = 'importance' | 'name' | 'alias' | 'speed' | 'age';

export interface Query {
  text: string;
  /** Empty = all kinds; several = any of them. */
  filters: ListFilter[];
  sort: SortKey;
  /** West, south, east, north in degrees, longitudes in the turn of the map; null = everywhere. */
  within: [number, number, number, number] | null;
}

export interface Row {
  handle: number;
  number: number;
  track: Track;
  motion: Motion | null;
  /** 0 distress, 1 in an incident, 2 own and partner units, 3 everything else. */
  rank: number;
}

/** A thing that a sensor saw and nothing named: neither itself nor, by an alias, the partner. */
export function isNameless(track: Track): boolean {
  return track.identities.length === 0 && track.sources.length > 0;
}

/** What a thing without a name is called on this floor: by its track's number. */
export function contactName(number: number): string {
  return `R-${String(number).padStart(4, '0')}`;
}

/** The name to be read first: the name, else the call sign, else the border alias, else identity. */
export function displayName(track: Track): string {
  if (isNameless(track)) return contactName(track.number);
  return (
    track.name ?? track.callsign ?? (track.held_by === 'partner' ? track.partner_alias : null) ??
    track.identities[0] ?? track.own_alias ?? track.partner_alias ?? `#${track.number}`
  );
}

/** The name spoken at the border: the partner's for what only the partner holds, else our own. */
export function spokenAlias(track: Track): string | null {
  return track.held_by === 'partner' ? track.partner_alias : (track.own_alias ?? track.partner_alias);
}

/** A unit, team or base that somebody reports as such, as against traffic that is merely there. */
export function isUnit(track: Track): boolean {
  return Boolean(track.attributes.cot_type ?? track.attributes.team);
}

export function rankOf(track: Track, inIncident: ReadonlySet<number>): number {
  if (track.emergency) return 0;
  if (inIncident.has(track.number)) return 1;
  return isUnit(track) ? 2 : 3;
}

/** One collator for all: building one for each comparison costs a hundred times as much. */
const ORDER = new Intl.Collator('en', { numeric: true });
const fold = (text: string): string => text.normalize('NFKC').toLowerCase();

function matchesText(track: Track, needle: string): boolean {
  if (!needle) return true;
  const parts = [
    track.name, track.callsign, track.own_alias, track.partner_alias, track.attributes.team,
    track.attributes.destination, `#${track.number}`, displayName(track), ...track.identities,
  ];
  return parts.some((part) => part != null && fold(part).includes(needle));
}

function matchesKind(row: Row, filters: ListFilter[]): boolean {
  if (filters.length === 0) return true;
  const { track, motion } = row;
  return filters.some((filter) => {
    switch (filter) {
      case 'surface': return track.domain === 'surface' && !isUnit(track);
      case 'air': return track.domain === 'air' && !isUnit(track);
      case 'units': return isUnit(track);
      case 'partner': return motion ? isPartnerOnly(motion.flags) : track.held_by === 'partner';
      case 'exception': return track.release.exception;
    }
  });
}

function isWithin(motion: Motion | null, box: Query['within']): boolean {
  if (!box) return true;
  if (!motion) return false;
  const [west, south, east, north] = box;
  const lon = mapLongitude(motion.lonDeg);
  return lon >= west && lon <= east && motion.latDeg >= south && motion.latDeg <= north;
}

const STALE_RANK = { live: 0, stale: 1, lost: 2 } as const;

function compare(a: Row, b: Row, sort: SortKey): number {
  // Stale last, whatever the order: an old row must not push a live one off the screen.
  const stale = (row: Row) => (row.motion ? STALE_RANK[row.motion.freshness] : 2);
  const byName = () => ORDER.compare(displayName(a.track), displayName(b.track)) || a.number - b.number;
  if (a.rank === 0 || b.rank === 0) {
    if (a.rank !== b.rank) return a.rank - b.rank;
  }
  if (sort === 'age') return (b.motion?.atMs ?? 0) - (a.motion?.atMs ?? 0) || byName();
  const staleness = stale(a) - stale(b);
  if (sort === 'importance') return a.rank - b.rank || staleness || byName();
  if (staleness) return staleness;
  if (sort === 'speed') return (b.motion?.speedKn ?? -1) - (a.motion?.speedKn ?? -1) || byName();
  if (sort === 'alias') {
    return ORDER.compare(spokenAlias(a.track) ?? '~', spokenAlias(b.track) ?? '~') || byName();
  }
  return byName();
}

/** The rows that `query` lets through, in its order. */
export function listRows(picture: Picture, query: Query, inIncident: ReadonlySet<number>): Row[] {
  const needle = fold(query.text.trim());
  const rows: Row[] = [];
  for (const track of picture.tracks.values()) {
    if (!matchesText(track, needle)) continue;
    const motion = picture.motion(track.handle);
    const row = { handle: track.handle, number: track.number, track, motion, rank: rankOf(track, inIncident) };
    if (matchesKind(row, query.filters) && isWithin(motion, query.within)) rows.push(row);
  }
  return rows.sort((a, b) => compare(a, b, query.sort));
}

/** `rows` in the order of `held` as far as it goes; newcomers follow. Used while a hand is on the list. */
export function holdOrder(rows: Row[], held: number[]): Row[] {
  const place = new Map(held.map((handle, i) => [handle, i]));
  const known: Row[] = [];
  const fresh: Row[] = [];
  for (const row of rows) (place.has(row.handle) ? known : fresh).push(row);
  known.sort((a, b) => place.get(a.handle)! - place.get(b.handle)!);
  return [...known, ...fresh];
}

/** The slice of a list of `total` rows that a window of `height` pixels at `top` shows. */
export function windowOf(top: number, height: number, total: number, rowHeight: number): [number, number] {
  const overscan = 6;
  const first = Math.max(0, Math.floor(top / rowHeight) - overscan);
  const last = Math.min(total, Math.ceil((top + height) / rowHeight) + overscan);
  return [Math.min(first, total), last];
}
