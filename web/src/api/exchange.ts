// What went over the border, what was held, and why: the Exchange screen's questions.
import type { Bilingual, Domain, NationCode, TierName } from './types';

export interface Exchange {
  partner: NationCode;
  rules: { policy: string | null; tier: TierName; sent: number; held: number; reason: Bilingual }[];
  recent: { at_ms: number; alias: string; name: string | null; tiers: TierName[]; policy: string }[];
  withheld: { track: number; name: string | null; source: string; tier: TierName; reason: Bilingual; policy: string | null; since_ms: number }[];
  /** What they give us. */
  theirs: { tracks: number; as_of_ms: number | null };
}

export interface Explanation {
  track: number;
  partner?: NationCode;
  name: string | null;
  tiers: { tier: TierName; permitted: boolean; policy: string | null; reason: Bilingual }[];
  /** What the partner sees; null = nothing. */
  preview: Preview | null;
}

export interface Preview {
  alias: string | null;
  domain: Domain;
  at_ms?: number;
  lat?: number;
  lon?: number;
  sd_m?: number;
  speed_mps?: number;
  course_deg?: number;
  name?: string;
  callsign?: string;
  identities?: string[];
  feeds?: string[];
}
