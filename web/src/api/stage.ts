// What the demo's stage says of its story.
import type { Bilingual, NationCode } from './types';

export interface StageView {
  step: number;
  steps: { id: string; dwell_ms: number }[];
  playing: boolean;
  human: boolean;
  link: 'up' | 'cut';
  floors: Record<NationCode, string>;
  elapsed_ms: number;
  waits: 'auto' | 'human';
  verify: { text: Bilingual } | null;
  /** What the story could not do, in words. */
  trouble: string | null;
}
