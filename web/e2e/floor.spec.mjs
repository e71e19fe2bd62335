// One floor each: the picture, its language, its keys, its table and map together.
import { check, coloursOf, equal, faults, probe, shot, until } from './harness.mjs';

const row = (page, i) => page.locator('[data-testid=track-table] .body [role=row]').nth(i);

export const tests = {
  'both floors draw with WebGL 2, and the map is not blank': async ({ jpn, usa }) => {
    for (const page of [jpn, usa]) {
      await page.bringToFront();
      equal(await probe(page, 'webgl'), 'ok', 'the map');
      const canvas = await page.evaluate(() => document.querySelector('.maplibregl-canvas')?.getContext('webgl2') instanceof WebGL2RenderingContext);
      check(canvas, 'the map canvas holds no WebGL 2 context');
      check((await coloursOf(page, page.getByTestId('map'))) > 60, 'the map shows fewer than 60 colours: it is blank');
    }
  },
  'both floors hold more than 300 tracks, also from the partner': async ({ jpn, usa }) => {
    for (const page of [jpn, usa]) {
      await until('300 tracks', async () => (await probe(page, 'tracks')) > 300, 60_000);
      check((await probe(page, 'partnerOnly')) > 0, 'no track comes from the partner alone');
    }
  },
  'one floor speaks Japanese and the other English': async ({ jpn, usa }) => {
    equal([await probe(jpn, 'tongue'), await probe(usa, 'tongue')], ['ja', 'en'], 'languages');
    equal(await jpn.locator('html').getAttribute('lang'), 'ja', 'the page language');
    check((await jpn.getByTestId('tab-picture').innerText()).includes('状況図'), 'the Japanese floor does not say 状況図');
    check((await usa.getByTestId('tab-picture').innerText()).includes('Picture'), 'the English floor does not say Picture');
    await shot(jpn, 'floor-jpn');
    await shot(usa, 'floor-usa');
  },
  'the exercise is written over every floor, in both languages': async ({ jpn, usa }) => {
    for (const page of [jpn, usa]) {
      const banner = page.getByTestId('banner');
      equal(await banner.getAttribute('data-partition'), 'exercise', 'the partition');
      const words = await banner.innerText();
      check(words.includes('EXERCISE') && words.includes('訓練'), `the banner says ${words}`);
    }
  },
  'who is on watch on the other side stands on the floor': async ({ jpn, usa }) => {
    await until('seats on both floors', async () => (await jpn.locator('[data-testid=counterparts] li').count()) > 1 && (await usa.locator('[data-testid=counterparts] li').count()) > 1);
  },
  'the language and the theme change at once and back': async ({ usa }) => {
    await usa.bringToFront();
    await usa.getByTestId('language').click();
    check((await usa.getByTestId('tab-picture').innerText()).includes('状況図'), 'the floor stayed English');
    await usa.getByTestId('theme').click();
    equal(await usa.locator('html').getAttribute('data-theme'), 'light', 'the theme');
    await usa.waitForTimeout(1500);
    await shot(usa, 'floor-light-ja');
    await usa.getByTestId('language').click();
    await usa.getByTestId('theme').click();
    equal([await probe(usa, 'tongue'), await usa.locator('html').getAttribute('data-theme')], ['en', 'dark'], 'language and theme');
  },
  'J, K and Escape walk the tracks, and the inspector follows': async ({ jpn }) => {
    await jpn.bringToFront();
    await jpn.locator('body').press('Escape');
    await jpn.keyboard.press('j');
    await until('a selection', () => probe(jpn, 'selected'));
    const first = await probe(jpn, 'selected');
    await jpn.keyboard.press('j');
    await until('the next track', async () => (await probe(jpn, 'selected')) !== first);
    await jpn.keyboard.press('k');
    await until('the first again', async () => (await probe(jpn, 'selected')) === first);
    const selected = jpn.locator('[role=row][aria-selected=true] .name');
    equal((await selected.innerText()).trim(), (await jpn.getByTestId('inspector-name').innerText()).trim(), 'table and inspector');
    await shot(jpn, 'inspector');
    await jpn.keyboard.press('Escape');
    await until('no selection', async () => (await probe(jpn, 'selected')) === null);
  },
  'the number keys change the screen and ? shows the keys': async ({ jpn }) => {
    for (const [key, id] of [['2', 'incident-list'], ['3', 'rules'], ['4', 'feeds'], ['1', 'track-table']]) {
      await jpn.keyboard.press(key);
      await jpn.getByTestId(id).waitFor({ timeout: 20_000 });
      if (key !== '1') await shot(jpn, `screen-${key}`);
    }
    await jpn.keyboard.press('?');
    await jpn.locator('[role=dialog]').waitFor();
    await jpn.keyboard.press('Escape');
    await jpn.locator('[role=dialog]').waitFor({ state: 'detached' });
  },
  '/ searches, and what does not match is not listed': async ({ jpn }) => {
    await jpn.keyboard.press('/');
    await until('the search to have the focus', () => jpn.evaluate(() => document.activeElement?.getAttribute('data-testid') === 'search'));
    const name = (await row(jpn, 0).locator('.name').innerText()).trim();
    await jpn.keyboard.type(name);
    await until('the list to narrow', async () => /\//.test(await jpn.getByTestId('track-count').innerText()));
    check((await row(jpn, 0).innerText()).includes(name), 'the match is not listed first');
    await jpn.getByTestId('search').fill('');
    await jpn.keyboard.press('Escape');
  },
  'a filter hides on the map too, and says so': async ({ jpn }) => {
    const button = jpn.locator('[data-testid=track-table] .filters button').first();
    await button.click();
    await jpn.locator('.notices .notice button').waitFor({ timeout: 10_000 });
    await jpn.locator('.notices .notice button').click();
    equal(await button.getAttribute('aria-pressed'), 'false', 'the filter');
  },
  'a click on the map selects a track, and the table shows it': async ({ jpn }) => {
    await jpn.locator('body').press('Escape');
    await jpn.keyboard.press('j');
    const number = await until('a selection', () => probe(jpn, 'selected'));
    await jpn.keyboard.press('c');
    await jpn.waitForTimeout(900);
    const point = await jpn.evaluate((n) => window.__renkei.screenOf(n), number);
    const box = await jpn.getByTestId('map').boundingBox();
    await jpn.keyboard.press('Escape');
    await jpn.mouse.click(box.x + point[0], box.y + point[1]);
    await until('a selection from the map', () => probe(jpn, 'selected'));
    await jpn.locator('[role=row][aria-selected=true]').waitFor();
  },
  'an address opens the same place in another window': async ({ jpn, browser }) => {
    const number = await probe(jpn, 'selected');
    const url = jpn.url();
    check(url.includes(`t=${number}`) && url.includes('z='), `the address ${url} does not say where one looks`);
    const page = await browser.context.newPage();
    await page.goto(url);
    await until('the selection', () => page.evaluate((n) => window.__renkei?.ready && window.__renkei.selected === n, number), 60_000);
    await page.close();
    await jpn.bringToFront();
    await jpn.locator('body').press('Escape');
  },
  'axe finds no fault on any screen in either theme': async ({ usa }) => {
    await usa.bringToFront();
    for (const theme of ['dark', 'light']) {
      for (const key of ['1', '2', '3', '4']) {
        await usa.locator('body').press(key);
        await usa.waitForTimeout(700);
        equal(await faults(usa), [], `faults on screen ${key} in ${theme}`);
      }
      await usa.getByTestId('theme').click();
    }
    await usa.keyboard.press('1');
  },
};
