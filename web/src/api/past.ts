// The past and the theatre data as a node sends them over HTTP. They mirror docs/api.md word for word.
import type { Domain } from './types';

/** A layer of theatre data that this headquarters imported; only ever drawn. */
export interface LayerAbout {
  name: string;
  /** Empty = not stated. */
  licence: string;
  source: string;
  imported_ms: number;
  shapes: number;
}

/** Where one track was; a point is time, degrees north, degrees east, course in degrees, speed in knots. */
export interface PastTrack {
  number: number;
  domain: Domain;
  held_by: 'own' | 'partner' | 'both';
  points: [number, number, number, number | null, number | null][];
}

/** One page of the past; `next_ms` is where to ask on. */
export interface PlaybackPage {
  from_ms: number;
  to_ms: number;
  step_ms: number;
  next_ms: number | null;
  tracks: PastTrack[];
  /** More tracks than fit: some were left out. */
  cut: boolean;
}
