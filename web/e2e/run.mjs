// The watch floor in a real browser, on both floors and the stage.
//
//   node web/e2e/run.mjs BINARY     starts a demo of its own with that `renkei` and stops it again
//   RENKEI_STAGE=… RENKEI_JPN=… RENKEI_USA=… node web/e2e/run.mjs
//                                   uses running floors by their one-time sign-in addresses; the stage
//                                   may be left out, and its tests are then skipped
//
// RENKEI_SHOTS: folder for screenshots. RENKEI_CHROMIUM: the browser. RENKEI_ONLY: part of a file name.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch, listen, ready, run, SHOTS, SLOW_MS, until } from './harness.mjs';

const SPECS = ['floor.spec.mjs', 'radar.spec.mjs', 'playback.spec.mjs', 'decision.spec.mjs', 'link.spec.mjs', 'faults.spec.mjs', 'stage.spec.mjs'];

/** Three free ports in a row on loopback. */
async function freePorts() {
  const free = (port) =>
    new Promise((resolve) => {
      const server = createServer().once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
    });
  for (let port = 24_100; port < 24_900; port += 10) {
    if ((await free(port)) && (await free(port + 1)) && (await free(port + 2))) return port;
  }
  throw new Error('find three free ports from 24100: all are taken');
}

async function startDemo(binary) {
  const port = await freePorts();
  const dir = mkdtempSync(join(tmpdir(), 'renkei-demo-'));
  const child = spawn(binary, ['demo', '--seed', '7', '--port', String(port), '--dir', dir], { stdio: ['ignore', 'ignore', 'inherit'], detached: true });
  let gone = null;
  child.on('exit', (code) => (gone = code ?? 'by a signal'));
  const stage = `http://renkei.localhost:${port}`;
  await until('the demo to answer', async () => {
    if (gone !== null) throw new Error(`start ${binary} demo: it ended (${gone})`);
    return fetch(`http://127.0.0.1:${port}/api/mode`, { headers: { host: `renkei.localhost:${port}` } }).then((r) => r.ok, () => false);
  }, SLOW_MS);
  const stop = async () => {
    // The demo leads a process group of its own: its floors end with it, whatever becomes of it.
    const end = (signal) => {
      try {
        process.kill(-child.pid, signal);
      } catch {
        // The group is gone already.
      }
    };
    end('SIGINT');
    await until('the demo to stop', () => gone !== null, 10_000).catch(() => undefined);
    end('SIGKILL');
    rmSync(dir, { recursive: true, force: true });
  };
  return { stage, api: `http://127.0.0.1:${port}`, stop };
}

/** Asks the stage; Node resolves no `*.localhost`, so its address is spoken to by number. */
export function ask(world, path) {
  const { host } = new URL(world.stage);
  return fetch(`${world.api}${path}`, { method: path === '/api/stage' ? 'GET' : 'POST', headers: { host } }).then((r) => r.json());
}

async function addresses() {
  const binary = process.argv[2];
  if (binary) return startDemo(binary);
  const { RENKEI_STAGE: stage, RENKEI_JPN: jpn, RENKEI_USA: usa } = process.env;
  if (!stage && !(jpn && usa)) throw new Error('name the renkei binary, or set RENKEI_STAGE or both RENKEI_JPN and RENKEI_USA');
  const api = stage && `http://127.0.0.1:${new URL(stage).port}`;
  return { stage: stage?.replace(/\/$/, ''), api, urls: jpn && usa ? { JPN: jpn, USA: usa } : null, stop: async () => undefined };
}

const world = await addresses();
const counts = { passed: 0, failed: 0 };
const browser = await launch();
try {
  world.ask = (path) => ask(world, path);
  // The story waits for us from here on.
  if (world.stage) await world.ask('/api/stage/human');
  world.urls ??= await world.ask('/api/stage/floors');
  world.browser = browser;
  world.complaints = {};
  for (const [key, nation] of [['jpn', 'JPN'], ['usa', 'USA']]) {
    world[key] = await browser.context.newPage();
    world.complaints[key] = listen(world[key]);
    await world[key].goto(world.urls[nation]);
    await ready(world[key]);
  }
  for (const name of SPECS) {
    if (process.env.RENKEI_ONLY && !name.includes(process.env.RENKEI_ONLY)) continue;
    const { tests, needsStage } = await import(`./${name}`);
    if (needsStage && !world.stage) console.log(`skipped: ${name}: no stage was named`);
    else await run(tests, world, counts);
  }
} catch (error) {
  counts.failed += 1;
  console.log(`FAILED  ${error.message}`);
} finally {
  await browser.close();
  await world.stop();
}
console.log(`screenshots: ${SHOTS}`);
console.log(`browser: ${counts.passed} passed, ${counts.failed} failed`);
process.exit(counts.failed ? 1 : 0);
