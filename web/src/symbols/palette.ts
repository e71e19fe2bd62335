// The colours of the map, in one place for WebGL, canvas and symbols. Affiliations are calm; red is
// for distress and a link that is down, amber for what wants attention, violet for release.

export type Theme = 'dark' | 'light';

export interface Palette {
  sea: string;
  land: string;
  coast: string;
  grid: string;
  seaName: string;
  landName: string;
  halo: string;
  ink: string;
  dim: string;
  accent: string;
  amber: string;
  red: string;
  violet: string;
  zone: string;
  trail: string;
  affiliation: Record<string, string>;
}

const DARK: Palette = {
  sea: '#101821',
  land: '#2a323b',
  coast: '#5a6876',
  grid: '#1c2834',
  seaName: '#6f8fae',
  landName: '#a3afba',
  halo: '#0b1219',
  ink: '#e3eaf0',
  dim: '#93a3b1',
  accent: '#8cc6ea',
  amber: '#f2b63c',
  red: '#ff6259',
  violet: '#c0a4ff',
  zone: '#c8a75a',
  trail: '#8cc6ea',
  affiliation: {
    pending: '#b3ab95',
    unknown: '#d0c190',
    assumed_friend: '#8fc4e2',
    friend: '#74b8e4',
    neutral: '#86a894',
    suspect: '#dd9a5c',
    hostile: '#e58262',
  },
};

const LIGHT: Palette = {
  sea: '#dde7ee',
  land: '#f6f4ee',
  coast: '#8595a1',
  grid: '#cbd8e1',
  seaName: '#3f6384',
  landName: '#4d5861',
  halo: '#f7fafc',
  ink: '#14202a',
  dim: '#4c5c69',
  accent: '#0b5f94',
  amber: '#8d5600',
  red: '#b5141a',
  violet: '#6a3fc2',
  zone: '#8a6414',
  trail: '#0b5f94',
  affiliation: {
    pending: '#6d654f',
    unknown: '#75651f',
    assumed_friend: '#2c769f',
    friend: '#155f92',
    neutral: '#3c6b50',
    suspect: '#94540d',
    hostile: '#a4401f',
  },
};

export function paletteOf(theme: Theme): Palette {
  return theme === 'dark' ? DARK : LIGHT;
}

/** `#rrggbb` as three numbers in 0–1. */
export function rgb(hex: string): [number, number, number] {
  const n = Number.parseInt(hex.slice(1), 16);
  return [((n >> 16) & 255) / 255, ((n >> 8) & 255) / 255, (n & 255) / 255];
}
