// What waits for a release review (提供審査), who decided, and what either side took back.

interface Words {
  en: string;
  ja: string;
}

export type ReviewBy = 'one' | 'two';
export type Ground = 'mistake' | 'wrong' | 'source' | 'review';
export const GROUNDS: Ground[] = ['mistake', 'wrong', 'source', 'review'];

export interface ReviewItem {
  record: string;
  to: string;
  /** `incident`, `identity`, `recall`, … */
  kind: string;
  title: Words;
  incident: string | null;
  review: ReviewBy;
  /** Why policy asks. */
  reason: Words;
  policy: string | null;
  asked_by: string | null;
  since_ms: number;
  deadline_ms: number;
  /** SHA-256 of the bytes that would go. */
  digest: string;
  bytes: number;
  /** Those that stand. */
  approvals: { person: string; seat: string; at_ms: number; until_ms: number }[];
}

export interface Decision {
  record: string;
  to: string;
  approved: boolean;
  reason: string;
  by: string;
  seat: string;
  at_ms: number;
  until_ms: number;
  policy_version: string;
}

export interface Label {
  policy: string;
  classification: string;
  releasable_to: string[];
  restrictive: string[];
  informative: string[];
  originator: string;
  created: number;
  review: number | null;
}

export interface RecallItem {
  id: string;
  owner: string;
  object: string | null;
  /** The own incident that it concerns. */
  incident: string | null;
  alias: string | null;
  /** The new label; null where it was withdrawn. */
  label: Label | null;
  label_before: Label | null;
  ground: Ground;
  by: string;
  seat: string;
  at_ms: number;
  /** When the receiver did it; null while nobody knows. */
  done_ms: number | null;
  held: boolean | null;
}

/** That an incident, or the partner's part of it, was taken back. */
export interface RecalledMark {
  by: string;
  at_ms: number;
  ground: Ground;
  done_ms: number | null;
}

/** `GET /api/review?record=…`: what would go, byte for byte, beside what stays here. */
export interface ReviewDetail {
  item: ReviewItem;
  hex: string;
  fields: Record<string, unknown>;
  own: {
    subject: Record<string, unknown> | null;
    known_as: unknown[];
    position: [number, number] | null;
    words: Words | null;
    log: { at_ms: number; person: string; text: Words }[];
  };
}

/** A short text written to be given in place of one's own words (提供用要旨). */
export interface TearLine {
  text: Words;
  checked_by: string;
}

/** An agreed sentence for the reason of an identity statement. */
export interface AgreedReason {
  id: string;
  en: string;
  ja: string;
}
