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
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts, launch, listen, ready, run, SHOTS, SLOW_MS, until } from './harness.mjs';

/** They start nodes of their own, before the demo takes the machine. */
const ALONE = ['alerts.spec.mjs'];
const SPECS = ['floor.spec.mjs', 'radar.spec.mjs', 'merge.spec.mjs', 'playback.spec.mjs', 'recording.spec.mjs', 'policy.spec.mjs', 'decision.spec.mjs', 'review.spec.mjs', 'link.spec.mjs', 'faults.spec.mjs', 'stage.spec.mjs'];

async function startDemo(binary) {
  const [port] = await freePorts();
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
  return { stage, api: `http://127.0.0.1:${port}`, dir, stop };
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

const counts = { passed: 0, failed: 0 };
const browser = await launch();
const wanted = (name) => !process.env.RENKEI_ONLY || name.includes(process.env.RENKEI_ONLY);
let world = { stop: async () => undefined };

async function onTheDemo() {
  world = await addresses();
  world.ask = (path) => ask(world, path);
  // The story waits for us from here on.
  if (world.stage) await world.ask('/api/stage/human');
  world.urls ??= await world.ask('/api/stage/floors');
  world.browser = browser;
  world.binary = process.argv[2];
  world.complaints = {};
  for (const [key, nation] of [['jpn', 'JPN'], ['usa', 'USA']]) {
    world[key] = await browser.context.newPage();
    world.complaints[key] = listen(world[key]);
    await world[key].goto(world.urls[nation]);
    await ready(world[key]);
  }
  for (const name of SPECS) {
    if (!wanted(name)) continue;
    const { tests, needsStage, needsBinary, needsFile, setUp, tearDown } = await import(`./${name}`);
    if (needsStage && !world.stage) console.log(`skipped: ${name}: no stage was named`);
    else if (needsBinary && !world.binary) console.log(`skipped: ${name}: no binary was named`);
    else if (needsFile) console.log(`skipped: ${name}: no file ${needsFile}`);
    else {
      try {
        await setUp?.(world);
        await run(tests, world, counts);
      } finally {
        await tearDown?.();
      }
    }
  }
}

try {
  for (const name of ALONE.filter(wanted)) {
    if (!process.argv[2]) console.log(`skipped: ${name}: no binary was named`);
    else {
      const { tests, end } = await import(`./${name}`);
      const alone = { binary: process.argv[2], browser };
      await run(tests, alone, counts);
      await end(alone);
    }
  }
  if (SPECS.some(wanted)) await onTheDemo();
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
