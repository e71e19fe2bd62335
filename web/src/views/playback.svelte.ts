// Playback: loads a window of the past page by page and moves the shown moment through it. Nothing of
// it touches the live picture, which goes on beneath.
import { get } from '../api/http';
import type { PlaybackPage, TrailPage } from '../api/past';
import type { Track } from '../api/types';
import { Picture } from '../state/picture';
import { POINTS_MAX, Recording, type TrailPoint } from '../state/playback';

/** Every point of a track's way, page by page. */
async function wholeWay(number: number, fromMs: number, toMs: number): Promise<TrailPoint[]> {
  const points: TrailPoint[] = [];
  for (let after: number | null = fromMs; after !== null; ) {
    const page: TrailPage = await get<TrailPage>(`/api/history?track=${number}&from_ms=${fromMs}&to_ms=${toMs}&step_ms=1&after_ms=${after}`);
    points.push(...page.points);
    after = points.length < TRAIL_POINTS_MAX ? page.next_ms : null;
  }
  return points;
}

export const SPEEDS = [1, 10, 60, 300] as const;
/** The map is drawn anew this often while it plays. */
const BEAT_MS = 200;
/** Points of one trail that are asked for: an hour of a fast radar. */
const TRAIL_POINTS_MAX = 20_000;
const NOTHING = new Picture();

export class Playback {
  /** The map shows the past. */
  on = $state(false);
  /** How much of the window has come, 0–1; null = not loading. */
  progress = $state<number | null>(null);
  /** Why nothing came: a key of the words, or the failure itself. */
  failure = $state.raw<unknown>(null);
  /** More than fits: a part of the window is missing. */
  isCut = $state(false);
  fromMs = $state(0);
  toMs = $state(0);
  shownMs = $state(0);
  playing = $state(false);
  speed = $state<number>(60);
  recording = $state.raw<Recording | null>(null);
  /** The picture of the shown moment. */
  readonly picture = $derived.by(() => this.recording?.pictureAt(this.shownMs, this.live) ?? NOTHING);
  #way = $state.raw<{ number: number; fromMs: number; toMs: number; points: TrailPoint[] } | null>(null);
  #following = '';
  #asked = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly live: (number: number) => Track | undefined) {}

  get isEmpty(): boolean {
    return this.on && this.progress === null && this.failure === null && (this.recording?.points ?? 0) === 0;
  }

  get stepMs(): number {
    return this.recording?.stepMs ?? 10_000;
  }

  /** The way of a track in the last `minutes` of the shown moment: point for point what live drew then.
      Until that has come, as far as the recording holds it. */
  trail(number: number, minutes: number): TrailPoint[] {
    const [from, to] = [this.shownMs - minutes * 60_000, this.shownMs];
    const way = this.#way;
    if (!way || way.number !== number || way.fromMs > from || way.toMs < to) return this.recording?.trail(number, to, minutes) ?? [];
    return way.points.filter(([ms]) => ms >= from && ms <= to);
  }

  /** Sees to it that the selected track's way is there in full for the shown moment. */
  async follow(number: number | null, minutes: number): Promise<void> {
    const before = minutes * 60_000;
    if (number === null || !this.recording) return;
    const way = this.#way;
    const isHeld = way && way.number === number && way.fromMs <= this.shownMs - before && way.toMs >= this.shownMs;
    const asked = `${number} ${Math.floor(this.shownMs / before)}`;
    if (isHeld || this.#following === asked) return;
    this.#following = asked;
    const [fromMs, toMs] = [this.shownMs - before, Math.min(this.toMs, this.shownMs + before)];
    try {
      const points = await wholeWay(number, fromMs, toMs);
      if (this.#following === asked) this.#way = { number, fromMs, toMs, points };
    } catch {
      // The recording's own points are drawn instead.
    } finally {
      if (this.#following === asked) this.#following = '';
    }
  }

  /** Loads `fromMs`–`toMs` and shows its beginning. */
  async load(fromMs: number, toMs: number): Promise<void> {
    const asked = ++this.#asked;
    this.pause();
    this.recording = null;
    this.#way = null;
    [this.on, this.failure, this.isCut, this.progress] = [true, null, false, 0];
    [this.fromMs, this.toMs, this.shownMs] = [fromMs, toMs, fromMs];
    try {
      const made = await this.#pages(asked, fromMs, toMs);
      if (asked === this.#asked) this.recording = made;
    } catch (error) {
      if (asked === this.#asked) this.failure = error;
    }
    if (asked === this.#asked) this.progress = null;
  }

  async #pages(asked: number, fromMs: number, toMs: number): Promise<Recording | null> {
    let made: Recording | null = null;
    for (let after: number | null = fromMs; after !== null && asked === this.#asked; ) {
      const page: PlaybackPage = await get<PlaybackPage>(`/api/playback?from_ms=${fromMs}&to_ms=${toMs}&after_ms=${after}`);
      made ??= new Recording(fromMs, toMs, page.step_ms);
      made.add(page.tracks);
      this.isCut ||= page.cut;
      after = page.next_ms;
      if (after !== null && asked === this.#asked) this.progress = (after - fromMs) / Math.max(1, toMs - fromMs);
      if (made.points > POINTS_MAX) {
        this.isCut = after !== null || this.isCut;
        break;
      }
    }
    return made;
  }

  /** Stops loading and forgets what came. */
  cancel(): void {
    this.#asked += 1;
    this.progress = null;
    if (!this.recording) this.back();
  }

  /** Back to the live picture. */
  back(): void {
    this.#asked += 1;
    this.pause();
    this.recording = null;
    [this.on, this.progress, this.failure] = [false, null, null];
  }

  seek(ms: number): void {
    this.shownMs = Math.min(this.toMs, Math.max(this.fromMs, ms));
  }

  step(by: number): void {
    this.pause();
    this.seek(this.shownMs + by * this.stepMs);
  }

  toggle(): void {
    if (this.playing) this.pause();
    else if (this.recording) {
      if (this.shownMs >= this.toMs) this.seek(this.fromMs);
      this.playing = true;
      this.#timer = setInterval(() => this.#beat(), BEAT_MS);
    }
  }

  pause(): void {
    clearInterval(this.#timer);
    this.playing = false;
  }

  #beat(): void {
    this.seek(this.shownMs + BEAT_MS * this.speed);
    if (this.shownMs >= this.toMs) this.pause();
  }
}
