// The last hour and the next minutes as marks on one line: alerts, what people did about them,
// deadlines still to come, and the spans in which the link was down. Built from what the node said;
// spans only reach back to when this browser began to watch, and before that nothing is claimed.
import type { Affairs, LinkView, Severity } from '../api/types';

export interface Mark {
  atMs: number;
  kind: Severity | 'acknowledged' | 'agreed' | 'tasked' | 'deadline';
  incident: string | null;
}

export interface Span {
  fromMs: number;
  /** null = still so. */
  toMs: number | null;
}

/** Collects the spans in which the link was down. */
export class LinkWatch {
  readonly spans: Span[] = [];

  heard(link: LinkView | null, nowMs: number): void {
    const last = this.spans.at(-1);
    const openSpan = last && last.toMs === null ? last : null;
    if (link?.state === 'down') {
      if (!openSpan) this.spans.push({ fromMs: Math.min(link.since_ms, nowMs), toMs: null });
    } else if (openSpan) {
      openSpan.toMs = link ? Math.min(link.since_ms, nowMs) : nowMs;
    }
    while (this.spans.length > 200) this.spans.shift();
  }
}

/** All marks between two moments, oldest first. */
export function marksBetween(affairs: Affairs, fromMs: number, toMs: number): Mark[] {
  const marks: Mark[] = [];
  const add = (kind: Mark['kind'], at: number | null | undefined, incident: string | null) => {
    if (at != null && at >= fromMs && at <= toMs) marks.push({ atMs: at, kind, incident });
  };
  for (const incident of affairs.incidents) {
    add(incident.occurrence.kind === 'emergency' ? 'distress' : 'alert', incident.times.own.t0, incident.id);
    add('acknowledged', incident.times.own.t4, incident.id);
    add('agreed', incident.times.own.t6, incident.id);
    add('tasked', incident.times.own.t7, incident.id);
  }
  for (const option of affairs.options) {
    for (const version of option.versions) {
      if (!version.offered || version.void || version.outcome !== 'open') continue;
      for (const deadline of version.deadlines) add('deadline', deadline.at_ms, option.incident);
    }
  }
  return marks.sort((a, b) => a.atMs - b.atMs);
}

/** Whole steps of `stepMs` between two moments, for the axis. */
export function ticksBetween(fromMs: number, toMs: number, stepMs: number): number[] {
  const ticks: number[] = [];
  for (let at = Math.ceil(fromMs / stepMs) * stepMs; at <= toMs; at += stepMs) ticks.push(at);
  return ticks;
}

/** Gives each mark a lane, so that marks nearer than `near` pixels do not hide one another. */
export function stacked(marks: Mark[], x: (mark: Mark) => number, near: number): [Mark, number][] {
  const lanes = 3;
  let lane = 0;
  let last = -Infinity;
  return marks.map((mark) => {
    const at = x(mark);
    lane = at - last < near ? (lane + 1) % lanes : 0;
    last = at;
    return [mark, lane];
  });
}
