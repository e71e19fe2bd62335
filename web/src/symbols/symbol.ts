// Military symbols (MIL-STD-2525C letter codes) in the calm palette. The frame's shape says whose a
// thing is as well as its colour does; a stale one is drawn as an outline.
import { ms, std2525c, type DrawnSymbol } from 'milsymbol/parts';
import { paletteOf, type Theme } from './palette';

ms.addIcons(std2525c);

const AFFILIATION_LETTER: Record<string, string> = {
  pending: 'P', unknown: 'U', assumed_friend: 'A', friend: 'F', neutral: 'N', suspect: 'S', hostile: 'H',
};

const DOMAIN_CODE: Record<string, string> = {
  surface: 'S?SP-----------', air: 'S?AP-----------', land: 'S?GP-----------',
  installation: 'S?GPI-----H----', other: 'S?ZP-----------',
};

/** The code with the affiliation of this headquarters in it; a plain frame where the node gave none. */
export function codeFor(sidc: string | null, domain: string, affiliation: string): string {
  const code = sidc && sidc.length >= 10 ? sidc : (DOMAIN_CODE[domain] ?? DOMAIN_CODE.other!);
  return code[0] + (AFFILIATION_LETTER[affiliation] ?? 'U') + code.slice(2);
}

const everyOne = (colour: string) => ({
  Civilian: colour, Friend: colour, Hostile: colour, Neutral: colour, Unknown: colour, Suspect: colour,
});

function draw(code: string, affiliation: string, theme: Theme, hollow: boolean, size: number): DrawnSymbol {
  const palette = paletteOf(theme);
  const colour = palette.affiliation[affiliation] ?? palette.affiliation.unknown!;
  const ink = hollow ? colour : theme === 'dark' ? '#0b1219' : '#ffffff';
  return new ms.Symbol(code, {
    size,
    fill: !hollow,
    colorMode: everyOne(colour),
    frameColor: everyOne(hollow ? colour : ink),
    iconColor: everyOne(ink),
    strokeWidth: hollow ? 7 : 4,
    outlineWidth: hollow ? 3 : 0,
    outlineColor: everyOne(palette.halo),
  });
}

/** The symbol as SVG text for the page. */
export function symbolSvg(code: string, affiliation: string, theme: Theme, hollow: boolean, size: number): string {
  return draw(code, affiliation, theme, hollow, size).asSVG();
}

/** The symbol on a canvas and the point of it that lies on the position, in canvas pixels. */
export function symbolCanvas(
  code: string, affiliation: string, theme: Theme, hollow: boolean, size: number,
): { canvas: HTMLCanvasElement; anchor: { x: number; y: number } } {
  const symbol = draw(code, affiliation, theme, hollow, size);
  return { canvas: symbol.asCanvas(), anchor: symbol.getAnchor() };
}
