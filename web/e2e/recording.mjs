// Recordings for the alerts: what invented ships and aircraft say over some hours, as receivers would
// have written it. The same every time: no dice, no clock. Identities are of no country (MID 691, F0…).

/** Where the scenes lie: open sea, far from the invented island of SHORE. */
const ORIGIN = { latDeg: 27, lonDeg: 130 };
const METRES_PER_DEG = 111_195;
/** When the recordings were made, by their own clock; in Unix seconds. */
const BEGUN_S = Date.UTC(2024, 0, 1) / 1000;
export const KN = 1852 / 3600;
/** Between two reports of a ship, seconds. */
export const STEP_S = 60;
/** For so long the recordings run, seconds: a stay of four hours, and loitering in whole half hours. */
export const LENGTH_S = 17_400;

/** Degrees of a place given in metres east and north of the scenes' middle. */
export function place([east, north]) {
  const cosine = Math.cos((ORIGIN.latDeg * Math.PI) / 180);
  return { latDeg: ORIGIN.latDeg + north / METRES_PER_DEG, lonDeg: ORIGIN.lonDeg + east / METRES_PER_DEG / cosine };
}

/** A square of 20 km, as [latitude, longitude]. */
export const ZONE = [[-10_000, -10_000], [10_000, -10_000], [10_000, 10_000], [-10_000, 10_000]]
  .map((corner) => place(corner)).map(({ latDeg, lonDeg }) => [latDeg, lonDeg]);

/** An invented island, 250 km off, as GeoJSON. */
export const SHORE = {
  type: 'Feature', properties: { name: 'Invented Island' },
  geometry: { type: 'Polygon', coordinates: [[[132.5, 27], [132.7, 27], [132.7, 27.2], [132.5, 27.2], [132.5, 27]]] },
};

/** Six-bit AIS, most significant bit first. */
class Bits {
  #bits = '';
  put(value, length) {
    const whole = value < 0 ? 2 ** length + value : value;
    this.#bits += Math.round(whole).toString(2).padStart(length, '0').slice(-length);
    return this;
  }
  text(words, characters) {
    for (const c of words.padEnd(characters, '@').slice(0, characters)) this.put(c.charCodeAt(0) & 63, 6);
    return this;
  }
  /** The sentence that carries them. */
  sentence() {
    const filled = this.#bits.padEnd(Math.ceil(this.#bits.length / 6) * 6, '0');
    const payload = filled.match(/.{6}/g).map((six) => parseInt(six, 2)).map((n) => String.fromCharCode(n < 40 ? n + 48 : n + 56));
    const body = `AIVDM,1,1,,A,${payload.join('')},${filled.length - this.#bits.length}`;
    return `!${body}*${checksum(body)}`;
  }
}

function checksum(body) {
  return [...body].reduce((sum, c) => sum ^ c.charCodeAt(0), 0).toString(16).toUpperCase().padStart(2, '0');
}

/** Type 1: where a ship is and how it moves. */
export function position(mmsi, at, speed, courseDeg) {
  const { latDeg, lonDeg } = place(at);
  const bits = new Bits().put(1, 6).put(0, 2).put(mmsi, 30).put(0, 4).put(-128, 8).put((speed / KN) * 10, 10).put(1, 1);
  bits.put(lonDeg * 600_000, 28).put(latDeg * 600_000, 27).put(courseDeg * 10, 12).put(511, 9).put(60, 6).put(0, 25);
  return bits.sentence();
}

/** Type 24, part A: its name. */
export function name(mmsi, words) {
  return new Bits().put(24, 6).put(0, 2).put(mmsi, 30).put(0, 2).text(words, 20).put(0, 8).sentence();
}

/** Type 14: a safety text to all. */
function safety(mmsi, words) {
  return new Bits().put(14, 6).put(0, 2).put(mmsi, 30).put(0, 2).text(words, words.length).sentence();
}

function tagged(t, sentence) {
  const tag = `c:${BEGUN_S + t}`;
  return `\\${tag}*${checksum(tag)}\\${sentence}\n`;
}

/** Straight from `from`; a path gives [place, speed, course] at a moment. */
const straight = (from, speed, courseDeg) => (t) => {
  const angle = (courseDeg * Math.PI) / 180;
  return [[from[0] + speed * Math.sin(angle) * t, from[1] + speed * Math.cos(angle) * t], speed, courseDeg];
};
/** One path until `when`, then on another from where it came to. */
const then = (first, when, speed, courseDeg) => (t) => (t < when ? first(t) : straight(first(when)[0], speed, courseDeg)(t - when));
const circle = ([east, north], radius, speed) => (t) => {
  const angle = (speed * t) / radius;
  return [[east - radius * Math.cos(angle), north + radius * Math.sin(angle)], speed, ((angle * 180) / Math.PI) % 360];
};

/** Ships of the main receiver: number, name, path, from and to which second they are heard. */
const SHIPS = [
  [1, 'KITE', straight([-16_000, -9_000], 12 * KN, 90)],
  [2, 'HERON', (t) => (t < 2_500 ? straight([-12_000, 3_000], 3.6, 90)(t) : circle([0, 3_000], 3_000, 3.6)(t - 2_500))],
  [3, 'CURLEW', straight([60_000, -15_000], 10 * KN, 0)],
  [4, 'PLOVER', straight([60_300, 15_000], 10 * KN, 180)],
  [5, 'TERN', then(straight([0, -75_000], 8 * KN, 0), 3_650, 0.5 * KN, 90)],
  [6, 'PETREL', then(straight([30, -75_000 + 16 * KN * 3_650], 8 * KN, 180), 3_650, 0.5 * KN, 90)],
  [7, 'ALBATROSS', then(straight([-70_000, 0], 10 * KN, 0), 700, 0.8 * KN, 0)],
  [8, 'SNIPE', straight([0, 70_000], 8 * KN, 0), 0, 3_600],
  [9, 'STILT', straight([-6_000, 64_000], 8 * KN, 0)],
  [10, 'AVOCET', straight([6_000, 64_000], 8 * KN, 0)],
  [11, 'DUNLIN', straight([-6_000, 76_000], 8 * KN, 0)],
  [12, 'KNOT', straight([6_000, 76_000], 8 * KN, 0)],
  [13, 'GODWIT', straight([-60_000, -60_000], 6 * KN, 180)],
  [14, 'RAIL', then(straight([-30_000, -90_000], 10 * KN, 180), 1e9, 0, 0), 0, 2_400],
  [14, 'RAIL', straight([200_000, -90_000], 10 * KN, 180), 2_460, LENGTH_S],
  [16, 'FULMAR', straight([0, -35_000], 5 * KN, 270)],
];
const mmsi = (n) => 691_000_000 + n;

function heard([n, called, path, from = 0, to = LENGTH_S]) {
  const lines = [];
  for (let t = from; t < to; t += STEP_S) {
    const at = t + n;
    const [where, speed, course] = path(at);
    lines.push([at, position(mmsi(n), where, speed, course)]);
    if (Math.round((t - from) / STEP_S) % 5 === 1) lines.push([at + 0.5, name(mmsi(n), called)]);
  }
  return lines;
}

const written = (lines) => lines.sort((a, b) => a[0] - b[0]).map(([t, sentence]) => tagged(Math.floor(t), sentence)).join('');

/** The main receiver: everything but what the other three hear. */
export function shipsRecording() {
  const lines = SHIPS.flatMap(heard);
  // One identity in two places from the first minute on.
  lines.push(...heard([13, 'GODWIT', straight([60_000, -60_000], 6 * KN, 180)]).map(([t, sentence]) => [t + 30, sentence]));
  // Another name, said often enough.
  for (let t = 15; t < LENGTH_S; t += STEP_S) {
    const [where, speed, course] = straight([30_000, -90_000], 9 * KN, 270)(t);
    lines.push([t, position(mmsi(15), where, speed, course)]);
    if (t % 300 === 75) lines.push([t + 0.5, name(mmsi(15), t < 3_000 ? 'SANDPIPER' : 'TURNSTONE')]);
  }
  lines.push([3_000, safety(mmsi(16), 'ENGINE FAILURE. NOT UNDER COMMAND. KEEP CLEAR')]);
  return written(lines);
}

/** A second receiver, which hears one ship and fails after fifty minutes. */
export function failingRecording() {
  return written(heard([20, 'GANNET', straight([-90_000, 90_000], 10 * KN, 0), 0, 3_000]));
}

/** An aircraft that sets 7700 after twenty minutes, as SBS lines. */
export function squawkRecording() {
  let text = '';
  for (let t = 0; t < LENGTH_S; t += 30) {
    const when = new Date((BEGUN_S + t) * 1000).toISOString();
    const stamp = `${when.slice(0, 10).replaceAll('-', '/')},${when.slice(11, 23)}`;
    const { latDeg, lonDeg } = place([-90_000 + 10 * t, 110_000]);
    const head = `1,1,F00101,1,${stamp},${stamp}`;
    text += `MSG,3,${head},RNK101,31000,,,${latDeg.toFixed(5)},${lonDeg.toFixed(5)},,,0,0,0,0\r\n`;
    text += `MSG,6,${head},,31000,,,,,,${t < 1_200 ? '2000' : '7700'},0,${t < 1_200 ? 0 : -1},0,0\r\n`;
  }
  return text;
}

/** Five aircraft, of which four say from ten minutes on that they hardly know where they are. */
export function navigationRecording() {
  let text = '';
  for (let t = 0; t < LENGTH_S; t += 30) {
    for (let n = 1; n <= 5; n += 1) {
      const { latDeg, lonDeg } = place([120_000 + 6_000 * n, 100_000 + 60 * Math.sin(t / 60)]);
      const [lat, lon] = [Number(latDeg.toFixed(5)), Number(lonDeg.toFixed(5))];
      const nac_p = t < 600 || n === 5 ? 9 : 4;
      const now = BEGUN_S + t + n / 10;
      text += `${JSON.stringify({ now, hex: `f0020${n}`, flight: `RNK20${n}`, lat, lon, alt_baro: 30_000 + n, gs: 20, track: 90, nac_p })}\n`;
    }
  }
  return text;
}
