// How each feed fares, as the node tells it once a second.
export interface FeedSample {
  at_ms: number;
  reason: string;
  detail: string;
  /** Printable as they are. */
  bytes: string;
}

/** A feed's clock beside this node's (or, for a recording, beside UTC told in it). */
export interface FeedClock {
  state: 'right' | 'wrong';
  /** To be added to its times; positive: slow. */
  offset_ms: number;
  uncertainty_ms: number;
  basis: 'arrival' | 'told';
  /** When it was last seen to be set. */
  set_ms: number | null;
}

export interface FeedView {
  name: string;
  kind: string;
  address: string;
  state: 'live' | 'late' | 'down' | 'waiting' | 'finished';
  why: string | null;
  rate_per_s: number;
  last_ms: number | null;
  accepted: number;
  rejected: number;
  reasons: Record<string, number>;
  samples: FeedSample[];
  /** null until it was measured. */
  clock?: FeedClock | null;
}
