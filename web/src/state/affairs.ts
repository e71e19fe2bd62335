// What the headquarters' affairs mean to the person who looks: whose answer is outstanding, which
// signatures still stand, what may be pressed now. Derived from the node's snapshot, never kept.
import type {
  Affairs, AnswerView, AttentionItem, Incident, NationCode, OptionView, Right, SeatNotice, Session,
  Severity, VersionView,
} from '../api/types';

export const NO_AFFAIRS: Affairs = { incidents: [], options: [], tasks: [], seats: [], zones: [], attention: [] };

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

/** One matter as the list shows it: our incident and, where paired, the partner's. */
export interface Matter {
  /** The incident this node owns, else the partner's alone. */
  incident: Incident;
  partner: Incident | null;
}

const STATE_RANK = { reported: 0, acknowledged: 1, options: 2, decided: 3, tasked: 4, closed: 9 } as const;

/** Each pair once, open ones first, newest first. */
export function matters(affairs: Affairs, nation: NationCode): Matter[] {
  const byId = new Map(affairs.incidents.map((incident) => [incident.id, incident]));
  const own = affairs.incidents.filter((incident) => incident.owner === nation);
  const paired = new Set(own.map((incident) => incident.pair).filter((id) => id !== null));
  const strangers = affairs.incidents.filter(
    (incident) => incident.owner !== nation && !paired.has(incident.id) && !(incident.pair && byId.has(incident.pair)),
  );
  const list = [
    ...own.map((incident) => ({ incident, partner: (incident.pair && byId.get(incident.pair)) || null })),
    ...strangers.map((incident) => ({ incident, partner: null })),
  ];
  const closed = ({ incident }: Matter) => (STATE_RANK[incident.state] === 9 ? 1 : 0);
  return list.sort((a, b) => closed(a) - closed(b) || (b.incident.times.own.t0 ?? 0) - (a.incident.times.own.t0 ?? 0));
}

/** The matter that `id` belongs to, by either side's id. */
export function matterOf(list: Matter[], id: string | null): Matter | null {
  return list.find(({ incident, partner }) => incident.id === id || partner?.id === id || incident.pair === id) ?? null;
}

/** Options of a matter: those raised under our incident and under the partner's. */
export function optionsOf(affairs: Affairs, { incident, partner }: Matter): OptionView[] {
  const ids = new Set([incident.id, incident.pair, partner?.id]);
  return affairs.options.filter((option) => ids.has(option.incident));
}

export function newest(option: OptionView): VersionView | null {
  return option.versions.reduce<VersionView | null>((best, v) => (!best || v.number >= best.number ? v : best), null);
}

/** What one side has said to one version. */
export function answerOf(version: VersionView, nation: NationCode): AnswerView | null {
  return version.answers.findLast((answer) => answer.nation === nation) ?? null;
}

/** A signature: the two verdicts that bind. */
export function isSignature(answer: AnswerView | null): boolean {
  return answer?.verdict === 'agree' || answer?.verdict === 'agree_with_caveat';
}

/** True when `nation` still owes an answer: silence or a referral, before the outcome is known. */
export function owesAnswer(version: VersionView, nation: NationCode): boolean {
  if (!version.offered || version.void || version.outcome !== 'open') return false;
  const answer = answerOf(version, nation);
  return answer === null || answer.verdict === 'referred_up';
}

export function deadlineOf(version: VersionView, nation: NationCode): number | null {
  return version.deadlines.find((deadline) => deadline.nation === nation)?.at_ms ?? null;
}

/** Something a person may press, or why not. */
export interface Permit {
  allowed: boolean;
  /** Fluent key of the reason. */
  why: string | null;
}

const yes: Permit = { allowed: true, why: null };
const no = (why: string): Permit => ({ allowed: false, why });

function right(session: Session, needed: Right): Permit {
  return session.may.includes(needed) ? yes : no(`why-no-${needed}`);
}

export function mayAnswer(session: Session, version: VersionView): Permit {
  const permit = right(session, 'approve');
  if (!permit.allowed) return permit;
  if (!version.offered) return no('why-not-offered');
  if (version.void) return no('why-void');
  if (version.outcome !== 'open') return no('why-settled');
  return owesAnswer(version, session.nation) ? yes : no('why-answered');
}

export function mayOffer(session: Session, version: VersionView): Permit {
  const permit = right(session, 'offer');
  if (!permit.allowed) return permit;
  if (version.offered) return no('why-offered');
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

export function isAgreed(version: VersionView): boolean {
  return version.outcome === 'agreed' || version.outcome === 'agreed_with_caveat';
}

/** The partner's seats, filled ones first; then by name so that the bar does not jump. */
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
