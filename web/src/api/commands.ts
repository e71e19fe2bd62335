// Everything a person may ask the node to do. The browser never decides: it asks, and shows what
// the node answered.
import { post } from './http';
import type { Affiliation, Bilingual } from './types';

/** How a person answers a version; `refer_up` names the seat it goes to. */
export type AnswerWord = 'agree' | 'caveat' | 'refer_up' | 'decline';

/** Free text beside phrase blocks: both languages, and who wrote and checked the other one. */
export interface FreeText {
  text: Bilingual;
  translator: string;
}

export type Command =
  | { command: 'acknowledge'; incident: string }
  | { command: 'open_incident'; track: number; text: Bilingual }
  | { command: 'draft'; incident: string; template: string | null; blocks: string[]; deadline_s: number }
  | { command: 'edit'; option: string; parent: number; blocks: string[]; extra?: FreeText; deadline_s: number }
  | { command: 'offer'; option: string; version: number }
  | { command: 'answer'; option: string; version: number; verdict: AnswerWord; text?: Bilingual; to?: string }
  | { command: 'task'; option: string; version: number }
  | { command: 'close'; incident: string }
  | { command: 'state_identity'; track: number; affiliation: Affiliation; reason: Bilingual; expires_s: number }
  | { command: 'take_seat'; seat: string }
  | { command: 'note'; incident: string; text: string };

/** Sends one command; resolves with the id of what it made. */
export function send(command: Command): Promise<{ ok: boolean; id?: string }> {
  return post('/api/command', command);
}
