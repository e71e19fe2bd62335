// Everything a person may ask the node to do. The browser never decides: it asks, and shows what
// the node answered.
import { post } from './http';
import type { Ground, Label, TearLine } from './review';
import type { Affiliation, Bilingual } from './types';

/** How a person answers a version; `refer_up` names the seat it goes to. */
export type AnswerWord = 'agree' | 'caveat' | 'refer_up' | 'decline';

/** Free text beside phrase blocks: both languages, and who wrote and checked the other one. */
export interface FreeText {
  text: Bilingual;
  translator: string;
}

/** Versions are named by their hash: what was on the screen is what is answered. */
export type Command =
  | { command: 'acknowledge'; incident: string }
  | { command: 'open_incident'; track: number; text: Bilingual; partner?: string; tear_line?: TearLine }
  | { command: 'draft'; incident: string; template: string; blocks: string[]; deadline_s: number }
  | { command: 'edit'; option: string; parent: string; blocks: string[]; extra?: FreeText; deadline_s: number }
  | { command: 'offer'; option: string; version: string }
  | { command: 'answer'; option: string; version: string; verdict: AnswerWord; text?: Bilingual; to?: string }
  | { command: 'task'; option: string; version: string }
  | { command: 'close'; incident: string }
  | { command: 'state_identity'; track: number; affiliation: Affiliation; reason: Bilingual; expires_s: number; tear_line?: TearLine }
  | { command: 'merge_tracks'; track: number; with: number; reason: string }
  | { command: 'split_track'; track: number; reason: string }
  | { command: 'withdraw_merge'; merge: number }
  | { command: 'take_seat'; seat: string }
  | { command: 'note'; incident: string; text: string }
  | { command: 'judge_notice'; notice: number; judgement: 'acknowledged' | 'snoozed' | 'escalated' | 'false_alarm'; for_s?: number; reason?: string }
  | { command: 'watch_track'; track: number; reason: string; for_s: number }
  | { command: 'end_watch'; watch: number }
  | { command: 'decide_policy'; change: number; approve: boolean; reason: string }
  | { command: 'review'; record: string; digest: string; approve: boolean; for_s: number; reason: string }
  | { command: 'recall'; object: string; ground: Ground; reason: string }
  | { command: 'recall_alias'; alias: string; ground: Ground; reason: string }
  | { command: 'relabel'; object: string; label: Label; ground: Ground; reason: string };

/** Sends one command; resolves with the id of what it made. */
export function send(command: Command): Promise<{ ok: boolean; id?: string }> {
  return post('/api/command', command);
}
