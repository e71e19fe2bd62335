// The parts of milsymbol that are bundled: its base and the letter codes of MIL-STD-2525C. The
// package's own front door would bring every icon set and triple the size.
declare module 'milsymbol/parts' {
  export interface DrawnSymbol {
    asSVG(): string;
    asCanvas(scale?: number): HTMLCanvasElement;
    getAnchor(): { x: number; y: number };
    getSize(): { width: number; height: number };
    isValid(): boolean;
  }
  type Colours = Record<string, string>;
  interface Options {
    size: number;
    colorMode: Colours;
    frameColor: Colours;
    iconColor: Colours;
    fill: boolean;
    strokeWidth: number;
    outlineWidth: number;
    outlineColor: Colours;
  }
  export const ms: {
    Symbol: new (sidc: string, options: Partial<Options>) => DrawnSymbol;
    addIcons(icons: unknown): void;
  };
  export const std2525c: unknown;
}
