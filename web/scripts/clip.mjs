// Clips rings and lines to a box of longitude and latitude. Edges that a clip makes along the box
// belong to the filled ring only, never to a coast line: a straight line at the edge of the data
// would look like a border.

const SIDES = [
  { inside: ([x], [w]) => x >= w, cut: (a, b, [w]) => at(a, b, (w - a[0]) / (b[0] - a[0])) },
  { inside: ([x], [, , e]) => x <= e, cut: (a, b, [, , e]) => at(a, b, (e - a[0]) / (b[0] - a[0])) },
  { inside: ([, y], [, s]) => y >= s, cut: (a, b, [, s]) => at(a, b, (s - a[1]) / (b[1] - a[1])) },
  { inside: ([, y], [, , , n]) => y <= n, cut: (a, b, [, , , n]) => at(a, b, (n - a[1]) / (b[1] - a[1])) },
];

function at(a, b, t) {
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t];
}

/** The part of a closed ring inside `box` (Sutherland and Hodgman), closed; may be empty. */
export function clipRing(ring, box) {
  let points = ring.slice(0, -1);
  for (const { inside, cut } of SIDES) {
    const next = [];
    points.forEach((point, i) => {
      const previous = points.at(i - 1);
      const now = inside(point, box);
      if (now !== inside(previous, box)) next.push(cut(previous, point, box));
      if (now) next.push(point);
    });
    points = next;
  }
  return points.length < 3 ? [] : [...points, points[0]];
}

/** The pieces of a line inside `box`. */
export function clipLine(line, box) {
  const pieces = [];
  let piece = [];
  for (let i = 1; i < line.length; i++) {
    const part = segment(line[i - 1], line[i], box);
    if (!part) {
      if (piece.length) pieces.push(piece);
      piece = [];
      continue;
    }
    if (!piece.length) piece.push(part[0]);
    piece.push(part[1]);
    if (part[1] !== line[i]) {
      pieces.push(piece);
      piece = [];
    }
  }
  if (piece.length) pieces.push(piece);
  return pieces;
}

function segment(a, b, [w, s, e, n]) {
  let t0 = 0;
  let t1 = 1;
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  for (const [p, q] of [[-dx, a[0] - w], [dx, e - a[0]], [-dy, a[1] - s], [dy, n - a[1]]]) {
    if (p === 0) {
      if (q < 0) return null;
    } else if (p < 0) t0 = Math.max(t0, q / p);
    else t1 = Math.min(t1, q / p);
  }
  if (t0 >= t1) return null;
  return [t0 > 0 ? at(a, b, t0) : a, t1 < 1 ? at(a, b, t1) : b];
}

/** Rounds to `digits` decimals and drops points that fall together. */
export function tidy(points, digits) {
  const scale = 10 ** digits;
  const kept = [];
  for (const [x, y] of points) {
    const point = [Math.round(x * scale) / scale, Math.round(y * scale) / scale];
    const last = kept.at(-1);
    if (!last || last[0] !== point[0] || last[1] !== point[1]) kept.push(point);
  }
  return kept;
}
