// What a radar sees without a name: on the floor that owns the radar, and at the partner.
import { check, equal, probe, shot, until } from './harness.mjs';

const row = (page, i) => page.locator('[data-testid=track-table] .body [role=row]').nth(i);
const search = (page) => page.getByTestId('search');

async function find(page, text) {
  await page.bringToFront();
  await search(page).fill(text);
  await until(`a row of ${text}`, async () => (await row(page, 0).count()) > 0, 60_000);
  await row(page, 0).click();
  await until('its inspector', () => probe(page, 'selected'));
}

async function leave(page) {
  await search(page).fill('');
  await page.locator('body').press('Escape');
}

export const tests = {
  'a boat without AIS goes by a number here, by an alias at the partner': async ({ jpn, usa }) => {
    await find(jpn, 'R-0');
    const name = (await jpn.getByTestId('inspector-name').innerText()).trim();
    check(/^R-\d{4}$/.test(name), `it is called ${name}`);
    check((await jpn.getByTestId('nameless').innerText()).includes('名乗りなし'), 'the inspector does not say that it gave no name');
    check((await jpn.getByTestId('inspector').innerText()).includes('jpn-radar'), 'the inspector does not name the radar');
    const alias = await until('its alias', async () => (await jpn.getByTestId('inspector').innerText()).match(/J-\d{4}/)?.[0]);
    await shot(jpn, 'radar-jpn');
    await find(usa, alias);
    equal((await usa.getByTestId('inspector-name').innerText()).trim(), alias, 'what the partner calls it');
    check(!(await usa.getByTestId('inspector').innerText()).includes('jpn-radar'), 'the partner is told the name of the radar');
    await shot(usa, 'radar-usa');
    await leave(usa);
  },
  'it says so in English and by daylight too, and an incident can be opened about it': async ({ jpn }) => {
    await jpn.bringToFront();
    await jpn.getByTestId('language').click();
    check((await jpn.getByTestId('nameless').innerText()).startsWith('No name given (radar)'), 'the English inspector does not say it');
    await jpn.getByTestId('theme').click();
    await jpn.waitForTimeout(1_000);
    await shot(jpn, 'radar-light-en');
    check(await jpn.getByTestId('open-incident').isEnabled(), 'no incident can be opened about it');
    await jpn.getByTestId('theme').click();
    await jpn.getByTestId('language').click();
    await leave(jpn);
  },
};
