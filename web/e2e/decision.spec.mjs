// One whole decision by hand: an incident is taken, an option drafted, edited and offered on the
// Japanese floor; the American side concurs; both sign the same hash and each tasks its own.
import { check, equal, shot, until } from './harness.mjs';

const act = async (page, id) => {
  const button = page.getByTestId(id).first();
  await button.waitFor({ timeout: 20_000 });
  await until(`${id} to be allowed`, () => button.isEnabled());
  await button.click();
};
const outcome = (page) => page.getByTestId('option').first().getAttribute('data-outcome');
/** Goes on with the story until it stands at `id`; the human acts, so it waits there. */
async function story(world, id) {
  if (!world.stage) return;
  await until(`the story's step ${id}`, async () => {
    const { step, steps } = await world.ask('/api/stage');
    if (steps[step].id === id) return true;
    await world.ask('/api/stage/next');
    await new Promise((resolve) => setTimeout(resolve, 700));
    return false;
  }, 120_000);
}
async function toIncident(page) {
  await page.bringToFront();
  await page.locator('body').press('2');
  const open = page.locator('[data-testid=incident-list] button:not([data-state=closed])');
  await until('an open incident', async () => (await open.count()) > 0, 90_000);
  await open.first().click();
  await page.getByTestId('incident').waitFor();
}

export const tests = {
  'a zone entry opens an incident on both floors': async (world) => {
    await story(world, 'zone_entry');
    await toIncident(world.usa);
    await toIncident(world.jpn);
    await shot(world.jpn, 'incident-raised');
  },
  'an incident is taken by hand, and T4 is written': async ({ jpn }) => {
    await act(jpn, 'incident-acknowledge');
    await until('the acknowledged state', async () => (await jpn.locator('[data-testid=incident-list] [data-state=reported]').count()) === 0 || !(await jpn.getByTestId('incident-acknowledge').count()));
    await until('T4', async () => (await jpn.locator('[data-testid=times] tbody tr').first().locator('td').nth(4).innerText()).trim() !== '—');
  },
  'an option is drafted from a standing option in both languages': async ({ jpn }) => {
    await act(jpn, 'draft');
    await jpn.getByTestId('save-option').waitFor({ timeout: 20_000 });
    await shot(jpn, 'draft');
    const preview = jpn.locator('.preview p');
    for (const i of [0, 1]) check((await preview.nth(i).innerText()).trim().length > 20, 'the draft lacks a language');
    await act(jpn, 'save-option');
    await until('the draft', async () => (await outcome(jpn)) === 'draft');
  },
  'an offer reaches the other floor with its hash': async ({ jpn, usa }) => {
    await act(jpn, 'offer');
    await until('the offer here', async () => (await outcome(jpn)) === 'open');
    await toIncident(usa);
    await until('the offer there', async () => (await usa.getByTestId('option').count()) > 0 && (await outcome(usa)) === 'open', 60_000);
    const hash = (page) => page.locator('[data-testid=ladder] .spine').nth(1).getAttribute('title');
    equal(await hash(usa), await hash(jpn), 'the hash on both floors');
  },
  'an edit voids both signatures in plain sight': async ({ jpn, usa }) => {
    await jpn.bringToFront();
    await act(jpn, 'edit');
    await jpn.getByTestId('save-option').waitFor({ timeout: 20_000 });
    await until('phrases', async () => (await jpn.locator('.editor .block input').count()) > 4);
    const unchecked = jpn.locator('.editor .block input:not(:checked)').first();
    await unchecked.check();
    await act(jpn, 'save-option');
    await act(jpn, 'offer');
    for (const page of [jpn, usa]) {
      await until('the void versions', async () => (await page.getByTestId('voided').count()) > 0, 60_000);
    }
    await shot(jpn, 'edit-voids');
  },
  'the American commander concurs by hand': async (world) => {
    await story(world, 'concur');
    const { usa, jpn } = world;
    await usa.bringToFront();
    await act(usa, 'answer-agree');
    await shot(usa, 'concur');
    await act(usa, 'sign');
    await until('the signature', async () => /✓/.test(await usa.getByTestId('signature-USA').first().innerText()));
    // Without a stage nobody plays the Japanese commander: the seat that we hold signs, where it may.
    if (!world.stage) {
      await jpn.bringToFront();
      await act(jpn, 'answer-agree');
      await act(jpn, 'sign');
    }
    for (const page of [jpn, usa]) await until('agreement', async () => /^agreed/.test((await outcome(page)) ?? ''), 60_000);
  },
  'both sides hold both signatures, and each tasks its own': async (world) => {
    for (const [page, nation] of [[world.jpn, 'JPN'], [world.usa, 'USA']]) {
      await page.bringToFront();
      await until('both holdings', async () => /✓/.test(await page.getByTestId('holding-JPN').first().innerText()) && /✓/.test(await page.getByTestId('holding-USA').first().innerText()), 60_000);
      const tasked = page.getByTestId(`tasked-${nation}`).first();
      await until('a task or the right to give it', async () => /▶/.test(await tasked.innerText()) || (await page.getByTestId('task-own').first().isEnabled().catch(() => false)), 30_000);
      if (!/▶/.test(await tasked.innerText())) await act(page, 'task-own').catch(() => undefined);
      await until('the task', async () => /▶/.test(await tasked.innerText()), 30_000);
      check((await page.getByTestId('task').count()) > 0, 'the own task is not on the floor');
    }
    await shot(world.jpn, 'decided-jpn');
    await shot(world.usa, 'decided-usa');
  },
};
