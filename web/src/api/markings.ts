// The words of labels as the node's policies have them (`GET /api/markings`). Labels themselves travel in
// codes; nothing here computes.
import { get } from './http';
import type { Bilingual } from './types';

/** In the line at the top, and before a portion. */
export interface Words {
  banner: Bilingual;
  portion: Bilingual;
}

/** Prefix, separator and suffix. */
export type Around = [string, string, string];

export interface AroundWords {
  banner: { en: Around; ja: Around };
  portion: { en: Around; ja: Around };
}

export interface Level {
  name: string;
  /** The level of a label; null of a level that no record is made at. */
  code: string | null;
  hierarchy: number;
  /** `#RRGGBB`. */
  colour: string | null;
  obsolete: boolean;
  words: Words;
}

export interface Tag {
  name: string;
  kind: 'permissive' | 'restrictive' | 'informative';
  /** By value, in the order in which they are written. */
  values: Record<string, Words>;
  around: AroundWords;
}

export interface MarkingPolicy {
  name: string;
  version: string;
  /** Words of an example that nobody answers for. */
  example: boolean;
  /** Lowest first. */
  levels: Level[];
  tags: Tag[];
  around: AroundWords;
}

export interface Markings {
  /** The policy of this floor's own labels. */
  own: string;
  policies: MarkingPolicy[];
  /** Another policy's name → its level's code → the own level's name; null = nobody stated one. */
  equivalents: Record<string, Record<string, string | null>>;
}

export function getMarkings(): Promise<Markings> {
  return get<Markings>('/api/markings');
}
