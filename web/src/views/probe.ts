// What tests may ask of a floor without reading pixels. It shows nothing that the page does not.
import { tongue } from '../i18n/index.svelte';
import type { Floor } from './live.svelte';

export interface Probe {
  readonly ready: boolean;
  readonly tracks: number;
  readonly partnerOnly: number;
  readonly webgl: string;
  readonly line: string;
  readonly link: string | null;
  readonly frames: number;
  readonly rejects: Record<string, number>;
  readonly tongue: string;
  readonly nation: string;
  readonly partition: string;
  readonly incidents: number;
  readonly selected: number | null;
  /** The playback: whether the map shows it, its moment, its tracks, points of the selected trail. */
  readonly playback: { on: boolean; shownMs: number; tracks: number; trail: number; playing: boolean };
  /** Corners of the trail as the map drew it, degrees east and north. */
  readonly drawnTrail: [number, number][];
  /** Screen pixels of a track on the map, by its number. */
  screenOf(number: number): [number, number] | null;
}

declare global {
  interface Window {
    __renkei?: Probe;
  }
}

/** Set by the map pane while it stands. */
export const mapProbe: {
  screenOf: ((handle: number) => [number, number] | null) | null;
  drawnTrail: (() => [number, number][]) | null;
} = { screenOf: null, drawnTrail: null };

export function expose(floor: Floor): void {
  window.__renkei = {
    get ready() {
      return floor.hello !== null && floor.status !== null && floor.traffic.frames > 0 && floor.webgl !== 'starting';
    },
    get tracks() { return floor.picture.count; },
    get partnerOnly() { return floor.picture.partnerOnly(); },
    get webgl() { return floor.webgl; },
    get line() { return floor.line; },
    get link() { return floor.status?.link?.state ?? null; },
    get frames() { return floor.traffic.frames; },
    get rejects() { return { ...floor.traffic.rejects }; },
    get tongue() { return tongue(); },
    get nation() { return floor.session.nation; },
    get partition() { return floor.session.partition; },
    get incidents() { return floor.affairs.incidents.length; },
    get selected() { return floor.selected; },
    get playback() {
      const { on, shownMs, picture, playing } = floor.playback;
      const trail = floor.selected === null ? 0 : floor.playback.trail(floor.selected, 30).length;
      return { on, shownMs, tracks: picture.count, trail, playing };
    },
    get drawnTrail() { return mapProbe.drawnTrail?.() ?? []; },
    screenOf(number) {
      const track = floor.picture.byNumber(number);
      return track && mapProbe.screenOf ? mapProbe.screenOf(track.handle) : null;
    },
  };
}
