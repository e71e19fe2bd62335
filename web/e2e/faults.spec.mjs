// What a floor says when something is missing: no sign-in, no WebGL, no node. And that it complained of
// nothing while all was well.
import { check, coloursOf, equal, launch, probe, ready, shot, until } from './harness.mjs';

export const tests = {
  'without a sign-in the page says how to get one, in both languages': async ({ jpn }) => {
    const { context, close } = await launch();
    const page = await context.newPage();
    await page.goto(new URL(jpn.url()).origin);
    const words = await page.getByTestId('signin').innerText({ timeout: 20_000 });
    check(words.includes('renkei user link') && words.includes('サインイン'), 'the sign-in page does not say how');
    await shot(page, 'sign-in');
    await close();
  },
  'without WebGL the floor says so, and the table works': async ({ jpn, browser }) => {
    const { context, close } = await launch(['--disable-3d-apis']);
    await context.addCookies(await browser.context.cookies());
    const page = await context.newPage();
    await page.goto(new URL(jpn.url()).origin);
    await page.getByTestId('no-webgl').waitFor({ timeout: 60_000 });
    await until('rows', async () => (await page.locator('[data-testid=track-table] .body [role=row]').count()) > 10);
    await shot(page, 'no-webgl');
    await close();
  },
  'a lost drawing says so, the table stays, and the map can be drawn again': async ({ usa }) => {
    await usa.bringToFront();
    await usa.locator('body').press('1');
    await usa.locator('.chart-tracks').waitFor({ state: 'attached', timeout: 30_000 });
    await until('the map', async () => (await probe(usa, 'webgl')) === 'ok');
    await usa.evaluate(() => document.querySelector('.chart-tracks').getContext('webgl2').getExtension('WEBGL_lose_context').loseContext());
    await usa.getByTestId('no-webgl').waitFor();
    check((await usa.locator('[data-testid=track-table] .body [role=row]').count()) > 10, 'the table is empty');
    await usa.getByTestId('no-webgl').locator('button').click();
    await until('the map again', async () => (await probe(usa, 'webgl')) === 'ok', 60_000);
    check((await coloursOf(usa, usa.getByTestId('map'))) > 60, 'the map stayed blank');
  },
  'leaving the picture is no fault of the map': async ({ usa }) => {
    await usa.locator('body').press('4');
    await usa.getByTestId('health').waitFor();
    await usa.waitForTimeout(800);
    equal(await probe(usa, 'webgl'), 'ok', 'the map');
    await usa.locator('body').press('1');
  },
  'a silent node freezes the picture in plain sight, and it comes back': async ({ jpn, browser }) => {
    const page = await browser.context.newPage();
    const lines = [];
    let dead = false;
    await page.routeWebSocket(/\/ws$/, (line) => {
      if (dead) return void line.close();
      line.connectToServer();
      lines.push(line);
    });
    await page.goto(new URL(jpn.url()).origin);
    await ready(page);
    dead = true;
    for (const line of lines) await line.close();
    await page.getByTestId('frozen-notice').waitFor({ timeout: 20_000 });
    await page.waitForTimeout(1500);
    await shot(page, 'frozen');
    dead = false;
    await page.getByTestId('frozen-notice').waitFor({ state: 'detached', timeout: 20_000 });
    await page.close();
  },
  'neither floor complained of anything': async ({ complaints }) => {
    equal(complaints, { jpn: [], usa: [] }, 'errors on the console');
  },
};
