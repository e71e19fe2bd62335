// A cut link is drawn on the map itself, and heals.
import { check, probe, shot, until } from './harness.mjs';

export const needsStage = true;

export const tests = {
  'a cut link is red on the bar and written over the map': async ({ jpn, ask }) => {
    await jpn.bringToFront();
    await jpn.locator('body').press('1');
    await ask('/api/stage/cut');
    await until('the link to be down', async () => (await probe(jpn, 'link')) === 'down', 60_000);
    await jpn.getByTestId('link-notice').waitFor();
    check((await jpn.getByTestId('link-chip').getAttribute('data-state')) === 'down', 'the chip is not red');
    check(/\d{6}Z/.test(await jpn.getByTestId('link-notice').innerText()), 'the map does not say as of when the picture is');
    await jpn.waitForTimeout(2500);
    await shot(jpn, 'link-down');
  },
  'a healed link is up on both floors and the notice goes': async ({ jpn, usa, ask }) => {
    await ask('/api/stage/heal');
    for (const page of [jpn, usa]) await until('the link to be up', async () => (await probe(page, 'link')) === 'up', 90_000);
    await jpn.getByTestId('link-notice').waitFor({ state: 'detached' });
  },
};
