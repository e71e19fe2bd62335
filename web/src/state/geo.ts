// Positions as people say them: degrees and minutes, decimal, MGRS; distance and bearing. Display
// only; the node computes what matters.

export type CoordinateStyle = 'dms' | 'decimal' | 'mgrs';
export const COORDINATE_STYLES: CoordinateStyle[] = ['dms', 'decimal', 'mgrs'];

const RAD = Math.PI / 180;
const EARTH_NM = 3440.065;

function sexagesimal(value: number, width: number, positive: string, negative: string): string {
  const total = Math.round(Math.abs(value) * 3600);
  const d = String(Math.floor(total / 3600)).padStart(width, '0');
  const m = String(Math.floor((total % 3600) / 60)).padStart(2, '0');
  const s = String(total % 60).padStart(2, '0');
  return `${d}°${m}′${s}″${value < 0 ? negative : positive}`;
}

export function formatPosition(latDeg: number, anyLonDeg: number, style: CoordinateStyle): string {
  const lonDeg = namedLongitude(anyLonDeg);
  if (style === 'decimal') return `${latDeg.toFixed(4)}, ${lonDeg.toFixed(4)}`;
  if (style === 'mgrs') return mgrs(latDeg, lonDeg);
  return `${sexagesimal(latDeg, 2, 'N', 'S')} ${sexagesimal(lonDeg, 3, 'E', 'W')}`;
}

/** Great-circle distance in nautical miles. */
export function distanceNm(lat1: number, lon1: number, lat2: number, lon2: number): number {
  const h =
    Math.sin(((lat2 - lat1) * RAD) / 2) ** 2 +
    Math.cos(lat1 * RAD) * Math.cos(lat2 * RAD) * Math.sin(((lon2 - lon1) * RAD) / 2) ** 2;
  return 2 * EARTH_NM * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** The point reached from a position after `nm` on `bearingDeg`. */
export function destination(latDeg: number, lonDeg: number, bearingDeg: number, nm: number): [number, number] {
  const d = nm / EARTH_NM;
  const b = bearingDeg * RAD;
  const lat = latDeg * RAD;
  const sin = Math.sin(lat) * Math.cos(d) + Math.cos(lat) * Math.sin(d) * Math.cos(b);
  const lon = Math.atan2(Math.sin(b) * Math.sin(d) * Math.cos(lat), Math.cos(d) - Math.sin(lat) * sin);
  return [Math.asin(sin) / RAD, lonDeg + lon / RAD];
}

/** The map begins here and runs a whole turn eastward, so that the Pacific lies in one piece. */
const WEST_EDGE_DEG = -140;

/** A longitude in the turn of the map, −140° to 220°. */
export function mapLongitude(lonDeg: number): number {
  return lonDeg - 360 * Math.floor((lonDeg - WEST_EDGE_DEG) / 360);
}

/** A longitude as people name it, −180° to 180°. */
export function namedLongitude(lonDeg: number): number {
  return lonDeg - 360 * Math.floor((lonDeg + 180) / 360);
}

/** Longitudes that follow on from one another, each the shorter way; the first in the turn of the map. */
export function unrolled(lonsDeg: number[]): number[] {
  const way: number[] = [];
  for (const lon of lonsDeg) {
    const last = way.at(-1);
    way.push(last === undefined ? mapLongitude(lon) : last + namedLongitude(lon - last));
  }
  return way;
}

/** Web Mercator on the turn of the map, x east from −180° and y south; the world is 1 wide. */
export function mercator(latDeg: number, lonDeg: number): [number, number] {
  const y = Math.log(Math.tan(Math.PI / 4 + (latDeg * RAD) / 2));
  return [(mapLongitude(lonDeg) + 180) / 360, 0.5 - y / (2 * Math.PI)];
}

const BANDS = 'CDEFGHJKLMNPQRSTUVWX';
const COLUMNS = ['ABCDEFGH', 'JKLMNPQR', 'STUVWXYZ'];
const ROWS = ['ABCDEFGHJKLMNPQRSTUV', 'FGHJKLMNPQRSTUVABCDE'];

/** Military grid reference to 100 m (WGS 84), or an em dash outside 80°S–84°N. */
export function mgrs(latDeg: number, lonDeg: number): string {
  if (latDeg < -80 || latDeg > 84) return '—';
  const zone = Math.min(60, Math.floor((lonDeg + 180) / 6) + 1);
  const [easting, northing] = utm(latDeg, lonDeg, zone);
  const band = BANDS[Math.min(19, Math.floor((latDeg + 80) / 8))];
  const column = COLUMNS[(zone - 1) % 3]![Math.floor(easting / 100_000) - 1];
  const row = ROWS[(zone - 1) % 2]![Math.floor(northing / 100_000) % 20];
  const digits = (value: number) => String(Math.floor((value % 100_000) / 100)).padStart(3, '0');
  return `${zone}${band} ${column}${row} ${digits(easting)} ${digits(northing)}`;
}

function utm(latDeg: number, lonDeg: number, zone: number): [number, number] {
  const [a, f, k0] = [6_378_137, 1 / 298.257223563, 0.9996];
  const e2 = f * (2 - f);
  const ep2 = e2 / (1 - e2);
  const lat = latDeg * RAD;
  const n = a / Math.sqrt(1 - e2 * Math.sin(lat) ** 2);
  const t = Math.tan(lat) ** 2;
  const c = ep2 * Math.cos(lat) ** 2;
  const A = Math.cos(lat) * (lonDeg - ((zone - 1) * 6 - 177)) * RAD;
  const m =
    a *
    ((1 - e2 / 4 - (3 * e2 ** 2) / 64 - (5 * e2 ** 3) / 256) * lat -
      ((3 * e2) / 8 + (3 * e2 ** 2) / 32 + (45 * e2 ** 3) / 1024) * Math.sin(2 * lat) +
      ((15 * e2 ** 2) / 256 + (45 * e2 ** 3) / 1024) * Math.sin(4 * lat) -
      ((35 * e2 ** 3) / 3072) * Math.sin(6 * lat));
  const easting =
    k0 * n * (A + ((1 - t + c) * A ** 3) / 6 + ((5 - 18 * t + t ** 2 + 72 * c - 58 * ep2) * A ** 5) / 120) + 500_000;
  const northing =
    k0 *
    (m +
      n *
        Math.tan(lat) *
        (A ** 2 / 2 +
          ((5 - t + 9 * c + 4 * c ** 2) * A ** 4) / 24 +
          ((61 - 58 * t + t ** 2 + 600 * c - 330 * ep2) * A ** 6) / 720));
  return [easting, latDeg < 0 ? northing + 10_000_000 : northing];
}
