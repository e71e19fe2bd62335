// The release policy over the wire: what is in force, what other texts would change, and proposals.
import { CallError, get, post } from './http';
import type { Bilingual, Domain, NationCode, TierName } from './types';

/** File name and Cedar text, by name ascending. */
export type PolicyTexts = [string, string][];

export interface PolicyChange {
  change: number;
  /** Names its texts; 64 hexadecimal digits. */
  policy: string;
  /** Things of the day before of which more, and less, would have crossed. */
  widens: number;
  narrows: number;
  reason: string;
  by: string;
  at_ms: number;
  approved: boolean | null;
  decided_by: string | null;
  decided_at_ms: number | null;
  decided_reason: string | null;
}

export interface PolicyView {
  policy: string;
  texts: PolicyTexts;
  /** Whether two persons answered for it. */
  is_reviewed: boolean;
  proof: { all_proved: boolean; at_ms: number; by: string; never: { id: string; proved: boolean; what: Bilingual | null }[] } | null;
  changes: { pending: PolicyChange | null; texts: PolicyTexts | null; past: PolicyChange[] };
}

/** How much crosses: nothing, up to a tier, or a whole statement. */
export type Reach = 'nothing' | 'whole' | { tier: TierName };

export interface PolicyDifference {
  to: NationCode;
  about: { observation: { domain: Domain; system: string; source: string } } | { statement: { kind: string } };
  things: number;
  examples: string[];
  before: Reach;
  after: Reach;
  reason_before: Bilingual;
  reason_after: Bilingual;
}

export interface Tried {
  policy: string;
  widens: number;
  narrows: number;
  since_ms: number | null;
  is_partial: boolean;
  differences: PolicyDifference[];
}

/** What other texts would change, or what is wrong with them. */
export type Trial = { tried: Tried } | { problems: string[] };

export function policy(): Promise<PolicyView> {
  return get<PolicyView>('/api/policy');
}

async function orProblems<T>(answer: Promise<T>): Promise<T | { problems: string[] }> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof CallError && error.problems.length > 0) return { problems: error.problems };
    throw error;
  }
}

export async function tryPolicy(texts: PolicyTexts): Promise<Trial> {
  const answer = await orProblems(post<Tried>('/api/policy/try', { texts }));
  return 'problems' in answer ? answer : { tried: answer };
}

/** Puts other texts before a second person; their problems when they cannot be used. */
export async function propose(texts: PolicyTexts, reason: string): Promise<string[]> {
  const answer = await orProblems(post<{ ok: boolean }>('/api/policy/propose', { texts, reason }));
  return 'problems' in answer ? answer.problems : [];
}
