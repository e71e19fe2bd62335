// What a reviewer is shown of a record: its fields as rows, its bytes as lines; and who may decide.
import type { ReviewItem } from '../api/review';
import type { Session } from '../api/types';
import { right, type Permit } from './affairs';

/** How long an approval may be asked to stand, in hours; the first is one watch of the floor. */
export const APPROVAL_HOURS = [12, 1, 24, 72, 168];
const LINE_BYTES = 16;

/** One field of a record: where it stands in it, and its value as written. */
export interface Field {
  path: string;
  value: string;
}

/** Every field of a record, outermost first; nothing is left out and nothing is rounded. */
export function fieldsOf(value: unknown, path = ''): Field[] {
  if (value === null || typeof value !== 'object') return [{ path, value: value === null ? '—' : String(value) }];
  const entries: [string, unknown][] = Array.isArray(value) ? value.map((item, i) => [String(i + 1), item]) : Object.entries(value);
  if (entries.length === 0) return [{ path, value: '—' }];
  return entries.flatMap(([name, item]) => fieldsOf(item, path ? `${path}.${name}` : name));
}

/** Bytes in lines of sixteen, each with its place. */
export function hexLines(hex: string): string[] {
  const lines: string[] = [];
  for (let at = 0; at < hex.length; at += 2 * LINE_BYTES) {
    const pairs = hex.slice(at, at + 2 * LINE_BYTES).match(/../g) ?? [];
    lines.push(`${(at / 2).toString(16).padStart(4, '0')}  ${pairs.join(' ')}`);
  }
  return lines;
}

/** How many persons are still wanted. */
export function wanted(item: ReviewItem): number {
  return Math.max(0, (item.review === 'two' ? 2 : 1) - item.approvals.length);
}

/** Whether this person may decide about it now, or why not. */
export function mayReview(session: Session, item: ReviewItem): Permit {
  const permit = right(session, 'release');
  if (!permit.allowed) return permit;
  const mine = item.approvals.some((approval) => approval.person === session.person || approval.seat === session.seat);
  if (mine) return { allowed: false, why: 'why-other-desk' };
  return item.asked_by === session.person ? { allowed: false, why: 'why-own-text' } : permit;
}

export function mayRecall(session: Session): Permit {
  return right(session, 'release');
}
