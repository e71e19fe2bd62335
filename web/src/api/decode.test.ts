// The binary frame, byte for byte as the contract writes it.
import { describe, expect, it } from 'vitest';
import { affiliationOf, decodeFrame, domainOf } from './decode';

/** Writes a frame independently of the reader: row by row into the columns. */
function encode(kind: number, rows: number[][], version = 1): ArrayBuffer {
  const n = rows.length;
  const buffer = new ArrayBuffer(20 + n * 22);
  const view = new DataView(buffer);
  view.setUint8(0, version);
  view.setUint8(1, kind);
  view.setUint32(4, 77, true);
  view.setFloat64(8, 1_780_000_000_123, true);
  view.setUint32(16, n, true);
  const widths = [4, 4, 4, 2, 2, 4, 2];
  let at = 20;
  widths.forEach((width, column) => {
    for (const row of rows) {
      const value = row[column]!;
      if (width === 2) view.setUint16(at, value, true);
      else if (column === 1 || column === 2) view.setInt32(at, value, true);
      else view.setUint32(at, value, true);
      at += width;
    }
  });
  return buffer;
}

const ROWS = [[7, 24_800_000, 125_300_000, 23_500, 112, 9_001, 0b10], [4_294_967_295, -1_000_000, -179_999_999, 65_535, 65_535, 0, 0]];

describe('a frame', () => {
  it('gives back every column', () => {
    const frame = decodeFrame(encode(0, ROWS));
    expect(frame).toMatchObject({ kind: 'snapshot', seq: 77, serverTimeMs: 1_780_000_000_123, count: 2 });
    if ('error' in frame) throw new Error(frame.error);
    const columns = [frame.handle, frame.lat, frame.lon, frame.course, frame.speed, frame.time, frame.flags];
    expect([0, 1].map((i) => columns.map((column) => column[i]))).toEqual(ROWS);
  });
  it('without rows is a frame', () => {
    expect(decodeFrame(encode(1, []))).toMatchObject({ kind: 'delta', count: 0 });
  });
  it.each([
    ['cut short', new ArrayBuffer(19), 'short'],
    ['of a later version', encode(0, ROWS, 2), 'version'],
    ['of an unknown kind', encode(2, ROWS), 'kind'],
    ['that lost its last byte', encode(0, ROWS).slice(0, -1), 'length'],
    ['with bytes after it', new Uint8Array([...new Uint8Array(encode(0, ROWS)), 0]).buffer, 'length'],
  ])('%s is refused whole', (_, buffer, error) => {
    expect(decodeFrame(buffer as ArrayBuffer)).toEqual({ error });
  });
  it('that claims more rows than it holds is refused', () => {
    const buffer = encode(0, ROWS);
    new DataView(buffer).setUint32(16, 4_000_000_000, true);
    expect(decodeFrame(buffer)).toEqual({ error: 'length' });
  });
});

describe('flags', () => {
  it('hold the affiliation and the domain', () => {
    const flags = (4 << 6) | (1 << 9) | 0b111;
    expect([affiliationOf(flags), domainOf(flags)]).toEqual(['neutral', 'air']);
  });
  it('with an unknown number fall back to what claims least', () => {
    expect([affiliationOf(7 << 6), domainOf(7 << 9)]).toEqual(['unknown', 'other']);
  });
});
