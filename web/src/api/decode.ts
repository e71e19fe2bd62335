// Reads one binary kinematics frame: little endian, a 24-byte head and seven columns. A frame that
// is cut short, of another version or of an unknown kind is refused whole: half a picture that
// looks whole is worse than an old one that says so.

export const FRAME_VERSION = 1;
const HEAD_BYTES = 20;
const ROW_BYTES = 4 + 4 + 4 + 2 + 2 + 4 + 2;

export const NO_COURSE = 65535;
export const NO_SPEED = 65535;

/** Bits of the flags column. */
export const Flag = {
  stale: 1 << 0,
  lost: 1 << 1,
  own: 1 << 2,
  partner: 1 << 3,
  notReleased: 1 << 4,
  emergency: 1 << 5,
} as const;

export interface Frame {
  kind: 'snapshot' | 'delta';
  seq: number;
  serverTimeMs: number;
  count: number;
  handle: Uint32Array;
  lat: Int32Array;
  lon: Int32Array;
  course: Uint16Array;
  speed: Uint16Array;
  time: Uint32Array;
  flags: Uint16Array;
}

export type FrameError = { error: 'short' | 'version' | 'kind' | 'length' };

/** Decodes `buffer`, or says why not. Columns are copied, so `buffer` may be reused. */
export function decodeFrame(buffer: ArrayBuffer): Frame | FrameError {
  if (buffer.byteLength < HEAD_BYTES) return { error: 'short' };
  const view = new DataView(buffer);
  if (view.getUint8(0) !== FRAME_VERSION) return { error: 'version' };
  const kind = view.getUint8(1);
  if (kind > 1) return { error: 'kind' };
  const seq = view.getUint32(4, true);
  const serverTimeMs = view.getFloat64(8, true);
  const count = view.getUint32(16, true);
  if (buffer.byteLength !== HEAD_BYTES + count * ROW_BYTES) return { error: 'length' };
  let at = HEAD_BYTES;
  const column = <T>(width: number, make: (bytes: ArrayBuffer) => T): T => {
    const bytes = buffer.slice(at, at + width * count);
    at += width * count;
    return make(bytes);
  };
  return {
    kind: kind === 0 ? 'snapshot' : 'delta',
    seq,
    serverTimeMs,
    count,
    handle: column(4, (b) => new Uint32Array(b)),
    lat: column(4, (b) => new Int32Array(b)),
    lon: column(4, (b) => new Int32Array(b)),
    course: column(2, (b) => new Uint16Array(b)),
    speed: column(2, (b) => new Uint16Array(b)),
    time: column(4, (b) => new Uint32Array(b)),
    flags: column(2, (b) => new Uint16Array(b)),
  };
}

const AFFILIATIONS = ['pending', 'unknown', 'assumed_friend', 'friend', 'neutral', 'suspect', 'hostile'] as const;
const DOMAINS = ['surface', 'air', 'land', 'installation', 'other'] as const;

/** The affiliation packed in bits 6–8. */
export function affiliationOf(flags: number): (typeof AFFILIATIONS)[number] {
  return AFFILIATIONS[(flags >> 6) & 7] ?? 'unknown';
}

/** The domain packed in bits 9–11. */
export function domainOf(flags: number): (typeof DOMAINS)[number] {
  return DOMAINS[(flags >> 9) & 7] ?? 'other';
}
