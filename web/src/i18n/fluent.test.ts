// Both languages say the same things with the same variables, and every key that the page asks for is
// there in both.
import { FluentResource } from '@fluent/bundle';
import { describe, expect, it } from 'vitest';
import { bundleOf, filesOf, sentence, TONGUES, type Tongue } from './fluent';

const SOURCES = import.meta.glob<string>('../**/*.{svelte,ts}', { query: '?raw', import: 'default', eager: true });

/** Key → its variables, sorted, from every file of a language. */
function keysOf(tongue: Tongue, files = filesOf(tongue)): Map<string, string> {
  const keys = new Map<string, string>();
  for (const [, text] of files) {
    for (const entry of new FluentResource(text).body) {
      keys.set(entry.id, [...new Set(variables(entry.value))].sort().join(' '));
    }
  }
  return keys;
}

function variables(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(variables);
  if (node === null || typeof node !== 'object') return [];
  const { type, name } = node as { type?: string; name?: string };
  return [...(type === 'var' && name ? [name] : []), ...Object.values(node).flatMap(variables)];
}

/** Keys that stand twice: of two sentences one would never be seen. */
function twice(tongue: Tongue, files = filesOf(tongue)): string[] {
  const ids = files.flatMap(([, text]) => new FluentResource(text).body.map((entry) => entry.id));
  return ids.filter((id, i) => ids.indexOf(id) !== i);
}

function differences(en: Map<string, string>, ja: Map<string, string>): string[] {
  return [...new Set([...en.keys(), ...ja.keys()])].flatMap((key) => {
    if (!en.has(key)) return [`${key}: not in English`];
    if (!ja.has(key)) return [`${key}: not in Japanese`];
    return en.get(key) === ja.get(key) ? [] : [`${key}: variables differ: {${en.get(key)}} and {${ja.get(key)}}`];
  });
}

function asked(): { keys: Set<string>; families: Set<string> } {
  const keys = new Set<string>();
  const families = new Set<string>();
  for (const [path, text] of Object.entries(SOURCES)) {
    if (path.endsWith('.test.ts')) continue;
    for (const call of text.matchAll(/\b(?:t|tIn|knows)\((?:[a-z]+, |'(?:en|ja)', )?('[a-z][\w-]*'|`[a-z][^`]*`)/g)) {
      const literal = call[1]!.slice(1, -1);
      if (literal.includes('${')) families.add(literal.slice(0, literal.indexOf('${')));
      else keys.add(literal);
    }
    for (const call of text.matchAll(/\btOf\('([\w-]+)'/g)) families.add(`${call[1]}-`);
    for (const word of text.matchAll(/'((?:why|help|field|verdict|answer-note|tier|rung|approve|concur|frozen|store|identity|stage)[a-z0-9-]*)'/g)) keys.add(word[1]!);
  }
  return { keys, families };
}

describe('the two languages', () => {
  it('says each key once in a language', () => {
    for (const tongue of TONGUES) expect(twice(tongue)).toEqual([]);
    expect(twice('en', [['planted.ftl', 'a = 1\nb = 2\na = 3\n']])).toEqual(['a']);
  });
  it('have the same keys with the same variables', () => {
    expect(differences(keysOf('en'), keysOf('ja'))).toEqual([]);
  });
  it('a missing key and a differing variable would be found', () => {
    const en = keysOf('en', [['a', 'one = { $n }\ntwo = x\n']]);
    const ja = keysOf('ja', [['a', 'one = { $m }\n']]);
    expect(differences(en, ja)).toEqual(['one: variables differ: {n} and {m}', 'two: not in Japanese']);
  });
  it('hold every key that the page asks for', () => {
    const known = keysOf('en');
    const { keys, families } = asked();
    const literal = [...keys].filter((key) => !known.has(key) && ![...families].some((f) => f === `${key}-`));
    const empty = [...families].filter((family) => ![...known.keys()].some((key) => key.startsWith(family)));
    expect(keys.size).toBeGreaterThan(150);
    expect([literal.filter((key) => !NOT_KEYS.has(key)), empty]).toEqual([[], []]);
  });
  it('never speak of a partner as of an adversary, nor of release as disclosure', () => {
    const text = filesOf('ja').map(([, file]) => file.replace(/^#.*$/gm, '')).join('\n');
    expect(text.match(/相手|開示|侵入|侵犯|ターゲット|オプション|連合/g)).toBeNull();
  });
  it('say every code of the node', () => {
    const known = keysOf('en');
    const codes: Record<string, string[]> = {
      state: ['reported', 'acknowledged', 'options', 'decided', 'tasked', 'closed'],
      affiliation: ['pending', 'unknown', 'assumed-friend', 'friend', 'neutral', 'suspect', 'hostile'],
      domain: ['surface', 'air', 'land', 'installation', 'other'],
      emergency: ['distress', 'unlawful-interference', 'radio-failure', 'general-emergency', 'cot-emergency'],
      outcome: ['draft', 'open', 'agreed', 'agreed-with-caveat', 'not-agreed', 'lapsed', 'superseded'],
      verdict: ['approved', 'concurred', 'caveat', 'refer-up', 'decline', 'lapsed'],
      role: ['commander', 'watch-officer', 'j2', 'j3', 'j4', 'j5', 'release-officer', 'liaison', 'auditor', 'administrator', 'observer'],
      stage: ['watch', 'zone-entry', 'why-withheld', 'standing-option', 'concur', 'cut', 'heal', 'flip-byte', 'connect-receiver'].flatMap((id) => [`${id}-title`, `${id}-text`]),
    };
    codes.attention = ['zone-entered', 'emergency', 'duplicate-identity', 'reported', 'identity-differs', 'border-mismatch', 'answer-wanted', 'referred-up', 'task-wanted', 'unconfirmed', 'declined', 'lapsed'];
    codes.feed = ['live', 'late', 'down', 'waiting', 'finished'];
    const missing = Object.entries(codes).flatMap(([family, list]) => list.map((code) => `${family}-${code}`)).filter((key) => !known.has(key));
    expect(missing).toEqual([]);
  });
});

/** Strings of the sources that only look like keys. */
const NOT_KEYS = new Set(['frozen', 'identity', 'stage', 'tiers']);

describe('a sentence', () => {
  it.each(TONGUES)('in %s takes its numbers', (tongue) => {
    expect(sentence(bundleOf(tongue), 'map-hidden', { n: 3 })).toContain('3');
  });
  it('counts in English', () => {
    const bundle = bundleOf('en');
    expect([1, 2].map((n) => sentence(bundle, 'map-hidden', { n }))).toEqual(['1 track hidden by filter', '2 tracks hidden by filter']);
  });
  it('without words shows its key in plain sight', () => {
    expect(sentence(bundleOf('en'), 'no-such-key')).toBe('⟦no-such-key⟧');
  });
});
