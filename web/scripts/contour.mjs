// Lines at a distance from a coast: the distance of every node of a grid to the nearest coast, and the
// contours of that field. Pure. Distances are taken on the tangent plane of WGS 84 at each node, which
// is good to a few metres over 24 nautical miles.

const RAD = Math.PI / 180;
const METRES_PER_NM = 1852;
const A = 6_378_137;
const E2 = 6.694_379_990_14e-3;

/** Metres in a degree of longitude and of latitude. */
export function metresPerDegree(latDeg) {
  const w = 1 - E2 * Math.sin(latDeg * RAD) ** 2;
  return [(A / Math.sqrt(w)) * Math.cos(latDeg * RAD) * RAD, ((A * (1 - E2)) / w ** 1.5) * RAD];
}

/** Distances in nautical miles from the nodes of a grid to the nearest of `lines`; beyond `reachNm`
    Infinity. `box` is west, south, east, north; `step` degrees between nodes. */
export function distances(lines, box, step, reachNm) {
  const [west, south, east, north] = box;
  const [width, height] = [Math.round((east - west) / step) + 1, Math.round((north - south) / step) + 1];
  const nm = new Float32Array(width * height).fill(Infinity);
  for (const line of lines) {
    for (let i = 1; i < line.length; i++) stamp(line[i - 1], line[i]);
  }
  return { box, step, width, height, nm };

  function stamp([ax, ay], [bx, by]) {
    const up = (reachNm * METRES_PER_NM) / 110_500;
    const rows = [Math.max(0, Math.ceil((Math.min(ay, by) - up - south) / step)), Math.min(height - 1, Math.floor((Math.max(ay, by) + up - south) / step))];
    for (let row = rows[0]; row <= rows[1]; row++) {
      const lat = south + row * step;
      const [kx, ky] = metresPerDegree((lat * 3 + (ay + by) / 2) / 4);
      const across = (reachNm * METRES_PER_NM) / kx;
      const columns = [Math.max(0, Math.ceil((Math.min(ax, bx) - across - west) / step)), Math.min(width - 1, Math.floor((Math.max(ax, bx) + across - west) / step))];
      const [dy, ey] = [(ay - lat) * ky, (by - ay) * ky];
      for (let column = columns[0]; column <= columns[1]; column++) {
        const lon = west + column * step;
        const [dx, ex] = [(ax - lon) * kx, (bx - ax) * kx];
        const length2 = ex * ex + ey * ey;
        const along = length2 > 0 ? Math.min(1, Math.max(0, -(dx * ex + dy * ey) / length2)) : 0;
        const d = Math.hypot(dx + along * ex, dy + along * ey) / METRES_PER_NM;
        const at = row * width + column;
        if (d < nm[at]) nm[at] = d;
      }
    }
  }
}

/** Makes the distances of nodes on land negative, so that a contour lies at sea only. */
export function landwards(grid, polygons) {
  const { box: [west, south], step, width, height, nm } = grid;
  const rows = Array.from({ length: height }, () => []);
  for (const ring of polygons.flat()) {
    for (let i = 1; i < ring.length; i++) {
      const [[ax, ay], [bx, by]] = [ring[i - 1], ring[i]];
      const first = Math.max(0, Math.ceil((Math.min(ay, by) - south) / step));
      const last = Math.min(height - 1, Math.ceil((Math.max(ay, by) - south) / step) - 1);
      for (let row = first; row <= last; row++) rows[row].push(ax + ((south + row * step - ay) / (by - ay)) * (bx - ax));
    }
  }
  rows.forEach((crossings, row) => {
    crossings.sort((a, b) => a - b);
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const from = Math.max(0, Math.ceil((crossings[i] - west) / step));
      const to = Math.min(width - 1, Math.floor((crossings[i + 1] - west) / step));
      for (let column = from; column <= to; column++) nm[row * width + column] *= -1;
    }
  });
}

/** The lines on which the grid's distance is `level` nautical miles, as pieces of longitude and latitude. */
export function contour(grid, level) {
  const { box: [west, south], step, width, height, nm } = grid;
  // Each piece joins two edges of a cell; edges are numbered so that neighbours share them.
  const next = new Map();
  const join = (a, b) => {
    for (const [from, to] of [[a, b], [b, a]]) next.set(from, [...(next.get(from) ?? []), to]);
  };
  for (let row = 0; row + 1 < height; row++) {
    for (let column = 0; column + 1 < width; column++) {
      const at = row * width + column;
      const corners = [at, at + 1, at + width + 1, at + width];
      const above = corners.map((corner) => nm[corner] > level);
      const edges = [at * 2, (at + 1) * 2 + 1, (at + width) * 2, at * 2 + 1];
      const cut = edges.filter((_, i) => above[i] !== above[(i + 1) % 4]);
      if (cut.length === 2) join(cut[0], cut[1]);
      else if (cut.length === 4) {
        // A saddle: the middle of the cell decides which corners hang together.
        const middle = corners.reduce((sum, corner) => sum + nm[corner], 0) / 4 > level;
        const turn = above[0] === middle ? 1 : 0;
        join(edges[turn === 1 ? 0 : 3], edges[turn === 1 ? 1 : 0]);
        join(edges[turn === 1 ? 2 : 1], edges[turn === 1 ? 3 : 2]);
      }
    }
  }
  const place = (edge) => {
    const at = edge >> 1;
    const to = edge & 1 ? at + width : at + 1;
    const [a, b] = [nm[at], nm[to]];
    const part = Number.isFinite(a) && Number.isFinite(b) ? (level - a) / (b - a) : 0.5;
    const [x, y] = [west + (at % width) * step, south + Math.floor(at / width) * step];
    return edge & 1 ? [x, y + part * step] : [x + part * step, y];
  };
  return walk(next).map((edges) => edges.map(place));
}

/** Joins pieces end to end; a closed line ends where it began. */
function walk(next) {
  const lines = [];
  const ends = [...next.keys()].filter((edge) => next.get(edge).length === 1);
  for (const start of [...ends, ...next.keys()]) {
    if (!next.has(start) || next.get(start).length === 0) continue;
    const line = [start];
    for (let here = start; ; ) {
      const there = next.get(here)?.pop();
      if (there === undefined) break;
      next.set(there, next.get(there).filter((edge) => edge !== here));
      line.push(there);
      here = there;
    }
    lines.push(line);
  }
  return lines;
}

/** Drops points of a line that lie within `toleranceNm` of the line without them (Douglas and Peucker). */
export function simplify(line, toleranceNm) {
  const keep = new Uint8Array(line.length);
  keep[0] = keep[line.length - 1] = 1;
  const spans = [[0, line.length - 1]];
  // A closed line has no two ends to measure from: it is halved first.
  if (line.length > 3 && line[0][0] === line.at(-1)[0] && line[0][1] === line.at(-1)[1]) {
    const half = line.length >> 1;
    keep[half] = 1;
    spans.splice(0, 1, [0, half], [half, line.length - 1]);
  }
  while (spans.length) {
    const [from, to] = spans.pop();
    let [far, at] = [toleranceNm, -1];
    for (let i = from + 1; i < to; i++) {
      const d = apartNm(line[i], line[from], line[to]);
      if (d > far) [far, at] = [d, i];
    }
    if (at < 0) continue;
    keep[at] = 1;
    spans.push([from, at], [at, to]);
  }
  return line.filter((_, i) => keep[i]);
}

/** Nautical miles from a point to a segment, on the tangent plane at the point. */
export function apartNm([x, y], [ax, ay], [bx, by]) {
  const [kx, ky] = metresPerDegree((y * 3 + (ay + by) / 2) / 4);
  const [dx, dy, ex, ey] = [(ax - x) * kx, (ay - y) * ky, (bx - ax) * kx, (by - ay) * ky];
  const length2 = ex * ex + ey * ey;
  const along = length2 > 0 ? Math.min(1, Math.max(0, -(dx * ex + dy * ey) / length2)) : 0;
  return Math.hypot(dx + along * ex, dy + along * ey) / METRES_PER_NM;
}
