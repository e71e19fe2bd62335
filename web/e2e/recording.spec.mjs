// A real recording played into a node of its own: what live showed is what the playback shows, by the
// interface and on the map, and after a restart the past still knows everybody's name. Beside it a zone
// with a hole across 180°, and the choice of layers, which the node keeps.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { check, equal, faults, probe, ready, shot, until } from './harness.mjs';
import { freePort, Node, send } from './node.mjs';

const RECORDING = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', 'shared', 'data', 'ais', 'tokyo-bay-2018-05-14.ais.nmea');
export const needsBinary = true;
export const needsFile = existsSync(RECORDING) ? null : RECORDING;

const COMPARED = 6;
let node, page, cot, context;
/** Of the compared tracks: what was drawn and what the interface gave. */
const live = new Map();
/** What live called the tracks. */
const names = new Map();

const ask = (path) => page.evaluate((url) => fetch(url).then((r) => r.json()), path);
const round = (points) => [...new Set(points.map(([lon, lat]) => `${lon.toFixed(5)} ${lat.toFixed(5)}`))].sort();

async function open(url) {
  await page?.close();
  page = await context.newPage();
  await page.goto(url);
  await ready(page);
  // The whole bay on the screen, whatever is selected.
  await look(35.35, 139.75, 9.2);
}

async function look(lat, lon, zoom) {
  await page.evaluate((hash) => (location.hash = hash), `#z=${zoom}&lat=${lat}&lon=${lon}`);
  await page.reload();
  await ready(page);
}

/** Selects a track; the trail of the one before is off the map by then. */
async function select(number) {
  await until('nothing selected', async () => {
    await page.keyboard.press('Escape');
    return (await probe(page, 'selected')) === null && (await probe(page, 'drawnTrail')).length === 0;
  });
  await page.getByTestId('search').fill(`#${number}`);
  await page.locator(`#track-${number}`).click();
  await page.getByTestId('search').fill('');
}

const drawnTrail = async (what) => {
  let before = '';
  return until(what, async () => {
    const now = round(await probe(page, 'drawnTrail'));
    const same = now.length > 1 && now.join() === before;
    before = now.join();
    return same ? now : null;
  });
};

async function toPlayback() {
  await page.getByTestId('open-playback').click();
  await page.getByTestId('window-1').click();
  await until('the past of the last hour', async () => (await page.getByTestId('playback-state').innerText()).includes('points'), 60_000);
  await page.getByTestId('scrub').focus();
  await page.keyboard.press('End');
}

export async function setUp(world) {
  const ais = await freePort();
  cot = await freePort();
  context = world.browser.context;
  node = await Node.make(world.binary, `
[[feed]]
name = "bay"
kind = "ais"
listen = "127.0.0.1:${ais}"

[[feed]]
name = "units"
kind = "cot"
listen = "127.0.0.1:${cot}"

[[zone]]
name = { en = "Date line", ja = "日付変更線" }
ring = [[20, 172], [30, 172], [30, -170], [20, -170]]
holes = [[[23, 178], [27, 178], [27, -177], [23, -177]]]
domains = ["surface"]`);
  await node.start();
  await open(node.signIn('Mori'));
  node.run('replay', RECORDING, '--to', `127.0.0.1:${ais}`, '--speed', '40');
  await until('the bay', async () => (await probe(page, 'tracks')) >= 80);
  // What was sent last is on its way to the disk.
  await page.waitForTimeout(2_500);
}

export const tearDown = () => node.remove();

export const tests = {
  'live draws the trails that the interface gives': async () => {
    const now = Date.now();
    const { tracks } = await ask(`/api/playback?from_ms=${now - 3_600_000}&to_ms=${now}&step_ms=1000`);
    const moved = ({ points }) => new Set(points.map(([, lat, lon]) => `${lat.toFixed(3)} ${lon.toFixed(3)}`)).size;
    const isOnScreen = ({ points }) => points.every(([, lat, lon]) => lat > 35.2 && lat < 35.6 && lon > 139.5 && lon < 140);
    const farthest = tracks.filter(isOnScreen).sort((a, b) => moved(b) - moved(a)).slice(0, COMPARED);
    for (const { number } of farthest) {
      await select(number);
      const drawn = await drawnTrail(`the trail of track ${number}`);
      const { points } = await ask(`/api/history?track=${number}&minutes=30`);
      live.set(number, { drawn, points });
    }
    for (const { number } of tracks) {
      const { name } = await ask(`/api/track?track=${number}`);
      if (name) names.set(number, name);
    }
    await shot(page, 'recording-live');
    equal(live.size, COMPARED, 'tracks with a trail');
  },
  'the playback of the same window draws the same trails, point for point': async () => {
    await toPlayback();
    for (const [number, { drawn, points }] of live) {
      await select(number);
      const { shownMs } = await probe(page, 'playback');
      const past = await ask(`/api/history?track=${number}&from_ms=${shownMs - 1_800_000}&to_ms=${shownMs}&step_ms=1`);
      equal(past.points, points, `the points of track ${number}`);
      await until(`all points of track ${number}`, async () => (await probe(page, 'playback')).trail === points.length);
      // The map draws what the recording holds until the whole way has come.
      await until(`track ${number} drawn as live drew it: ${drawn}`, async () => round(await probe(page, 'drawnTrail')).join() === drawn.join());
    }
    await shot(page, 'recording-playback');
  },
  'an earlier moment draws less of the trail, and the table and the inspector are of that moment': async () => {
    const [number, { drawn, points }] = [...live].at(-1);
    await select(number);
    const end = await page.getByTestId('track-count').innerText();
    await page.getByTestId('scrub').focus();
    await page.keyboard.press('End');
    const middle = points[Math.floor(points.length / 2)][0];
    await page.getByTestId('scrub').evaluate((input, ms) => {
      input.value = String(ms);
      input.dispatchEvent(new Event('input', { bubbles: true }));
    }, middle);
    await until('the earlier trail', async () => {
      const now = round(await probe(page, 'drawnTrail'));
      return now.length > 1 && now.join() !== drawn.join();
    });
    await until('the trail up to the moment and no farther', async () => {
      const { shownMs, trail } = await probe(page, 'playback');
      return trail === points.filter(([ms]) => ms <= shownMs).length;
    });
    check((await page.getByTestId('past-inspector').innerText()).includes('As at'), 'the inspector does not say of when it is');
    equal(await page.getByTestId('inspector').count(), 0, 'live inspectors in the past');
    check((await page.getByTestId('track-count').innerText()) !== end, 'the table still counts the end of the window');
    equal((await faults(page)).filter((fault) => /inspector|table/.test(fault)), [], 'accessibility of the past');
    await page.getByTestId('back-to-live').click();
    equal(await page.getByTestId('past-inspector').count(), 0, 'inspectors of the past in the live picture');
  },
  'after a restart the past still has the names': async () => {
    await node.stop();
    await node.start();
    await open(node.signIn('Oda'));
    await toPlayback();
    check(names.size > 5, `${names.size} tracks of the recording have a name`);
    let last = '';
    for (const [number, name] of names) {
      await page.getByTestId('search').fill(name);
      await until(`${name} in the table of the past`, () => page.locator(`#track-${number}`).isVisible());
      await page.locator(`#track-${number}`).click();
      last = name;
    }
    equal(await page.getByTestId('past-name').innerText(), last, 'the name in the inspector of the past');
    await page.getByTestId('search').fill('');
    await page.waitForTimeout(500);
    await shot(page, 'recording-after-restart');
    await page.getByTestId('language').click();
    await page.getByTestId('theme').click();
    await page.waitForTimeout(800);
    await shot(page, 'recording-after-restart-light-ja');
    await page.getByTestId('language').click();
    await page.getByTestId('theme').click();
    await page.keyboard.press('l');
  },
  'a zone across 180° lies in one piece, and what sails east of the line is drawn in it': async () => {
    const at = new Date();
    const stale = new Date(at.getTime() + 600_000);
    await send(cot, `<event version="2.0" uid="EAST-1" type="a-f-S" how="m-g" time="${at.toISOString()}" start="${at.toISOString()}" stale="${stale.toISOString()}"><point lat="25" lon="-173.5" hae="0" ce="10" le="10"/><detail><contact callsign="EAST"/></detail></event>`);
    await look(25, -179, 4.6);
    const place = await until('the ship east of 180°', () =>
      page.evaluate(() => {
        const row = [...document.querySelectorAll('[data-testid=track-table] [role=row][id]')].find((r) => r.textContent.includes('EAST'));
        return row ? window.__renkei.screenOf(Number(row.id.slice(6))) : null;
      }));
    const box = await page.getByTestId('map').boundingBox();
    check(place[0] > box.width / 2 && place[0] < box.width, `the ship stands at x ${place[0]} of ${box.width}`);
    await page.waitForTimeout(1_500);
    await shot(page, 'zone-antimeridian');
  },
  'layers are chosen by the reader and the node keeps the choice': async () => {
    await look(33, 135, 5.5);
    await page.getByTestId('layers').click();
    await page.getByTestId('layer-coast-12nm').check();
    await page.getByTestId('layer-coast-24nm').check();
    await page.waitForTimeout(1_200);
    await shot(page, 'layers-on');
    const words = await page.locator('.source').innerText();
    check(words.includes('not a legal boundary') && words.includes('Natural Earth'), `the map says ${words}`);
    // Another browser of the same person would see the same: nothing of it lies in this one.
    await page.evaluate(() => (sessionStorage.clear(), localStorage.clear()));
    await page.reload();
    await ready(page);
    await until('the layers again', async () => (await page.getByTestId('layers').innerText()).includes('2'));
    await look(33.5, 155, 5);
    await page.getByTestId('layers').click();
    await page.getByTestId('layer-sample-adiz').check();
    await page.getByTestId('language').click();
    await page.waitForTimeout(1_200);
    await page.getByTestId('layers').click();
    await page.waitForTimeout(400);
    check((await page.locator('.source').innerText()).includes('架空'), 'the sample does not say that it is fictitious');
    await shot(page, 'layers-sample-ja');
    await page.getByTestId('layers').click();
    equal((await faults(page)).filter((fault) => /layers/.test(fault)), [], 'accessibility of the layers');
  },
};
