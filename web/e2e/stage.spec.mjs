// The stage: both floors side by side, signed in, in two languages; the story and its buttons.
import { check, equal, listen, probe, ready, shot, until } from './harness.mjs';

export const needsStage = true;

async function floorOf(page, nation) {
  const handle = await page.getByTestId(`floor-${nation}`).elementHandle({ timeout: 30_000 });
  const frame = await until('the frame', () => handle.contentFrame());
  await ready(frame);
  return frame;
}

export const tests = {
  'the stage shows both floors alive, one Japanese and one English': async (world) => {
    // Two maps at a time are enough for a machine without a graphics card.
    for (const floor of [world.jpn, world.usa]) await floor.goto('about:blank');
    const page = await world.browser.context.newPage();
    world.stagePage = page;
    world.stageComplaints = listen(page);
    await page.setViewportSize({ width: 1680, height: 1000 });
    await page.goto(world.stage);
    const [jpn, usa] = [await floorOf(page, 'JPN'), await floorOf(page, 'USA')];
    for (const frame of [jpn, usa]) {
      await until('300 tracks', async () => (await probe(frame, 'tracks')) > 300, 60_000);
      equal([await probe(frame, 'webgl'), await probe(frame, 'partition').then((p) => p.split(':')[0])], ['ok', 'exercise'], 'map and partition');
    }
    equal([await probe(jpn, 'tongue'), await probe(usa, 'tongue')], ['ja', 'en'], 'languages');
    await page.waitForTimeout(2500);
    await shot(page, 'stage');
  },
  'the story has nine steps, and next goes on': async ({ stagePage: page, ask }) => {
    equal(await page.locator('.story ol li').count(), 9, 'steps');
    const before = await page.getByTestId('stage').getAttribute('data-step');
    await ask('/api/stage/human');
    await page.getByTestId('stage-next').click();
    await until('another step', async () => (await page.getByTestId('stage').getAttribute('data-step')) !== before, 60_000);
    check((await page.locator('.story h1').innerText()).trim().length > 3, 'the step has no title');
  },
  'pause and play say what the story does': async ({ stagePage: page }) => {
    const words = () => page.getByTestId('stage-state').innerText();
    const pause = page.getByTestId('stage-pause');
    if (/▶/.test(await pause.innerText())) await pause.click();
    await until('the story to run', async () => /❚❚/.test(await pause.innerText()));
    await pause.click();
    await until('the story to stand', async () => /▶/.test(await pause.innerText()));
    check((await words()).length > 3, 'the strip does not say what it does');
    await page.getByTestId('stage-human').click();
    await until('the story to wait', async () => (await page.getByTestId('stage-human').getAttribute('aria-pressed')) === 'true');
  },
  'the stage complained of nothing': async ({ stageComplaints, stagePage }) => {
    equal(stageComplaints, [], 'errors on the console');
    await stagePage.close();
  },
};
