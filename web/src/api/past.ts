// The past and the theatre data as a node sends them over HTTP. They mirror docs/api.md word for word.
import type { Bilingual, Domain, Track } from './types';

/** A layer of theatre data that this headquarters imported or that came with the node; only ever drawn. */
export interface LayerAbout {
  name: string;
  /** Empty = not stated. */
  licence: string;
  source: string;
  /** Null = it came with the node. */
  imported_ms: number | null;
  shapes: number;
  title: Bilingual | null;
  note: Bilingual | null;
  /** Its shapes are invented. */
  fictitious: boolean;
  /** The headquarters, or this person, chose to see it. */
  shown: boolean;
}

/** The layers, and whether this person chose among them instead of the headquarters. */
export interface LayerList {
  layers: LayerAbout[];
  own: boolean;
}

/** What was told of a track at that time. */
export type ToldOfTrack = Pick<Track, 'name' | 'callsign' | 'affiliation' | 'by' | 'sidc' | 'identities' | 'attributes'>;

/** Where one track was; a point is time, degrees north, degrees east, course in degrees, speed in knots. */
export interface PastTrack {
  number: number;
  domain: Domain;
  held_by: 'own' | 'partner' | 'both';
  points: [number, number, number, number | null, number | null][];
  /** Null = nothing was kept: the past knows it by its number. */
  told: ToldOfTrack | null;
}

/** One page of a track's way. */
export interface TrailPage {
  next_ms: number | null;
  points: [number, number, number][];
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
