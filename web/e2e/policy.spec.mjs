// The release policy is changed by two persons: tried on what was seen, proposed, approved, in force at
// once and after a restart. A node of its own, with five ships of a feed that nobody agreed to give.
import { check, equal, launch, listen, ready, shot, until } from './harness.mjs';
import { freePort, Node, send } from './node.mjs';
import { KN, position } from './recording.mjs';

export const needsBinary = true;
const SHIPS = 5;
let [node, author, second, other] = [null, null, null, null];
const complaints = [];

const dialog = (page) => page.getByTestId('policy');

async function open(context, url) {
  const page = await context.newPage();
  complaints.push(listen(page));
  await page.goto(url);
  await ready(page);
  await page.keyboard.press('3');
  return page;
}

async function openPolicy(page) {
  await page.bringToFront();
  await page.getByTestId('policy-open').click();
  await dialog(page).waitFor();
}

/** What lies beside a word of the policy's description. */
const version = (page) => page.getByTestId('policy-version').innerText();

export async function setUp(world) {
  const feed = await freePort();
  node = await Node.make(world.binary, `
[[feed]]
name = "quay-ais"
kind = "ais"
listen = "127.0.0.1:${feed}"`);
  await node.start();
  const [officer, commander] = [node.signIn('Sato', 'release_officer', 'release', 'ja'), node.signIn('Kuroda', 'commander', 'commander')];
  const lines = Array.from({ length: SHIPS }, (_, i) => position(691_000_100 + i, [i * 2_000, 0], 8 * KN, 90));
  await send(feed, `${lines.join('\n')}\n`);
  await until('the ships', () => fetch(`http://${node.http}/api/health`).then((r) => r.json()).then((h) => h.tracks === SHIPS));
  // A person has a browser of their own: two on one floor would share a cookie.
  other = await launch();
  author = await open(world.browser.context, officer);
  second = await open(other.context, commander);
}

export async function tearDown() {
  await author?.close();
  await other?.close();
  await node?.remove();
}

let before = '';

export const tests = {
  'the policy in force stands on the screen with its proof': async () => {
    await openPolicy(author);
    before = await version(author);
    equal(before.length, 64, 'the version');
    check((await author.getByTestId('policy-proof').innerText()).includes('19'), 'nineteen things are proved');
    await shot(author, 'policy-ja');
  },
  'a text that does not read is named by file, line and how to mend it': async () => {
    await author.getByTestId('policy-edit').click();
    await author.getByTestId('policy-file').selectOption({ label: 'observations.cedar' });
    const text = author.getByTestId('policy-text');
    const shipped = await text.inputValue();
    await text.fill(shipped.replace('resource.label.informative', 'resource.lable.informative'));
    await author.getByTestId('policy-try').click();
    const tried = author.getByTestId('policy-tried');
    await tried.waitFor();
    check(/observations\.cedar:\d+.*lable.*did you mean `label`/.test(await tried.innerText()), `it says ${await tried.innerText()}`);
    check(await author.getByTestId('policy-propose').isDisabled(), 'it may not be proposed');
    await text.fill(shipped);
  },
  'a change says of how many more things what would cross': async () => {
    const text = author.getByTestId('policy-text');
    await text.fill((await text.inputValue()).replace('resource.label.informative.contains("CIVIL") &&\n', ''));
    await author.getByTestId('policy-try').click();
    const tried = author.getByTestId('policy-tried');
    await tried.waitFor();
    await shot(author, 'policy-tried-ja');
    check((await tried.innerText()).includes(`提供が増える対象${SHIPS}件`), `it says ${await tried.innerText()}`);
    await author.getByTestId('policy-reason').fill('五月の取決めによる');
    await author.getByTestId('policy-propose').click();
    await author.getByTestId('policy-pending').waitFor();
    equal(await author.getByTestId('policy-approve').count(), 0, 'its author cannot approve it');
    equal(await version(author), before, 'nothing changed yet');
  },
  'a second person sees the lines that differ, approves, and it is in force': async () => {
    await openPolicy(second);
    const pending = second.getByTestId('policy-pending');
    await pending.waitFor();
    check((await pending.locator('.removed').allInnerTexts()).some((line) => line.includes('CIVIL')), 'the line that goes is not marked');
    await second.getByTestId('policy-tried').waitFor();
    await shot(second, 'policy-pending-en');
    await second.getByTestId('policy-approve').click();
    await pending.waitFor({ state: 'detached' });
    check((await version(second)) !== before, 'the old version is still in force');
    await second.getByTestId('policy-proof').getByText('not proved').waitFor();
    check((await second.getByTestId('policy-past').innerText()).includes('Sato'), 'the author is not named');
    await shot(second, 'policy-approved-en');
  },
  'what was approved is in force after a restart, also against the files on the disk': async () => {
    const approved = await version(second);
    await node.stop();
    const shipped = await import('node:fs/promises');
    await shipped.writeFile(`${node.dir}/policy/observations.cedar`, '');
    await node.start();
    // Sessions end with the process.
    await second.goto(node.signIn('Oda', 'commander', 'commander'));
    await ready(second);
    await second.keyboard.press('3');
    await openPolicy(second);
    equal(await version(second), approved, 'the version after a restart');
    for (const heard of complaints) equal(heard.filter((line) => !/WebSocket|Failed to load resource|ERR_CONNECTION/.test(String(line))).length, 0, 'complaints of the page');
  },
};
