// What the headquarters' affairs mean to the person who looks: whose answer is outstanding, which
// signatures still stand, what may be pressed now. Derived from the node's snapshot, never kept.
import type {
  Affairs, AnswerView, Bilingual, AttentionItem, Incident, NationCode, OptionView, Phrases, Right, SeatNotice, Session,
  Severity, VersionView,
} from '../api/types';

export const NO_AFFAIRS: Affairs = {
  incidents: [], options: [], tasks: [], seats: [], zones: [], attention: [], merges: [], watches: [], reviews: [],
  decisions: [], recalls: [], refused: [],
};

const SEVERITY_RANK: Record<Severity, number> = { distress: 0, alert: 1, notice: 2 };

/** The attention queue: worst first, then newest first. */
export function queueOf(affairs: Affairs): AttentionItem[] {
  return [...affairs.attention].sort(
    (a, b) => SEVERITY_RANK[a.severity] - SEVERITY_RANK[b.severity] || b.at_ms - a.at_ms,
  );
}

/** Track numbers that an open incident is about. */
export function tracksInIncidents(affairs: Affairs): Set<number> {
  const numbers = new Set<number>();
  for (const incident of affairs.incidents) {
    if (incident.state !== 'closed' && incident.track !== null) numbers.add(incident.track);
  }
  return numbers;
}

/** Our incidents: open ones first, newest first. The partner's stand in `pair`. */
export function listed(affairs: Affairs): Incident[] {
  const closed = (incident: Incident) => Number(incident.state === 'closed');
  return [...affairs.incidents].sort(
    (a, b) => closed(a) - closed(b) || (b.times.own.t0 ?? 0) - (a.times.own.t0 ?? 0),
  );
}

/** The incident that `id` names, by either side's id. */
export function incidentOf(affairs: Affairs, id: string | null): Incident | null {
  return affairs.incidents.find((incident) => incident.id === id || (id !== null && incident.pair === id)) ?? null;
}

/** Options of an incident, oldest first so that they keep their place. */
export function optionsOf(affairs: Affairs, { id, pair }: Incident): OptionView[] {
  return affairs.options
    .filter((option) => option.incident === id || option.incident === pair)
    .sort((a, b) => (a.versions[0]?.made_at_ms ?? 0) - (b.versions[0]?.made_at_ms ?? 0));
}

/** The current version: the last that is not void, else the last. */
export function current(option: OptionView): VersionView | null {
  return option.versions.findLast((version) => !version.void) ?? option.versions.at(-1) ?? null;
}

/** What one side has said to one version. */
export function answerOf(version: VersionView, nation: NationCode): AnswerView | null {
  return version.answers.findLast((answer) => answer.nation === nation) ?? null;
}

/** A signature: the two verdicts that bind. */
export function isSignature(answer: AnswerView | null): boolean {
  return answer?.verdict === 'agree' || answer?.verdict === 'caveat';
}

/** True when `nation` still owes an answer: silence or a referral, before the outcome is known. */
export function owesAnswer(version: VersionView, nation: NationCode): boolean {
  if (!version.offered || version.void || version.outcome !== 'open') return false;
  const answer = answerOf(version, nation);
  return answer === null || answer.verdict === 'refer_up';
}

export function deadlineOf(version: VersionView, nation: NationCode): number | null {
  return version.deadlines.find((deadline) => deadline.nation === nation)?.at_ms ?? null;
}

/** Something a person may press, or why not. */
export interface Permit {
  allowed: boolean;
  /** Why not: a Fluent key, or the node's own words. */
  why: string | Bilingual | null;
}

const yes: Permit = { allowed: true, why: null };
const no = (why: string | Bilingual): Permit => ({ allowed: false, why });

export function right(session: Session, needed: Right): Permit {
  return session.may.includes(needed) ? yes : no(`why-no-${needed.replaceAll('_', '-')}`);
}

export function mayAnswer(session: Session, version: VersionView): Permit {
  const permit = right(session, 'approve');
  if (!permit.allowed) return permit;
  if (!version.offered) return no('why-not-offered');
  if (version.void) return no('why-void');
  if (version.outcome !== 'open') return no('why-settled');
  if (version.wait) return no(version.wait);
  return owesAnswer(version, session.nation) ? yes : no('why-answered');
}

export function mayOffer(session: Session, version: VersionView): Permit {
  const permit = right(session, 'offer');
  if (!permit.allowed) return permit;
  if (version.offered) return no('why-offered');
  if (version.blocked) return no(version.blocked);
  return version.void ? no('why-void') : yes;
}

export function mayTask(session: Session, version: VersionView): Permit {
  const permit = right(session, 'task');
  if (!permit.allowed) return permit;
  if (!isAgreed(version) || !version.held_own) return no('why-both-signatures');
  return version.tasked[session.nation] ? no('why-tasked') : yes;
}

export function mayWork(session: Session): Permit {
  return right(session, 'offer');
}

export function mayStateIdentity(session: Session): Permit {
  return right(session, 'state_identity');
}

export function isAgreed(version: VersionView): boolean {
  return version.outcome === 'agreed' || version.outcome === 'agreed_with_caveat';
}

/** The part of the phrase book that two nations can use: without the actions of a third. */
export function phrasesOf(book: Phrases, parties: NationCode[]): Phrases {
  const blocks = book.blocks.filter((block) => block.nation === null || parties.includes(block.nation));
  const known = new Set(blocks.map((block) => block.id));
  const standing = book.standing.map((option) => ({ ...option, blocks: option.blocks.filter((id) => known.has(id)) }));
  return { standing, blocks };
}

/** A partner's seats, filled ones first; then by name so that the bar does not jump. */
export function seatsOf(affairs: Affairs, nation: NationCode): SeatNotice[] {
  return affairs.seats
    .filter((seat) => seat.nation === nation)
    .sort((a, b) => Number(!a.holder) - Number(!b.holder) || a.seat.localeCompare(b.seat));
}

export function seatTitle(affairs: Affairs, nation: NationCode, seat: string): SeatNotice | null {
  return affairs.seats.find((notice) => notice.nation === nation && notice.seat === seat) ?? null;
}

/** Both sides stated an identity and they are not the same: somebody should talk. */
export function identitiesDiffer(own: string, partner: string | undefined | null): boolean {
  return partner != null && partner !== own;
}
