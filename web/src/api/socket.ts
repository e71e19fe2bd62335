// The live line to the node: one WebSocket, text for meaning and binary for motion. It comes back by
// itself after a break and gives up a line that has gone silent. It keeps no queue: the newest picture
// is the only one worth having. The node counts its frames and skips some for a slow screen; each
// message is the difference to what this screen has, so a skipped number loses nothing.
import { decodeFrame, type Frame } from './decode';
import type { ServerMessage } from './types';

export type LineState = 'connecting' | 'open' | 'reconnecting' | 'refused';

export interface LineEvents {
  state(state: LineState, attempt: number): void;
  message(message: ServerMessage): void;
  frame(frame: Frame, bytes: number): void;
  /** The node skipped this many frames for this screen. */
  skipped(frames: number): void;
  /** A frame or message that could not be read; counted on the health page. */
  reject(reason: string): void;
  /** The line closed before it ever opened: the caller checks whether the sign-in still stands. */
  unopened(): void;
}

/** What the line needs of the world; tests hand in their own. */
export interface World {
  open(url: string): WebSocket;
  later(run: () => void, ms: number): () => void;
}

/** The node sends its status each second; after this long without a word the line is dead. */
export const SILENCE_MS = 6_000;
const BACKOFF_MS = [300, 700, 1_500, 3_000, 5_000];

export const browserWorld: World = {
  open: (url) => new WebSocket(url),
  later: (run, ms) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

export class Line {
  #socket: WebSocket | null = null;
  #attempt = 0;
  #opened = false;
  #stopped = false;
  #seq: number | null = null;
  #stopSilence: (() => void) | null = null;
  #stopRetry: (() => void) | null = null;

  constructor(
    private readonly url: string,
    private readonly events: LineEvents,
    private readonly world: World = browserWorld,
  ) {}

  start(): void {
    this.#stopped = false;
    this.events.state(this.#attempt === 0 ? 'connecting' : 'reconnecting', this.#attempt);
    const socket = this.world.open(this.url);
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    this.#opened = false;
    this.#seq = null;
    socket.onopen = () => {
      this.#opened = true;
      this.#attempt = 0;
      this.events.state('open', 0);
      this.#listen();
    };
    socket.onmessage = ({ data }) => this.#receive(data as string | ArrayBuffer);
    socket.onclose = () => this.#closed(socket);
    this.#listen();
  }

  stop(): void {
    this.#stopped = true;
    this.#stopSilence?.();
    this.#stopRetry?.();
    this.#socket?.close();
  }

  #listen(): void {
    this.#stopSilence?.();
    this.#stopSilence = this.world.later(() => this.#socket?.close(), SILENCE_MS);
  }

  #receive(data: string | ArrayBuffer): void {
    this.#listen();
    if (typeof data === 'string') {
      try {
        this.events.message(JSON.parse(data) as ServerMessage);
      } catch {
        this.events.reject('json');
      }
      return;
    }
    const frame = decodeFrame(data);
    if ('error' in frame) {
      this.events.reject(frame.error);
      return;
    }
    const skipped = this.#seq === null ? 0 : (frame.seq - this.#seq - 1) >>> 0;
    // A subscription makes the node send the frame it has once more.
    if (skipped > 0 && skipped < 0x8000_0000) this.events.skipped(skipped);
    this.#seq = frame.seq;
    this.events.frame(frame, data.byteLength);
  }

  #closed(socket: WebSocket): void {
    if (this.#stopped || socket !== this.#socket) return;
    this.#stopSilence?.();
    if (!this.#opened) this.events.unopened();
    const wait = BACKOFF_MS[Math.min(this.#attempt, BACKOFF_MS.length - 1)] ?? 5_000;
    this.#attempt += 1;
    this.events.state('reconnecting', this.#attempt);
    this.#stopRetry = this.world.later(() => this.start(), wait);
  }
}
