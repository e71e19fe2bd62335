// The past on the map: chosen, played, stepped, scrubbed, and never to be taken for the live picture.
import { check, equal, faults, probe, shot, until } from './harness.mjs';

const past = (page) => probe(page, 'playback');
const notice = (page) => page.getByTestId('playback-notice');

export const tests = {
  'the map says PLAYBACK in both languages, with the shown time, and the way back stands beside it': async ({ usa }) => {
    await usa.bringToFront();
    await usa.locator('body').press('Escape');
    await usa.keyboard.press('1');
    await usa.keyboard.press('p');
    await usa.getByTestId('window-1').click();
    await until('the past of the last hour', async () => (await usa.getByTestId('playback-state').innerText()).includes('points'), 60_000);
    const words = await notice(usa).innerText();
    check(words.includes('PLAYBACK') && words.includes('再生') && words.includes('Z') && words.includes('JST'), `the notice says ${words}`);
    check(await usa.getByTestId('back-to-live').isVisible(), 'there is no way back');
  },
  'the end of the window shows what live shows, and nothing from after the moment': async ({ usa }) => {
    await usa.getByTestId('scrub').focus();
    await usa.keyboard.press('End');
    await until('tracks of the past', async () => (await past(usa)).tracks > 100);
    const before = await past(usa);
    await usa.keyboard.press('Home');
    await until('the beginning', async () => (await past(usa)).shownMs < before.shownMs);
    check((await past(usa)).tracks < before.tracks, 'the hour before the start is as full as its end');
    await usa.keyboard.press('End');
    await usa.locator('body').press('Escape');
  },
  'keys step, play and pause': async ({ usa }) => {
    await usa.getByTestId('map').click({ position: { x: 5, y: 200 } });
    const end = (await past(usa)).shownMs;
    for (let i = 0; i < 6; i++) await usa.keyboard.press(',');
    const back = (await past(usa)).shownMs;
    equal((end - back) % 10_000, 0, 'the step');
    check(back < end, 'it did not step back');
    await usa.keyboard.press('p');
    await until('it plays', async () => (await past(usa)).shownMs > back);
    await usa.keyboard.press('p');
    equal((await past(usa)).playing, false, 'playing after the pause');
  },
  'a track picked in the past has its trail, drawn as live draws it': async ({ usa }) => {
    await usa.getByTestId('window-1').click();
    await until('the window anew', async () => (await usa.getByTestId('playback-state').innerText()).includes('points'));
    await usa.getByTestId('scrub').focus();
    await usa.keyboard.press('End');
    await usa.getByTestId('open-playback').focus();
    await until('a track with a trail', async () => {
      await usa.keyboard.press('j');
      return (await past(usa)).trail > 1;
    });
    await usa.waitForTimeout(800);
    await shot(usa, 'playback-usa');
    await usa.getByTestId('theme').click();
    await usa.getByTestId('language').click();
    await usa.waitForTimeout(1200);
    await shot(usa, 'playback-light-ja');
    equal((await faults(usa)).filter((fault) => /playback|scrub|notice/.test(fault)), [], 'accessibility of the playback');
    await usa.getByTestId('theme').click();
    await usa.getByTestId('language').click();
  },
  'a window without history says so': async ({ usa }) => {
    await usa.getByRole('button', { name: 'From – to' }).click();
    const [from, to] = [usa.getByLabel('From (UTC)'), usa.getByLabel('To (UTC)')];
    await from.fill('2020-01-01T00:00');
    await to.fill('2020-01-02T00:00');
    await usa.getByRole('button', { name: 'Show', exact: true }).click();
    await until('the word', async () => (await usa.getByTestId('playback-state').innerText()).includes('No history for this window'));
    await shot(usa, 'playback-empty');
  },
  'back to live is live': async ({ usa }) => {
    await usa.getByTestId('back-to-live').click();
    equal((await past(usa)).on, false, 'the playback');
    equal(await notice(usa).count(), 0, 'the notice');
    await shot(usa, 'playback-over');
  },
  'no layer of theatre data is on by default, and the panel says what one is': async ({ usa }) => {
    await usa.getByTestId('layers').click();
    const words = await usa.getByTestId('layers-panel').innerText();
    check(words.includes('indicative, not a legal boundary'), `the panel says ${words}`);
    equal(await usa.locator('[data-testid=layers-panel] input:checked').count(), 0, 'layers that are on');
    await shot(usa, 'layers-panel');
    await usa.getByTestId('layers').click();
  },
};
