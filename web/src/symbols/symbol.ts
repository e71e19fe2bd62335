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

/** `#rrggbb` between two colours; 0 = `from`. */
function mix(from: string, to: string, share: number): string {
  const part = (hex: string, at: number) => Number.parseInt(hex.slice(at, at + 2), 16);
  const blend = (at: number) => Math.round(part(from, at) * (1 - share) + part(to, at) * share);
  return `#${[1, 3, 5].map((at) => blend(at).toString(16).padStart(2, '0')).join('')}`;
}

function draw(code: string, affiliation: string, theme: Theme, hollow: boolean, size: number): DrawnSymbol {
  const palette = paletteOf(theme);
  const colour = palette.affiliation[affiliation] ?? palette.affiliation.unknown!;
  return new ms.Symbol(code, {
    size,
    fill: !hollow,
    // A body of the dimmed colour and lines of the full one: a screen of units stays calm.
    colorMode: everyOne(mix(palette.sea, colour, theme === 'dark' ? 0.42 : 0.25)),
    frameColor: everyOne(colour),
    iconColor: everyOne(hollow ? colour : mix(colour, palette.ink, 0.35)),
    strokeWidth: hollow ? 5 : 6,
    outlineWidth: 3,
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
