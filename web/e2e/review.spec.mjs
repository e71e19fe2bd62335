// Human release, the whole path on both floors: policy asks, two persons at two desks decide over the
// exact bytes, the partner sees it; it is recalled, and the partner sees that it was.
import { execFileSync } from 'node:child_process';
import { check, equal, faults, launch, listen, probe, ready, shot, until } from './harness.mjs';

export const needsBinary = true;

const WORDS = { en: 'A source of ours heard engine noise.', ja: '当方の情報源が機関音を探知した。' };
const people = {};

/** A floor for a person of the demo, in a browser of their own: cookies are one to a host. */
async function floor(world, nation, person, role, seat, language) {
  const dir = `${world.dir}/${nation.toLowerCase()}`;
  const link = execFileSync(world.binary, ['user', 'add', dir, '--person', person, '--role', role, '--seat', seat, '--language', language]).toString().trim();
  const { searchParams } = new URL(link);
  const { origin } = new URL(world.urls[nation]);
  const browser = await launch();
  const page = await browser.context.newPage();
  const grumbles = listen(page);
  await page.goto(`${origin}/signin?token=${searchParams.get('token')}`);
  await ready(page);
  return { page, grumbles, close: browser.close };
}
const exchange = (page) => page.keyboard.press('3');
const english = async (page, wanted) => {
  if (((await probe(page, 'tongue')) === 'en') !== wanted) await page.getByTestId('language').click();
};
const affairs = (page) => page.evaluate(() => fetch('/api/affairs').then((r) => r.json()));
const post = (page, body) =>
  page.evaluate((b) => fetch('/api/command', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(b) }).then((r) => r.json()), body);
/** The incident that tells our words, or its mark, as a floor shows it. */
const told = async (page) => (await affairs(page)).incidents.filter((i) => JSON.stringify(i.occurrence).includes(WORDS.en));

/** The reviewer reads, gives a reason and approves, by keyboard alone. */
async function approve(page, reason) {
  const row = page.getByTestId('review-item').first();
  await row.focus();
  await page.keyboard.press('Enter');
  await page.getByTestId('review-hex').waitFor();
  await page.getByTestId('review-reason').fill(reason);
  await page.getByTestId('review-reason').press('Enter');
  await until('the dialog to close', async () => (await page.getByTestId('review-hex').count()) === 0);
}

export const tests = {
  'an empty queue says so, in both languages': async (world) => {
    people.officer = await floor(world, 'JPN', '伊藤 三佐（演習）', 'release_officer', 'release', 'ja');
    people.commander = await floor(world, 'JPN', '織田 一佐（演習）', 'commander', 'commander', 'ja');
    const { page } = people.officer;
    await exchange(page);
    await until('the empty queue', async () => /審査待ちの案件はありません/.test(await page.getByTestId('reviews').innerText()));
    await shot(page, 'review-none-ja');
    await english(page, true);
    await until('the same in English', async () => /Nothing waits/.test(await page.getByTestId('reviews').innerText()));
  },
  'free text waits and rings in the bar; the partner sees nothing of it': async ({ jpn, usa }) => {
    const answer = await post(jpn, { command: 'open_incident', track: null, text: WORDS });
    check(answer.ok, `open_incident: ${JSON.stringify(answer)}`);
    const { page } = people.officer;
    await until('the item', async () => (await page.getByTestId('review-item').count()) > 0);
    equal((await page.getByTestId('review-tab-count').innerText()).trim(), '1', 'the count in the bar');
    await page.waitForTimeout(1_500);
    equal((await told(usa)).length, 0, 'incidents with our words over there');
    await shot(page, 'review-queue-en');
  },
  'the exact bytes stand beside what stays here': async () => {
    const { page } = people.officer;
    await page.getByTestId('review-item').first().focus();
    await page.keyboard.press('Enter');
    await page.getByTestId('review-hex').waitFor();
    const fields = await page.getByTestId('review-fields').innerText();
    check(fields.includes(WORDS.en) && fields.includes(WORDS.ja), `the fields lack the words: ${fields}`);
    const lines = (await page.getByTestId('review-hex').innerText()).split('\n');
    const hex = lines.map((line) => line.slice(6).replaceAll(' ', '')).join('');
    const sum = await page.evaluate(async (text) => {
      const bytes = Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));
      const digest = await crypto.subtle.digest('SHA-256', bytes);
      return [...new Uint8Array(digest)].map((b) => b.toString(16).padStart(2, '0')).join('');
    }, hex).catch(() => null);
    const { reviews } = await affairs(page);
    if (sum) equal(sum, reviews[0].digest, 'SHA-256 of the bytes on the screen');
    equal(hex.length / 2, reviews[0].bytes, 'bytes on the screen');
    await page.waitForTimeout(300);
    await shot(page, 'review-detail-en');
    equal((await faults(page)).filter((fault) => /review|dialog|table|region|pre/.test(fault)), [], 'accessibility of the review');
    await page.keyboard.press('Escape');
    await page.getByTestId('theme').click();
    await english(page, false);
    await page.getByTestId('review-item').first().click();
    await page.getByTestId('review-hex').waitFor();
    await page.waitForTimeout(500);
    await shot(page, 'review-detail-light-ja');
    await page.keyboard.press('Escape');
    await page.getByTestId('theme').click();
  },
  'one person releases what takes one, by keyboard, and the partner sees it': async ({ usa }) => {
    const { page } = people.officer;
    const { reviews } = await affairs(page);
    people.label = await page.evaluate(
      (record) => fetch(`/api/review?record=${encodeURIComponent(record)}`).then((r) => r.json()).then((detail) => detail.fields.label),
      reviews[0].record,
    );
    await approve(page, '内容及び保全措置を確認した');
    await until('the incident over there', async () => (await told(usa)).length === 1, 60_000);
    equal((await affairs(usa)).reviews.length, 0, 'what waits over there: it said nothing of its own');
    await usa.bringToFront();
    await usa.keyboard.press('2');
    await usa.waitForTimeout(500);
    await shot(usa, 'review-released-usa');
  },
  'lowering a label takes two persons at two desks; raising it goes at once': async ({ usa }) => {
    const { page } = people.officer;
    const object = (await told(page))[0].id;
    const relabel = (classification) =>
      post(page, { command: 'relabel', object, label: { ...people.label, classification }, ground: 'review', reason: '見直し' });
    const known = async () => (await affairs(usa)).recalls.map((recall) => recall.label?.classification);
    check((await relabel('secret')).ok, 'raising the label was refused');
    await until('the higher label over there', async () => (await known()).includes('secret'), 60_000);
    check((await relabel('restricted')).ok, 'lowering the label was refused');
    await page.bringToFront();
    await exchange(page);
    await until('the downgrade in the queue', async () => (await affairs(page)).reviews[0]?.review === 'two');
    await approve(page, '引下げの理由を確認した');
    await until('one approval', async () => (await affairs(page)).reviews[0]?.approvals.length === 1);
    const mine = page.getByTestId('review-item').first();
    await mine.click();
    await page.getByTestId('review-approve').waitFor();
    check(await page.getByTestId('review-approve').isDisabled(), 'one person may approve twice');
    await page.waitForTimeout(300);
    await shot(page, 'review-second-person-ja');
    await page.keyboard.press('Escape');
    equal((await known()).filter((c) => c === 'restricted').length, 0, 'what one person alone released');
    const other = people.commander.page;
    await other.bringToFront();
    await exchange(other);
    await other.getByTestId('review-item').first().waitFor();
    await approve(other, '提供を承認する');
    await until('the lower label over there', async () => (await known()).includes('restricted'), 60_000);
    await page.bringToFront();
  },
  'what is recalled is shown no more over there, and both say when': async ({ jpn, usa }) => {
    const { page } = people.officer;
    const incident = (await told(page))[0];
    await page.keyboard.press('2');
    await page.locator('[data-testid=incident-list] button', { hasText: /機関音/ }).first().click();
    await page.getByTestId('recall').click();
    await page.getByTestId('recall-ground').selectOption('source');
    await page.getByTestId('recall-reason').fill('情報源の保護のため');
    await page.waitForTimeout(300);
    await shot(page, 'recall-ask-ja');
    await page.getByTestId('recall-reason').press('Enter');
    await until('the words to be gone over there', async () => (await told(usa)).length === 0, 60_000);
    const there = (await affairs(usa)).incidents.find((i) => i.pair === incident.id);
    check(there?.recalled?.by === 'JPN', `the partner's incident is not marked: ${JSON.stringify(there)}`);
    await until('the receipt here', async () => (await affairs(page)).incidents.find((i) => i.id === incident.id)?.recalled?.done_ms, 30_000);
    await until('the mark here', async () => /取り消した/.test(await page.getByTestId('recalled').innerText()));
    await shot(page, 'recalled-jpn-ja');
    await usa.keyboard.press('2');
    await usa.locator('[data-testid=incident-list] button', { hasText: /recalled|提供取消/ }).first().click();
    await until('the mark there', async () => /recalled it|取り消した/.test(await usa.getByTestId('recalled').innerText()));
    await shot(usa, 'recalled-usa');
    await exchange(usa);
    await until('the list there', async () => (await usa.getByTestId('recalls').innerText()).length > 5);
    await shot(usa, 'recalls-usa');
    check(!(await usa.locator('body').innerText()).includes('情報源の保護のため'), 'the reason crossed');
    await jpn.bringToFront();
  },
  'the floors complained of nothing': async () => {
    equal(people.officer.grumbles, [], 'errors on the console');
  },
};

export async function tearDown() {
  for (const person of [people.officer, people.commander]) await person?.close();
}
