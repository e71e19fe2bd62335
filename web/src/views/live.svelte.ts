// The one live floor of this page: joins the line to the node with the pure state and hands it to
// the views. The picture itself is not reactive; `tick` says that it changed, once a second.
import { getContext, setContext } from 'svelte';
import { send, type Command } from '../api/commands';
import type { Frame } from '../api/decode';
import { CallError, get } from '../api/http';
import { getMarkings, type Markings } from '../api/markings';
import { Line, type LineState } from '../api/socket';
import type { Affairs, Hello, LinkView, ServerMessage, Session, Status, Track, TrackRelease } from '../api/types';
import { NO_AFFAIRS, tracksInIncidents } from '../state/affairs';
import type { ListFilter, Query } from '../state/list';
import { Picture } from '../state/picture';
import { Memory } from '../state/rates';
import { ServerClock } from '../state/time';
import { LinkWatch } from '../state/timeline';
import { readPlace, writePlace, type Place, type Screen } from '../state/url';
import type { Theme } from '../symbols/palette';
import { knows, setTongue, t, say, type Tongue, tOf } from '../i18n/index.svelte';
import type { CoordinateStyle } from '../state/geo';
import { prepare, ring } from './chime';
import { kept, keep } from './kept';
import { Playback } from './playback.svelte';

export interface Toast {
  id: number;
  kind: 'done' | 'failed';
  text: string;
}

/** Where the map looks when nobody has said: the Miyako Strait and the waters round it. */
export const HOME = { latDeg: 26.3, lonDeg: 126.6, zoom: 5.7 };
/** How many seconds of rates are remembered for the small graphs. */
export const RATE_SECONDS = 60;

export class Floor {
  session = $state.raw<Session>({} as Session);
  hello = $state.raw<Hello | null>(null);
  status = $state.raw<Status | null>(null);
  /** The words of labels; null until they came. */
  markings = $state.raw<Markings | null>(null);
  affairs = $state.raw<Affairs>(NO_AFFAIRS);
  hasAffairs = $state(false);
  line = $state<LineState>('connecting');
  signedOut = $state(false);
  /** Raised when the picture changed. */
  tick = $state(0);
  /** The node's time, renewed each second. */
  now = $state(Date.now());
  /** For how long the line to the node has been as it is, in milliseconds. */
  lineForMs = $state(0);
  screen = $state<Screen>('picture');
  selected = $state<number | null>(null);
  hovered = $state<number | null>(null);
  /** The selected track in full, asked for anew while it is looked at: what streams leaves out what
      changes with every report. */
  detail = $state.raw<Track | null>(null);
  /** The reader wants the release of the selected track brought into view. */
  toRelease = $state(false);
  /** Whether the watched tracks stand open. */
  watching = $state(false);
  incident = $state<string | null>(null);
  /** The partner that the reader chose, where there are several. */
  chosen = $state('');
  text = $state('');
  filters = $state<ListFilter[]>([]);
  sort = $state<Query['sort']>('importance');
  inView = $state(false);
  bounds = $state.raw<[number, number, number, number] | null>(null);
  theme = $state<Theme>('dark');
  coordinates = $state<CoordinateStyle>('dms');
  toasts = $state<Toast[]>([]);
  /** Whether alerts are heard. */
  bell = $state(false);
  /** When an alert was first seen here, by its id; what stood at the start has no entry. */
  readonly heardAt = new Map<string, number>();
  webgl = $state<'starting' | 'ok' | 'none' | 'lost'>('starting');
  readonly picture = new Picture();
  /** The past, when the map shows it instead of the live picture. */
  readonly playback = new Playback((number) => this.picture.byNumber(number));
  readonly rates = new Memory(RATE_SECONDS);
  readonly linkWatch = new LinkWatch();
  /** For the health page and tests: what came over the line. */
  readonly traffic = { frames: 0, bytes: 0, seq: 0, skipped: 0, rejects: {} as Record<string, number> };
  /** Where the map looks; kept for the address. */
  view: Pick<Place, 'zoom' | 'latDeg' | 'lonDeg'>;

  #lineSinceMs = Date.now();
  #clock = new ServerClock();
  #line: Line | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;
  #toastId = 0;

  constructor(session: Session) {
    this.session = session;
    const place = readPlace(location.hash);
    this.screen = place.screen;
    this.selected = place.track;
    this.incident = place.incident;
    this.text = place.text;
    this.filters = place.filters;
    this.view = { zoom: place.zoom, latDeg: place.latDeg, lonDeg: place.lonDeg };
    this.theme = kept('theme') === 'light' ? 'light' : 'dark';
    const tongue = kept('tongue') as Tongue | null;
    setTongue(tongue === 'en' || tongue === 'ja' ? tongue : session.language);
  }

  /** An administrator runs the machine and sees no content: only the health of the feeds. */
  get contentless(): boolean {
    return this.session.role === 'administrator';
  }

  start(): void {
    this.#timer = setInterval(() => this.#second(), 1000);
    if (this.contentless) {
      this.screen = 'feeds';
      return;
    }
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    this.#line = new Line(`${scheme}://${location.host}/ws`, {
      state: (state) => this.#lineChanged(state),
      message: (message) => this.#message(message),
      frame: (frame, bytes) => this.#frame(frame, bytes),
      skipped: (frames) => (this.traffic.skipped += frames),
      reject: (reason) => (this.traffic.rejects[reason] = (this.traffic.rejects[reason] ?? 0) + 1),
      unopened: () => void this.#checkSession(),
    });
    this.#line.start();
  }

  stop(): void {
    this.#line?.stop();
    this.playback.back();
    clearInterval(this.#timer);
  }

  get inIncident(): Set<number> {
    return tracksInIncidents(this.affairs);
  }

  /** The node does not answer: nothing on the screen is live. */
  get frozen(): boolean {
    return this.hello !== null && this.line !== 'open';
  }

  /** The state of every link, the first partner's in front. */
  get links(): LinkView[] {
    const { link, links } = this.status ?? { link: null };
    if (!link) return [];
    return [link, ...Object.values(links ?? {}).filter((other) => other.partner !== link.partner)];
  }

  get downLinks(): LinkView[] {
    return this.links.filter((link) => link.state === 'down');
  }

  /** No partner can be heard. */
  get linkDown(): boolean {
    return this.links.length > 0 && this.downLinks.length === this.links.length;
  }

  get partners(): string[] {
    return this.hello?.partners ?? [this.hello?.partner ?? this.status?.link?.partner ?? ''].filter(Boolean);
  }

  /** The partner that the screens speak of: the one that was chosen, else the first. */
  get partner(): string {
    return this.partners.find((nation) => nation === this.chosen) ?? this.partners[0] ?? '';
  }

  nextPartner(): void {
    const at = this.partners.indexOf(this.partner);
    this.chosen = this.partners[(at + 1) % this.partners.length] ?? '';
  }

  get link(): LinkView | null {
    return this.links.find((link) => link.partner === this.partner) ?? null;
  }

  /** What the partner that the screens speak of gets of a track. */
  releaseOf(track: Track): TrackRelease {
    return track.releases?.[this.partner] ?? track.release;
  }

  /** The picture that the screen shows: of now, or of the playback's moment. */
  get shownPicture(): Picture {
    return this.playback.on ? this.playback.picture : this.picture;
  }

  /** The moment that the screen shows. */
  get shownNow(): number {
    return this.playback.on ? this.playback.shownMs : this.now;
  }

  /** The silences that make tracks hollow; those of today say nothing of the past. */
  get silence(): { linkDown: boolean; frozen: boolean } {
    return this.playback.on ? { linkDown: false, frozen: false } : { linkDown: this.linkDown, frozen: this.frozen };
  }

  get selectedTrack(): Track | undefined {
    void this.tick;
    if (this.selected === null) return undefined;
    const track = this.picture.byNumber(this.selected);
    return track && this.detail?.number === this.selected && !this.frozen ? { ...track, ...this.detail } : track;
  }

  /** Asks for the selected track in full; a failure leaves what streamed. */
  async refreshDetail(): Promise<void> {
    const number = this.selected;
    if (number === null) return;
    const detail = await get<Track>(`/api/track?track=${number}`).catch(() => null);
    if (number === this.selected) this.detail = detail;
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    keep('theme', theme);
  }

  setBell(on: boolean): void {
    if (on) prepare();
    this.bell = on;
    if (on) ring('alert');
  }

  setTongue(tongue: Tongue): void {
    setTongue(tongue);
    keep('tongue', tongue);
  }

  go(screen: Screen): void {
    this.screen = screen;
  }

  /** The selected track may be shown under another number now: it is one thing with that. */
  #follow(): void {
    if (this.selected === null) return;
    this.selected = this.picture.byNumber(this.selected)?.number ?? this.selected;
  }

  select(number: number | null): void {
    this.selected = number;
  }

  openIncident(id: string): void {
    this.incident = id;
    this.screen = 'incidents';
  }

  /** Writes the address; called when the place changed. */
  writePlace(): void {
    const { screen, selected, incident, text, filters, view } = this;
    const hash = writePlace({ screen, track: selected, incident, text, filters: [...filters], ...view });
    if (hash !== location.hash) history.replaceState(null, '', hash || location.pathname);
  }

  /** Sends a command and says how it went. True when the node took it. */
  async command(command: Command): Promise<{ ok: boolean; id: string | null }> {
    try {
      const { id } = await send(command);
      this.say('done', t('done', { what: tOf('command', command.command) }));
      return { ok: true, id: id ?? null };
    } catch (error) {
      this.say('failed', callText(error));
      return { ok: false, id: null };
    }
  }

  say(kind: Toast['kind'], text: string): void {
    const id = ++this.#toastId;
    this.toasts = [...this.toasts.slice(-2), { id, kind, text }];
    setTimeout(() => this.dismiss(id), kind === 'done' ? 4_000 : 12_000);
  }

  dismiss(id: number): void {
    this.toasts = this.toasts.filter((toast) => toast.id !== id);
  }

  #lineChanged(state: LineState): void {
    if ((state === 'open') !== (this.line === 'open')) this.#lineSinceMs = Date.now();
    this.line = state;
  }

  async #checkSession(): Promise<void> {
    try {
      this.session = await get<Session>('/api/session');
    } catch (error) {
      if (error instanceof CallError && error.status === 401) {
        this.stop();
        this.signedOut = true;
      }
    }
  }

  #message(message: ServerMessage): void {
    switch (message.type) {
      case 'hello':
        this.hello = message;
        void this.#askMarkings();
        this.picture.reset(message.base_ms);
        this.#heard(message.server_time_ms);
        this.tick += 1;
        break;
      case 'tracks':
        this.picture.applyTracks(message.add, message.remove);
        this.#follow();
        this.tick += 1;
        break;
      case 'affairs':
        this.#attend(message);
        this.affairs = message;
        this.hasAffairs = true;
        break;
      case 'status':
        this.#heed(message);
        break;
    }
  }

  /** Calls for what is new; nothing is called that stood before this page looked. */
  #attend(next: Affairs): void {
    const before = new Set(this.affairs.attention.map((item) => item.id));
    const fresh = next.attention.filter((item) => item.severity !== 'notice' && !before.has(item.id));
    if (!this.hasAffairs || fresh.length === 0) return;
    for (const id of this.heardAt.keys()) if (!before.has(id)) this.heardAt.delete(id);
    for (const item of fresh) this.heardAt.set(item.id, this.#clock.now(Date.now()));
    if (this.bell) ring(fresh.some((item) => item.severity === 'distress') ? 'distress' : 'alert');
  }

  #heed(status: Status): void {
    this.status = status;
    this.#heard(status.now_ms);
    this.linkWatch.heard(status.link, status.now_ms);
    for (const feed of status.feeds) this.rates.add(feed.name, feed.rate_per_s);
  }

  #frame(frame: Frame, bytes: number): void {
    this.picture.applyFrame(frame);
    this.traffic.frames += 1;
    this.traffic.bytes += bytes;
    this.traffic.seq = frame.seq;
    this.#heard(frame.serverTimeMs);
    this.tick += 1;
  }

  #heard(serverMs: number): void {
    this.#clock.heard(serverMs, Date.now());
  }

  #second(): void {
    this.now = this.#clock.now(Date.now());
    this.lineForMs = Date.now() - this.#lineSinceMs;
    if (this.contentless) void this.#askFeeds();
  }

  /** A node that came up anew may have other words; a failure leaves those that stand, or the codes. */
  async #askMarkings(): Promise<void> {
    this.markings = await getMarkings().catch(() => this.markings);
  }

  async #askFeeds(): Promise<void> {
    try {
      this.#heed(await get<Status>('/api/feeds'));
      this.#lineChanged('open');
    } catch {
      this.#lineChanged('reconnecting');
      await this.#checkSession();
    }
  }
}

/** A nation's side in words; by its code where the words do not know it. */
export function sideOf(nation: string): string {
  return knows(`side-${nation}`) ? tOf('side', nation) : t('side-other', { nation });
}

/** What went wrong with a call, in the reader's language. */
export function callText(error: unknown): string {
  if (!(error instanceof CallError)) return t('error-unknown');
  if (error.code === 'offline') return t('error-offline');
  if (error.code === 'garbled') return t('error-garbled');
  return error.text ? `${say(error.text)} (${error.code})` : t('error-http', { status: error.status });
}

const KEY = Symbol('floor');

export function provideFloor(floor: Floor): void {
  setContext(KEY, floor);
}

export function theFloor(): Floor {
  return getContext<Floor>(KEY);
}
