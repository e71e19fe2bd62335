// What the browser tests share: a Chromium with software WebGL, the floors signed in once, checks that
// say in a sentence what failed, and screenshots to look at.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const HERE = dirname(fileURLToPath(import.meta.url));
export const SHOTS = process.env.RENKEI_SHOTS ?? join(HERE, 'screenshots');
const CHROMIUM = process.env.RENKEI_CHROMIUM ?? '/usr/bin/chromium';
/** Upstream Chromium no longer falls back to software WebGL by itself; without it tests go green on nothing. */
const FLAGS = [
  '--headless', '--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader',
  '--ignore-gpu-blocklist', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];
export const SLOW_MS = 150_000;
const AXE = createRequire(import.meta.url).resolve('axe-core');

/** Three free ports in a row on loopback. */
export async function freePorts() {
  const free = (port) =>
    new Promise((resolve) => {
      const server = createServer().once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
    });
  for (let port = 24_100; port < 24_900; port += 10) {
    if ((await free(port)) && (await free(port + 1)) && (await free(port + 2))) return [port, port + 1, port + 2];
  }
  throw new Error('find three free ports from 24100: all are taken');
}

/** A browser with a profile of its own; `close` removes it. */
export async function launch(extra = []) {
  const profile = mkdtempSync(join(tmpdir(), 'renkei-browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM,
    args: [...FLAGS.filter((flag) => !(extra.includes('--disable-3d-apis') && /gl/.test(flag))), ...extra],
    viewport: { width: 1440, height: 860 },
  });
  await context.addInitScript({ path: AXE });
  return { context, close: async () => (await context.close(), rmSync(profile, { recursive: true, force: true })) };
}

/** Collects what a page complains about, for a test that nothing did. */
export function listen(page) {
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(`${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  return complaints;
}

/** Waits until the floor on `page` (or frame) shows a picture. */
export async function ready(page) {
  await page.waitForFunction(() => window.__renkei?.ready, null, { timeout: SLOW_MS });
}

export function probe(page, name) {
  return page.evaluate((key) => window.__renkei[key], name);
}

/** Waits until `read` gives a truthy value; fails with `what` after `ms`. */
export async function until(what, read, ms = 30_000) {
  const end = Date.now() + ms;
  for (;;) {
    const value = await read();
    if (value) return value;
    if (Date.now() > end) throw new Error(`waited ${ms / 1000} s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

export function check(condition, sentence) {
  if (!condition) throw new Error(sentence);
}

export function equal(actual, expected, what) {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== b) throw new Error(`${what}: expected ${b}, found ${a}`);
}

export async function shot(page, name) {
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, `${name}.png`) });
}

/** Colours in a picture of the map: a blank canvas has a handful. */
export async function coloursOf(page, locator) {
  const png = await locator.screenshot();
  return page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const c = canvas.getContext('2d');
    c.drawImage(bitmap, 0, 0);
    return new Set(new Uint32Array(c.getImageData(0, 0, bitmap.width, bitmap.height).data.buffer)).size;
  }, png.toString('base64'));
}

/** Accessibility faults that axe finds, one sentence each. */
export async function faults(page) {
  const { violations } = await page.evaluate(() =>
    window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa'] }),
  );
  return violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(' ')} ${(n.failureSummary ?? '').split('\n')[1]?.trim() ?? ''}`));
}

/** Runs named tests one after the other; each name is the rule it holds. */
export async function run(tests, world, counts) {
  for (const [name, test] of Object.entries(tests)) {
    const start = Date.now();
    try {
      await test(world);
      counts.passed += 1;
      console.log(`ok      ${name} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
    } catch (error) {
      counts.failed += 1;
      console.log(`FAILED  ${name}\n        ${String(error?.message ?? error).split('\n').slice(0, 6).join('\n        ')}`);
      for (const key of ['jpn', 'usa', 'page']) {
        if (world[key]) await shot(world[key], `failed-${counts.failed}-${key}`).catch(() => undefined);
      }
    }
  }
}
