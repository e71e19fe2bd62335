// Which track lies under the pointer: a grid over the screen, built when asked after a change. Pure.

export interface Spot {
  handle: number;
  x: number;
  y: number;
  /** Larger wins when two lie close together. */
  weight: number;
}

const CELL = 24;

export class ScreenGrid {
  #cells = new Map<number, Spot[]>();

  constructor(spots: Iterable<Spot>) {
    for (const spot of spots) {
      const key = this.#key(Math.floor(spot.x / CELL), Math.floor(spot.y / CELL));
      const cell = this.#cells.get(key);
      if (cell) cell.push(spot);
      else this.#cells.set(key, [spot]);
    }
  }

  /** The spot within `reach` pixels (at most one cell) that is nearest after its weight. */
  at(x: number, y: number, reach: number): Spot | null {
    const [cx, cy] = [Math.floor(x / CELL), Math.floor(y / CELL)];
    let best: Spot | null = null;
    let bestScore = Infinity;
    for (let dx = -1; dx <= 1; dx++) {
      for (let dy = -1; dy <= 1; dy++) {
        for (const spot of this.#cells.get(this.#key(cx + dx, cy + dy)) ?? []) {
          const distance = Math.hypot(spot.x - x, spot.y - y);
          const score = distance - spot.weight;
          if (distance <= reach && score < bestScore) [best, bestScore] = [spot, score];
        }
      }
    }
    return best;
  }

  #key(cx: number, cy: number): number {
    return cx * 100_003 + cy;
  }
}

/** A box that is taken on the screen. */
type Box = [x: number, y: number, width: number, height: number];

/** Keeps labels apart: the first to ask for a place has it. */
export class Claims {
  #taken: Box[] = [];

  /** Keeps the box free of words, whatever else lies there. */
  reserve(x: number, y: number, width: number, height: number): void {
    this.#taken.push([x, y, width, height]);
  }

  /** Takes the box if nothing overlaps it. */
  take(x: number, y: number, width: number, height: number): boolean {
    const free = this.#taken.every(
      ([ox, oy, ow, oh]) => x + width <= ox || ox + ow <= x || y + height <= oy || oy + oh <= y,
    );
    if (free) this.#taken.push([x, y, width, height]);
    return free;
  }
}
