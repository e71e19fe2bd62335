// The small marks of background traffic, once for WebGL and once for the page, so that a row of the
// table looks like its dot on the map: a hull for the surface, an arrowhead for the air, a square on
// land, a cross for a fixed thing; brackets at both sides when only the partner reports it.

/** The shape numbers that the shader knows. */
export const Shape = { surface: 0, air: 1, land: 2, installation: 3, other: 4 } as const;

/** SVG paths about the origin, heading up, in the pixels of the map at scale 1. */
export const MARK_PATH: Record<string, string> = {
  surface: 'M0-5.6 2.7.2V4.2H-2.7V.2Z',
  air: 'M0-6 4.6 4.5 0 1.7-4.6 4.5Z',
  land: 'M-3.2-3.2H3.2V3.2H-3.2Z',
  installation: 'M-1-4H1V-1H4V1H1V4H-1V1H-4V-1H-1Z',
  other: 'M0-3.2A3.2 3.2 0 1 1 0 3.2 3.2 3.2 0 1 1 0-3.2Z',
};

/** A thing without a known course is a disc, whatever it is. */
export const NO_COURSE_PATH = MARK_PATH.other!;

export const BRACKET_PATH = 'M-5.5-4.5H-7.5V4.5H-5.5M5.5-4.5H7.5V4.5H5.5';
