// Times and ages as a watch officer reads them. The clock is always handed in: what "now" is comes
// from the node, not from this machine.

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const HOUR_MS = 3_600_000;
/** Japan Standard Time has no summer time. */
const JST_OFFSET_MS = 9 * HOUR_MS;

const two = (n: number): string => String(n).padStart(2, '0');

/** Zulu date-time group, for example `220628ZNOV26`. */
export function dtg(ms: number): string {
  const t = new Date(ms);
  return `${two(t.getUTCDate())}${two(t.getUTCHours())}${two(t.getUTCMinutes())}Z${MONTHS[t.getUTCMonth()]}${two(t.getUTCFullYear() % 100)}`;
}

/** Short Zulu group for "as of": `220628Z`. */
export function dtgShort(ms: number): string {
  return dtg(ms).slice(0, 7);
}

/** `06:28:14` in UTC. */
export function clock(ms: number): string {
  const t = new Date(ms);
  return `${two(t.getUTCHours())}:${two(t.getUTCMinutes())}:${two(t.getUTCSeconds())}`;
}

/** `06:28` in UTC. */
export function clockShort(ms: number): string {
  return clock(ms).slice(0, 5);
}

/** `15:28:14` in Japan. */
export function clockJst(ms: number): string {
  return clock(ms + JST_OFFSET_MS);
}

/** The local Japanese date-time group with the I (India) zone letter: `221528INOV26`. */
export function dtgJst(ms: number): string {
  return dtg(ms + JST_OFFSET_MS).replace('Z', 'I');
}

/** An age or a wait in at most six characters, never to be read as a time of day: `59s`, `4m05s`, `1h04m`, `3d`. */
export function span(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1000));
  if (s < 60) return `${s}s`;
  if (s < 3600) return `${Math.floor(s / 60)}m${two(s % 60)}s`;
  if (s < 86_400) return `${Math.floor(s / 3600)}h${two(Math.floor((s % 3600) / 60))}m`;
  return `${Math.floor(s / 86_400)}d`;
}

/** A signed gap between two moments: `+42s`, `+3s`, `−1m05s`. */
export function gap(fromMs: number, toMs: number): string {
  const d = toMs - fromMs;
  return `${d < 0 ? '−' : '+'}${span(Math.abs(d))}`;
}

/** Follows the node's clock from the times it sends, taking the quickest delivery as the truest. */
export class ServerClock {
  #offsetMs: number | null = null;

  /** A message with the node's time arrived at `localMs`. */
  heard(serverMs: number, localMs: number): void {
    const offset = serverMs - localMs;
    // A later message can only look earlier by being delayed, so the largest offset is kept, and it
    // leaks slowly so that a clock that is stepped back is followed within a minute.
    this.#offsetMs = this.#offsetMs === null ? offset : Math.max(offset, this.#offsetMs - 20);
  }

  now(localMs: number): number {
    return localMs + (this.#offsetMs ?? 0);
  }
}
