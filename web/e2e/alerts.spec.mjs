// Every kind of alert on the Picture screen, with its reason, in both languages: a node of its own in
// a simulation plays invented recordings of nearly five hours in a minute.
import { execFileSync, spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { check, equal, faults, freePorts, listen, probe, ready, shot, SHOTS, until } from './harness.mjs';
import { failingRecording, KN, LENGTH_S, name, navigationRecording, position, SHORE, shipsRecording, squawkRecording, STEP_S, ZONE } from './recording.mjs';

/** So many times as fast as the world's the node's time runs. */
const SPEED = 300;
const WATCHED = 691_000_030;
/** Every kind, and a word of its sentence that no other has: English, Japanese. */
const KINDS = {
  zone_entered: [/ entered Square/, /区域進入/],
  zone_left: [/ left Square after \d+ min/, /区域退出/],
  zone_dwelt: [/has been in Square for 2[4-9]\d min/, /2[4-9]\d 分滞留/],
  close_approach: [/closest point 0\.\d NM in \d+ min/, /海里まで接近/],
  rendezvous: [/together within \d+ m for \d+ min/, /分会合/],
  loitering: [/0\.8 kn on average/, /0\.8 ノットで \d+ 分低速滞留/],
  unheard: [/no report for \d+ min; 4 ships/, /分間受信なし（予想位置周辺の 4 隻/],
  source_silent: [/Receiver far-ais: no reports/, /受信源 far-ais/],
  emergency: [/emergency \(7700\), as reported/, /緊急（7700）の通報/],
  duplicate_identity: [/one identity in two places/, /二か所/],
  impossible_jump: [/reported 1\d\d\.\d NM away/, /海里離れた位置/],
  identity_changed: [/name changed from SANDPIPER to TURNSTONE/, /船名が「SANDPIPER」から「TURNSTONE」/],
  poor_navigation: [/4 of 5 aircraft/, /5 機中 4 機/],
  movement_changed: [/course changed from 000° to 09\d°/, /針路が 000° から 09\d°/],
  safety_text: [/safety text received: “ENGINE FAILURE/, /安全通報を受信「ENGINE FAILURE/],
};

/** Feed, what it speaks, its recording. */
const RECORDINGS = {
  'coast-ais': ['ais', shipsRecording],
  'far-ais': ['ais', failingRecording],
  'air-sbs': ['sbs', squawkRecording],
  'air-json': ['readsb', navigationRecording],
};

const config = (feed) => `
clock_speed = ${SPEED}
[alerts]
shore = "shore.geojson"
[alerts.presets]
close_approach = "marine_all"
rendezvous = "starboard_50"
[[zone]]
name = { en = "Square", ja = "方形区域" }
ring = ${JSON.stringify(ZONE)}
domains = ["surface"]
neutral_too = true
${Object.entries(RECORDINGS).map(([called, [kind]]) => `[[feed]]\nname = "${called}"\nkind = "${kind}"\nfile = "${called}.txt"\n`).join('')}
[[feed]]
name = "own-ais"
kind = "ais"
listen = "127.0.0.1:${feed}"
`;

/** A node in a directory of its own, not running; how to start and stop it. */
async function node(binary) {
  const [http, feed] = await freePorts();
  const home = mkdtempSync(join(tmpdir(), 'renkei-alerts-'));
  const dir = join(home, 'jpn');
  const run = (...args) => execFileSync(binary, args, { stdio: ['ignore', 'pipe', 'inherit'] }).toString();
  run('init', dir, '--nation', 'JPN', '--name', 'Alerts', '--partition', 'simulation:alerts', '--http', `127.0.0.1:${http}`);
  const toml = join(dir, 'renkei.toml');
  // Keys of the node itself stand before its tables.
  const [keys, tables] = config(feed).split('[alerts]\n');
  writeFileSync(toml, keys + readFileSync(toml, 'utf8'));
  appendFileSync(toml, `[alerts]\n${tables}`);
  writeFileSync(join(dir, 'shore.geojson'), JSON.stringify(SHORE));
  for (const [called, [, make]] of Object.entries(RECORDINGS)) writeFileSync(join(dir, `${called}.txt`), make());
  const url = run('user', 'add', dir, '--person', 'Mori', '--role', 'watch_officer', '--seat', 'watch', '--language', 'en').trim();
  let child = null;
  const start = async () => {
    child = spawn(binary, ['serve', '--config', toml], { stdio: ['ignore', 'ignore', 'inherit'] });
    child.on('exit', () => (child = null));
    await until('the node to serve', () => fetch(`http://127.0.0.1:${http}/api/health`).then((r) => r.ok, () => false));
  };
  const stop = async () => {
    child?.kill('SIGTERM');
    await until('the node to stop', () => child === null, 20_000);
  };
  return { url, feed, start, stop, remove: () => rmSync(home, { recursive: true, force: true }) };
}

/** A ship that a harness steers: reports a minute of the node's time, north until told to turn. */
function steered(port) {
  const line = createConnection(port, '127.0.0.1');
  let [at, courseDeg, reports] = [[-90_000, 50_000], 0, 0];
  const timer = setInterval(() => {
    const [sin, cos] = [Math.sin((courseDeg * Math.PI) / 180), Math.cos((courseDeg * Math.PI) / 180)];
    const way = 10 * KN * STEP_S;
    at = [at[0] + way * sin, at[1] + way * cos];
    line.write(`${position(WATCHED, at, 10 * KN, courseDeg)}\n`);
    if (reports++ % 5 === 0) line.write(`${name(WATCHED, 'OSPREY')}\n`);
  }, (STEP_S / SPEED) * 1000);
  return { turn: (deg) => (courseDeg = deg), stop: () => (clearInterval(timer), line.destroy()) };
}

const plain = (words) => words.replaceAll(/[\u2068\u2069]/g, '');
/** The alert of that rule that this recording is about; others of the rule may stand beside it. */
async function item(page, rule) {
  const pattern = KINDS[rule][(await probe(page, 'tongue')) === 'en' ? 0 : 1];
  const all = page.locator(`[data-testid=attention] li[data-rule=${rule}]`);
  const words = await all.locator('.text').allInnerTexts();
  const at = words.findIndex((text) => pattern.test(plain(text)));
  return at < 0 ? null : all.nth(at);
}
const english = async (page, wanted) => {
  if (((await probe(page, 'tongue')) === 'en') !== wanted) await page.getByTestId('language').click();
};

/** The alert and its reason as they stand on the screen, with a picture of them. */
async function seen(page, rule, tongue) {
  const li = await item(page, rule);
  if (!li) {
    const all = await page.locator(`[data-testid=attention] li[data-rule=${rule}] .text`).allInnerTexts();
    throw new Error(`${rule} in ${tongue} says: ${all.map(plain).join(' / ')}`);
  }
  await li.scrollIntoViewIfNeeded();
  if (!(await li.locator('details').evaluate((d) => d.open))) await li.locator('summary').click();
  const why = plain(await li.locator('details').innerText());
  const [, rests, measured, thresholds] = why.split('\n').filter((part) => part.trim());
  const heads = tongue === 'en' ? ['Rule: ', 'Measured: ', 'Thresholds: '] : ['規則：', '実測：', 'しきい値：'];
  for (const [i, part] of [rests, measured, thresholds].entries()) {
    check(part?.startsWith(heads[i]) && part.length > heads[i].length + 3, `${rule} in ${tongue} gives no reason: ${why}`);
  }
  check(!/figure-|rule-|notice-|preset-|[a-z]_[a-z]/.test(why), `${rule} in ${tongue} shows a code: ${why}`);
  await li.screenshot({ path: join(SHOTS, `alert-${rule}-${tongue}.png`) });
}

export const tests = {
  'a node of its own comes up': async (world) => {
    world.alerts = await node(world.binary);
    await world.alerts.start();
    world.ship = steered(world.alerts.feed);
    const page = await world.browser.context.newPage();
    world.page = page;
    world.grumbles = listen(page);
    await page.setViewportSize({ width: 1440, height: 1000 });
    await page.goto(world.alerts.url);
    await ready(page);
  },
  'a track is watched from the keyboard with a reason and an end': async ({ page }) => {
    await english(page, true);
    await page.keyboard.press('/');
    await page.keyboard.type('OSPREY');
    await until('the ship', async () => (await page.locator('[data-testid=track-table] .body [role=row]').count()) === 1);
    await page.keyboard.press('Escape');
    await page.keyboard.press('j');
    await until('the inspector', async () => (await page.getByTestId('inspector-name').innerText()).trim() === 'OSPREY');
    await page.keyboard.press('w');
    await page.getByTestId('watch-reason').fill('Slow zigzag off the cable');
    await page.waitForTimeout(400);
    await shot(page, 'watch-ask');
    await page.getByTestId('watch-reason').press('Enter');
    await until('the watch in the inspector', async () => /watched/.test(await page.getByTestId('watch-track').innerText()));
    const words = await page.getByTestId('watch-track').innerText();
    for (const part of ['Slow zigzag off the cable', 'Mori', 'watch', 'Until']) check(words.toLowerCase().includes(part.toLowerCase()), `the inspector lacks ${part}: ${words}`);
    check(await page.locator('[data-testid=track-table] .eye').isVisible(), 'the table does not mark it');
    equal((await page.getByTestId('watches').innerText()).trim(), '◉ 1', 'the count of watches');
    await shot(page, 'watch-inspector');
    equal(await page.getByTestId('search').inputValue(), 'OSPREY', 'what narrows the list after Escape');
    await page.getByTestId('search').fill('');
    await until('the whole list', async () => (await page.locator('[data-testid=track-table] .body [role=row]').count()) > 5);
  },
  'every kind of alert rings and says why, in English and in Japanese': async ({ page, ship }) => {
    ship.turn(90);
    const patience = (LENGTH_S / SPEED + 90) * 1000;
    const open = new Set(Object.keys(KINDS));
    await until('every kind', async () => {
      for (const rule of open) if (await item(page, rule)) open.delete(rule);
      return open.size === 0;
    }, patience).catch(() => undefined);
    await page.setViewportSize({ width: 1440, height: 2400 });
    for (const tongue of ['en', 'ja']) {
      await english(page, tongue === 'en');
      for (const rule of Object.keys(KINDS)) if (!open.has(rule)) await seen(page, rule, tongue);
      await shot(page, `alerts-${tongue}`);
    }
    equal([...open], [], 'kinds that did not ring');
    equal((await faults(page)).filter((fault) => /attention|details|summary|eye|watch/.test(fault)), [], 'accessibility of the alerts');
    await page.getByTestId('theme').click();
    await page.waitForTimeout(500);
    await shot(page, 'alerts-light-ja');
    await page.getByTestId('theme').click();
    await page.setViewportSize({ width: 1440, height: 860 });
    await english(page, true);
  },
  'a safety text stands in the inspector as it was received': async ({ page }) => {
    await (await item(page, 'safety_text')).locator('.what').click();
    await until('the text', async () => (await page.getByTestId('safety-text').innerText()).includes('ENGINE FAILURE. NOT UNDER COMMAND. KEEP CLEAR'));
    await page.getByTestId('safety-text').scrollIntoViewIfNeeded();
    await shot(page, 'safety-text');
  },
  'a watch outlives a restart of the node, and is ended by hand': async (world) => {
    const { page, alerts, ship } = world;
    ship.stop();
    await alerts.stop();
    await alerts.start();
    await page.bringToFront();
    await until('the line again', async () => (await probe(page, 'line')) === 'open', 60_000);
    await until('the watch again', async () => (await page.getByTestId('watches').innerText()).trim() === '◉ 1', 30_000);
    await page.locator('body').press('Escape');
    await page.keyboard.press('w');
    await english(page, true);
    const list = page.getByTestId('watch-list');
    const words = await list.innerText();
    for (const part of ['OSPREY', 'Slow zigzag off the cable', 'Mori']) check(words.includes(part), `the list lacks ${part}: ${words}`);
    await page.waitForTimeout(400);
    await shot(page, 'watch-list');
    equal((await faults(page)).filter((fault) => /watch|dialog|table/.test(fault)), [], 'accessibility of the list');
    await list.locator('button', { hasText: 'End the watch' }).click();
    await until('no watch', async () => (await list.count()) === 0);
    await page.keyboard.press('Escape');
    equal((await page.getByTestId('watches').innerText()).trim(), '◉ 0', 'the count of watches');
  },
  'the floor complained of nothing': async ({ page, grumbles }) => {
    // The restart broke the line, which the browser says by itself.
    equal(grumbles.filter((line) => !/WebSocket|ERR_CONNECTION|Failed to load resource/.test(line)), [], 'errors on the console');
    await page.close();
  },
};

/** Ends what the tests began, whatever became of them. */
export async function end({ alerts, ship }) {
  ship?.stop();
  await alerts?.stop();
  alerts?.remove();
}
