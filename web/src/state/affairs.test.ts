// Who owes what, which signatures stand, what may be pressed.
import { describe, expect, it } from 'vitest';
import type { AnswerView, Incident } from '../api/types';
import { identitiesDiffer, mayAnswer, mayOffer, mayTask, matterOf, matters, optionsOf, owesAnswer, queueOf, tracksInIncidents } from './affairs';
import { affairs, session, version } from './fixtures';

function answer(nation: string, verdict: AnswerView['verdict']): AnswerView {
  return { nation, verdict, text: null, seat: 'commander', person: 'P', at_ms: 1, hash: 'aa' };
}
function incident(id: string, owner: string, pair: string | null, over: Partial<Incident> = {}): Incident {
  return {
    id, owner, pair, state: 'reported', occurrence: { kind: 'duplicate_identity' }, lat: null, lon: null, track: null,
    subject: { alias: null, identity: null, name: 'S', domain: 'surface' }, times: { own: { t0: 1 }, partner: {} }, log: [], ...over,
  };
}

describe('an answer', () => {
  it.each([
    ['silence owes', version(), true],
    ['a referral still owes', version({ answers: [answer('USA', 'referred_up')] }), true],
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
  expect([mayOffer(session(), version({ offered: false })).allowed, mayOffer(session(), version()).why]).toEqual([true, 'why-offered']);
});

describe('matters', () => {
  const all = affairs({ incidents: [incident('J/1', 'JPN', 'U/1'), incident('U/1', 'USA', 'J/1'), incident('U/2', 'USA', null), incident('J/2', 'JPN', null, { state: 'closed' })] });
  it('show a pair once, under our own incident, closed ones last', () => {
    const list = matters(all, 'JPN');
    expect(list.map((m) => [m.incident.id, m.partner?.id ?? null])).toEqual([['J/1', 'U/1'], ['U/2', null], ['J/2', null]]);
    expect(matterOf(list, 'U/1')?.incident.id).toBe('J/1');
  });
  it('gather options raised on either side', () => {
    const option = (id: string, of: string) => ({ id, incident: of, template: null, versions: [] });
    const withOptions = { ...all, options: [option('a', 'J/1'), option('b', 'U/1'), option('c', 'U/2')] };
    expect(optionsOf(withOptions, matters(withOptions, 'JPN')[0]!).map((o) => o.id)).toEqual(['a', 'b']);
  });
  it('mark tracks while they are open', () => {
    const open = affairs({ incidents: [incident('a', 'JPN', null, { track: 4 }), incident('b', 'JPN', null, { track: 5, state: 'closed' })] });
    expect([...tracksInIncidents(open)]).toEqual([4]);
  });
});

it('the queue is worst first, then newest', () => {
  const item = (id: string, severity: 'distress' | 'alert' | 'notice', at_ms: number) => ({ id, severity, at_ms, kind: 'x', incident: null, track: null, text: 'x', args: {} });
  const queue = queueOf(affairs({ attention: [item('a', 'notice', 9), item('b', 'alert', 1), item('c', 'distress', 0), item('d', 'alert', 5)] }));
  expect(queue.map((i) => i.id)).toEqual(['c', 'd', 'b', 'a']);
});

it('identity statements differ only when both were made', () => {
  expect([identitiesDiffer('neutral', null), identitiesDiffer('neutral', 'neutral'), identitiesDiffer('neutral', 'suspect')]).toEqual([false, false, true]);
});
