// The address carries where one looks, never what one sees: screen, place, selection and search,
// so that a colleague's link opens the same view on their own data.
import { namedLongitude } from './geo';
import { LIST_FILTERS, type ListFilter } from './list';

export const SCREENS = ['picture', 'incidents', 'exchange', 'feeds'] as const;
export type Screen = (typeof SCREENS)[number];

export interface Place {
  screen: Screen;
  zoom: number | null;
  latDeg: number | null;
  lonDeg: number | null;
  track: number | null;
  incident: string | null;
  text: string;
  filters: ListFilter[];
}

export const START: Place = {
  screen: 'picture', zoom: null, latDeg: null, lonDeg: null, track: null, incident: null, text: '', filters: [],
};

function numberIn(text: string | null, low: number, high: number): number | null {
  if (text === null || text.trim() === '') return null;
  const value = Number(text);
  return Number.isFinite(value) && value >= low && value <= high ? value : null;
}

/** Reads `#s=picture&z=6.2&…`; what is absurd is left out. */
export function readPlace(hash: string): Place {
  const q = new URLSearchParams(hash.replace(/^#/, ''));
  const screen = SCREENS.find((name) => name === q.get('s')) ?? START.screen;
  const filters = (q.get('f') ?? '').split('.');
  return {
    screen,
    zoom: numberIn(q.get('z'), 0, 22),
    latDeg: numberIn(q.get('lat'), -85, 85),
    lonDeg: numberIn(q.get('lon'), -180, 180),
    track: numberIn(q.get('t'), 0, 2 ** 32),
    incident: q.get('i'),
    text: (q.get('q') ?? '').slice(0, 80),
    filters: LIST_FILTERS.filter((name) => filters.includes(name)),
  };
}

/** Writes a place; defaults are left out. */
export function writePlace(place: Place): string {
  const q = new URLSearchParams();
  if (place.screen !== START.screen) q.set('s', place.screen);
  if (place.zoom !== null) q.set('z', place.zoom.toFixed(2));
  if (place.latDeg !== null) q.set('lat', place.latDeg.toFixed(3));
  if (place.lonDeg !== null) q.set('lon', namedLongitude(place.lonDeg).toFixed(3));
  if (place.track !== null) q.set('t', String(place.track));
  if (place.incident) q.set('i', place.incident);
  if (place.text) q.set('q', place.text);
  if (place.filters.length) q.set('f', place.filters.join('.'));
  const text = q.toString();
  return text ? `#${text}` : '';
}
