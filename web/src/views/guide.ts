// Lets the demo's stage lead a floor that nobody touches to what its story tells: it only looks, it
// presses nothing. Heard only inside a frame, only from the page above, only when that page's host is
// the floor's own parent domain, and never while somebody uses the floor.
import type { Floor } from './live.svelte';

/** After a touch the floor is the human's for so long. */
const OWN_HANDS_MS = 25_000;
const CLOSE_ZOOM = 7;

/** What the guide may do with the picture screen. */
export interface Lens {
  home(): void;
  show(number: number, zoom: number): void;
  release(): void;
}

/** Calls `follow` at each new step of the story; returns how to stop. */
export function listenToStage(follow: (step: string) => void): () => void {
  if (window.parent === window) return () => undefined;
  const stage = new AbortController();
  const { signal } = stage;
  let last = '';
  let touchedAt = -Infinity;
  const touch = () => (touchedAt = performance.now());
  window.addEventListener('pointerdown', touch, { capture: true, signal });
  window.addEventListener('keydown', touch, { capture: true, signal });
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    if (event.source !== window.parent || !isStage(event.origin)) return;
    const step = (event.data as { renkeiStep?: unknown } | null)?.renkeiStep;
    if (typeof step !== 'string' || step === last) return;
    last = step;
    if (performance.now() - touchedAt > OWN_HANDS_MS) follow(step);
  }, { signal });
  return () => stage.abort();
}

function isStage(origin: string): boolean {
  return URL.canParse(origin) && location.hostname.endsWith(`.${new URL(origin).hostname}`);
}

/** Leads `floor` to `step`; false while what the step tells of has not come yet. */
export function lead(floor: Floor, step: string, lens: (act: (lens: Lens) => void) => void): boolean {
  const incident = floor.affairs.incidents.find(({ state }) => state !== 'closed');
  switch (step) {
    case 'zone_entry': {
      const number = incident?.track;
      if (number == null) return false;
      lens((picture) => picture.show(number, CLOSE_ZOOM));
      return true;
    }
    case 'why_withheld': {
      const held = [...floor.picture.tracks.values()].find((track) => track.release.exception && track.held_by !== 'partner');
      lens((picture) => {
        if (!held) return picture.home();
        picture.show(held.number, CLOSE_ZOOM);
        picture.release();
      });
      return true;
    }
    case 'standing_option':
    case 'concur': {
      if (!incident) return false;
      floor.openIncident(incident.id);
      const ladder = document.querySelector('[data-testid="ladder"]');
      ladder?.scrollIntoView({ block: 'end' });
      return ladder !== null;
    }
    case 'heal':
    case 'flip_byte':
      floor.go('exchange');
      return true;
    case 'connect_receiver':
      floor.go('feeds');
      return true;
    default:
      lens((picture) => picture.home());
      return true;
  }
}
