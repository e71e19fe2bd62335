// The line to the node: reconnects, counts what was skipped, gives up a silent line. No clock, no network.
import { expect, it } from 'vitest';
import { Line, SILENCE_MS, type LineEvents } from './socket';

interface FakeSocket {
  readyState: number;
  closed: boolean;
  onopen?: () => void;
  onmessage?: (event: { data: string | ArrayBuffer }) => void;
  onclose?: () => void;
}

function rig() {
  const sockets: FakeSocket[] = [];
  const timers: { run: () => void; ms: number; live: boolean }[] = [];
  const log: string[] = [];
  const events: LineEvents = {
    state: (state, attempt) => log.push(`${state} ${attempt}`),
    message: (message) => log.push(`message ${message.type}`),
    frame: (frame) => log.push(`frame ${frame.seq}`),
    skipped: (frames) => log.push(`skipped ${frames}`),
    reject: (reason) => log.push(`reject ${reason}`),
    unopened: () => log.push('unopened'),
  };
  const line = new Line('ws://x', events, {
    open: () => {
      const socket: FakeSocket = { readyState: 1, closed: false };
      sockets.push(socket);
      return Object.assign(socket, {
        close: () => {
          socket.closed = true;
          socket.onclose?.();
        },
      }) as unknown as WebSocket;
    },
    later: (run, ms) => {
      const timer = { run, ms, live: true };
      timers.push(timer);
      return () => (timer.live = false);
    },
  });
  const fire = (ms: number) => timers.filter((t) => t.live && t.ms === ms).forEach((t) => ((t.live = false), t.run()));
  return { line, sockets, timers, log, fire };
}

function delta(seq: number, kind = 1): ArrayBuffer {
  const buffer = new ArrayBuffer(20);
  const view = new DataView(buffer);
  view.setUint8(0, 1);
  view.setUint8(1, kind);
  view.setUint32(4, seq, true);
  return buffer;
}

it('frames that the node skipped are counted and lose nothing', () => {
  const { line, sockets, log } = rig();
  line.start();
  const socket = sockets[0]!;
  socket.onopen?.();
  for (const data of [delta(0, 0), delta(1), delta(4), delta(4)]) socket.onmessage?.({ data });
  expect(log).toEqual(['connecting 0', 'open 0', 'frame 0', 'frame 1', 'skipped 2', 'frame 4', 'frame 4']);
});

it('the sequence may wrap round', () => {
  const { line, sockets, log } = rig();
  line.start();
  for (const data of [delta(4_294_967_295, 0), delta(0)]) sockets[0]!.onmessage?.({ data });
  expect(log.some((line) => line.startsWith('skipped'))).toBe(false);
});

it('a broken line is opened again, later each time', () => {
  const { line, sockets, timers, log, fire } = rig();
  line.start();
  sockets[0]!.onopen?.();
  sockets[0]!.onclose?.();
  fire(300);
  sockets[1]!.onclose?.();
  expect(log).toEqual(['connecting 0', 'open 0', 'reconnecting 1', 'reconnecting 1', 'unopened', 'reconnecting 2']);
  expect(timers.filter((timer) => timer.live).map((timer) => timer.ms)).toEqual([700]);
});

it('a line without a word is given up', () => {
  const { line, sockets, fire } = rig();
  line.start();
  sockets[0]!.onopen?.();
  fire(SILENCE_MS);
  expect(sockets[0]!.closed).toBe(true);
});

it('what is not JSON and not a frame is counted and costs nothing', () => {
  const { line, sockets, log } = rig();
  line.start();
  sockets[0]!.onopen?.();
  sockets[0]!.onmessage?.({ data: '{' });
  sockets[0]!.onmessage?.({ data: new ArrayBuffer(3) });
  sockets[0]!.onmessage?.({ data: '{"type":"hello"}' });
  expect(log.slice(2)).toEqual(['reject json', 'reject short', 'message hello']);
});

it('after stop nothing is opened again', () => {
  const { line, sockets, timers } = rig();
  line.start();
  sockets[0]!.onopen?.();
  line.stop();
  expect(timers.some((timer) => timer.live)).toBe(false);
});
