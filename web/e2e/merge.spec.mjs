// A person says that two tracks are one thing, takes it back, and both are seen by the whole floor.
import { check, equal, probe, shot, until } from './harness.mjs';

const inspector = (page) => page.getByTestId('inspector');

export const tests = {
  'two tracks become one thing by a statement, and two again when it is withdrawn': async ({ jpn }) => {
    await jpn.bringToFront();
    await jpn.keyboard.press('Escape');
    await until('300 tracks', async () => (await probe(jpn, 'tracks')) > 300, 60_000);
    await jpn.keyboard.press('j');
    await until('a selection', () => probe(jpn, 'selected'));
    const before = await probe(jpn, 'tracks');
    await jpn.getByTestId('merge-tracks').click();
    const dialog = jpn.locator('[role=dialog]');
    await dialog.waitFor();
    const chosen = await dialog.locator('select').inputValue();
    check(chosen !== '', 'no other track was offered');
    await dialog.locator('input').fill('同一船と無線で確認');
    await shot(jpn, 'merge-dialog-ja');
    await dialog.locator('button.primary').click();
    await dialog.waitFor({ state: 'detached' });
    const statement = jpn.getByTestId('merge-statement');
    await statement.waitFor();
    check((await statement.innerText()).includes('同一船と無線で確認'), 'the statement does not say why');
    await jpn.getByTestId('one-with').waitFor();
    await until('one track fewer', async () => (await probe(jpn, 'tracks')) < before);
    await shot(jpn, 'merge-stated-ja');
    await statement.getByRole('button').click();
    await statement.waitFor({ state: 'detached' });
    await until('two tracks again', async () => (await inspector(jpn).getByTestId('one-with').count()) === 0);
    equal(await jpn.getByTestId('merge-tracks').isEnabled(), true, 'the floor may state it again');
    await jpn.keyboard.press('Escape');
  },
};
