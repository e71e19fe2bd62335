// One texture of military symbols, drawn on demand. A symbol that has been drawn keeps its cell until
// the theme changes; a full atlas starts again, which costs one second's redraw and loses nothing.
import { symbolCanvas } from '../symbols/symbol';
import type { Theme } from '../symbols/palette';

export const ATLAS_COLUMNS = 12;
/** A symbol's nominal size as a share of its cell; frames and modifiers reach beyond it. */
const SYMBOL_SHARE = 0.34;

export class Atlas {
  readonly canvas: HTMLCanvasElement;
  /** Raised with every change of the canvas, so that the layer knows when to upload it. */
  version = 0;
  #cells = new Map<string, number>();
  #context: CanvasRenderingContext2D;

  constructor(
    private theme: Theme,
    /** Side of one cell in device pixels. */
    readonly cell: number,
  ) {
    this.canvas = document.createElement('canvas');
    this.canvas.width = this.canvas.height = cell * ATLAS_COLUMNS;
    this.#context = this.canvas.getContext('2d', { willReadFrequently: true })!;
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    this.#clear();
  }

  /** The cell that holds this symbol. */
  place(code: string, affiliation: string, hollow: boolean): number {
    const key = `${code}|${affiliation}|${hollow ? 1 : 0}`;
    const known = this.#cells.get(key);
    if (known !== undefined) return known;
    if (this.#cells.size === ATLAS_COLUMNS * ATLAS_COLUMNS) this.#clear();
    const index = this.#cells.size;
    this.#cells.set(key, index);
    const { canvas, anchor } = symbolCanvas(code, affiliation, this.theme, hollow, this.cell * SYMBOL_SHARE);
    const x = (index % ATLAS_COLUMNS) * this.cell + this.cell / 2 - anchor.x;
    const y = Math.floor(index / ATLAS_COLUMNS) * this.cell + this.cell / 2 - anchor.y;
    this.#context.drawImage(canvas, Math.round(x), Math.round(y));
    this.version += 1;
    return index;
  }

  #clear(): void {
    this.#cells.clear();
    this.#context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    this.version += 1;
  }
}
