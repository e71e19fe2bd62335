// Who owes what, which signatures stand, what may be pressed.
import { describe, expect, it } from 'vitest';
import type { AnswerView, Incident } from '../api/types';
import { current, identitiesDiffer, incidentOf, listed, mayAnswer, mayOffer, mayTask, optionsOf, owesAnswer, phrasesOf, queueOf, tracksInIncidents } from './affairs';
import { affairs, session, version } from './fixtures';

function answer(nation: string, verdict: AnswerView['verdict']): AnswerView {
  return { nation, verdict, text: null, to: null, seat: 'commander', person: 'P', at_ms: 1, hash: 'aa' };
}
function incident(id: string, owner: string, pair: string | null, over: Partial<Incident> = {}): Incident {
  return {
    id, owner, pair, pair_state: null, withheld: null, recalled: null, state: 'reported', occurrence: { kind: 'duplicate_identity' }, lat: null, lon: null, track: null,
    subject: { alias: null, identity: null, name: 'S', domain: 'surface' }, times: { own: { t0: 1 }, partner: {} }, log: [], ...over,
  };
}

describe('an answer', () => {
  it.each([
    ['silence owes', version(), true],
    ['a referral still owes', version({ answers: [answer('USA', 'refer_up')] }), true],
    ['a signature does not', version({ answers: [answer('USA', 'agree')] }), false],
    ['a draft does not', version({ offered: false }), false],
    ['a void version does not', version({ void: true }), false],
    ['a lapsed one does not', version({ outcome: 'lapsed' }), false],
  ])('%s', (_, v, expected) => {
    expect(owesAnswer(v, 'USA')).toBe(expected);
  });
  it.each([
    ['may be given', session(), version(), null],
    ['needs the seat', session({ may: ['offer'] }), version(), 'why-no-approve'],
    ['needs an offer', session(), version({ offered: false }), 'why-not-offered'],
    ['is not given to a void text', session(), version({ void: true, outcome: 'superseded' }), 'why-void'],
    ['waits when the node says so', session(), version({ wait: { en: 'w', ja: '待' } }), { en: 'w', ja: '待' }],
    ['is given once', session(), version({ answers: [answer('USA', 'agree')] }), 'why-answered'],
  ])('%s', (_, s, v, why) => {
    expect(mayAnswer(s, v)).toEqual({ allowed: why === null, why });
  });
});

it('a task waits for both signatures in hand', () => {
  const agreed = version({ outcome: 'agreed' });
  expect(mayTask(session(), agreed).why).toBe('why-both-signatures');
  expect(mayTask(session(), version({ outcome: 'agreed', held_own: true })).allowed).toBe(true);
  expect(mayTask(session(), version({ outcome: 'agreed', held_own: true, tasked: { USA: 5, JPN: null } })).why).toBe('why-tasked');
});

it('an offer is made once', () => {
  const blocked = { en: 'b', ja: '不可' };
  expect([mayOffer(session(), version({ offered: false })).allowed, mayOffer(session(), version()).why]).toEqual([true, 'why-offered']);
  expect(mayOffer(session(), version({ offered: false, blocked })).why).toBe(blocked);
});

describe('the phrase book of two nations', () => {
  it('has the common text and their own actions, and no third nation\'s', () => {
    const block = (id: string, nation: string | null) => ({ id, nation, text: { en: id, ja: id } });
    const book = {
      standing: [{ id: 'shadow.1', title: { en: '', ja: '' }, blocks: ['both', 'jpn', 'usa'] }],
      blocks: [block('both', null), block('jpn', 'JPN'), block('usa', 'USA')],
    };
    expect(phrasesOf(book, ['JPN', 'USA'])).toEqual(book);
    const found = phrasesOf(book, ['JPN', 'AUS']);
    expect(found.blocks.map(({ id }) => id)).toEqual(['both', 'jpn']);
    expect(found.standing[0]?.blocks).toEqual(['both', 'jpn']);
  });
});

describe('incidents', () => {
  const all = affairs({ incidents: [incident('J/1', 'JPN', 'U/1'), incident('J/2', 'JPN', null, { state: 'closed' }), incident('J/3', 'JPN', null, { times: { own: { t0: 9 }, partner: {} } })] });
  it('are listed open ones first, newest first', () => {
    expect(listed(all).map((i) => i.id)).toEqual(['J/3', 'J/1', 'J/2']);
  });
  it('are found by either side\'s id', () => {
    expect([incidentOf(all, 'U/1')?.id, incidentOf(all, 'J/3')?.id, incidentOf(all, null)]).toEqual(['J/1', 'J/3', null]);
  });
  it('gather their options, oldest first', () => {
    const option = (id: string, of: string, made_at_ms: number) => ({ id, incident: of, template: null, versions: [version({ made_at_ms })] });
    const withOptions = { ...all, options: [option('b', 'J/1', 9), option('a', 'U/1', 1), option('c', 'U/2', 5)] };
    expect(optionsOf(withOptions, all.incidents[0]!).map((o) => o.id)).toEqual(['a', 'b']);
  });
  it('mark tracks while they are open', () => {
    const open = affairs({ incidents: [incident('a', 'JPN', null, { track: 4 }), incident('b', 'JPN', null, { track: 5, state: 'closed' })] });
    expect([...tracksInIncidents(open)]).toEqual([4]);
  });
});

it('the current version is the last that is not void', () => {
  const option = (versions: ReturnType<typeof version>[]) => ({ id: 'o', incident: 'i', template: null, versions });
  const [a, b] = [version({ hash: 'a', void: true }), version({ hash: 'b', number: 2 })];
  expect([current(option([a, b]))?.hash, current(option([b, a]))?.hash, current(option([a]))?.hash, current(option([]))]).toEqual(['b', 'b', 'a', null]);
});

it('the queue is worst first, then newest', () => {
  const item = (id: string, severity: 'distress' | 'alert' | 'notice', at_ms: number) => ({ id, severity, at_ms, kind: 'x', incident: null, track: null, key: 'x', args: {} });
  const queue = queueOf(affairs({ attention: [item('a', 'notice', 9), item('b', 'alert', 1), item('c', 'distress', 0), item('d', 'alert', 5)] }));
  expect(queue.map((i) => i.id)).toEqual(['c', 'd', 'b', 'a']);
});

it('identity statements differ only when both were made', () => {
  expect([identitiesDiffer('neutral', null), identitiesDiffer('neutral', 'neutral'), identitiesDiffer('neutral', 'suspect')]).toEqual([false, false, true]);
});
