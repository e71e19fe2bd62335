// Which watch is on which track. Both carry every name of the thing; one in common is enough.
import type { Session, Track } from '../api/types';
import type { ApproachCoverage, Watch } from '../api/watches';
import { right, type Permit } from './affairs';

/** How long a watch may be asked for, in hours; the first is one watch of the floor. */
export const WATCH_HOURS = [12, 1, 4, 24, 72, 168, 720];
export const HOUR_S = 3_600;
/** Shorter than this, what is left is amber. */
export const ENDS_SOON_MS = 15 * 60_000;

export function watchOf(watches: readonly Watch[], track: Track): Watch | null {
  if (watches.length === 0) return null;
  const names = new Set([...track.identities, track.own_alias, track.partner_alias]);
  return watches.find((watch) => watch.known_as.some((name) => names.has(name))) ?? null;
}

/** The track that a watch is on now; null when it is not held. */
export function trackOf(watch: Watch, tracks: Iterable<Track>): Track | null {
  for (const track of tracks) if (watchOf([watch], track)) return track;
  return null;
}

/** Between two sweeps for closest points, in seconds. */
const SWEEP_S = 10;

/** What of the closest points is not looked at in time: seconds until every ship's pairs were looked at
    once, and close pairs that are not told. Null where nothing is missed. */
export function missed(coverage: ApproachCoverage | undefined): { round_s: number; forgotten: number } | null {
  if (!coverage) return null;
  const { ships, looked, forgotten } = coverage;
  if (looked >= ships && forgotten === 0) return null;
  return { round_s: Math.ceil(ships / Math.max(1, looked)) * SWEEP_S, forgotten };
}

export function mayWatch(session: Session): Permit {
  return right(session, 'watch');
}
