// Markings as two nations' screens show them.
import { expect, it } from 'vitest';
import type { AroundWords, Markings, Words } from '../api/markings';
import type { TrackLabel } from '../api/types';
import { highest, inkOn, LabelCounts, marking, worth } from './marking';

const words = (en: string, ja: string, portion = en): Words => ({ banner: { en, ja }, portion: { en: portion, ja } });
const around = (en: [string, string], ja: [string, string]): AroundWords => {
  const both = { en: [...en, ''] as [string, string, string], ja: [...ja, ''] as [string, string, string] };
  return { banner: both, portion: both };
};
const bare: AroundWords = { banner: { en: ['', '', ''], ja: ['', '', ''] }, portion: { en: ['(', '', ')'], ja: ['（', '', '）'] } };

const MARKINGS: Markings = {
  own: 'USA-EXERCISE',
  policies: [
    {
      name: 'USA-EXERCISE', version: '1', example: true, around: bare,
      levels: [
        { name: 'UNCLASSIFIED', code: 'unclassified', hierarchy: 1, colour: '#007A33', obsolete: false, words: words('UNCLASSIFIED', 'UNCLASSIFIED', 'U') },
        { name: 'SECRET', code: 'secret', hierarchy: 4, colour: '#C8102E', obsolete: false, words: words('SECRET', 'SECRET', 'S') },
        { name: 'TOP SECRET', code: 'top_secret', hierarchy: 5, colour: '#FF8C00', obsolete: false, words: words('TOP SECRET', 'TOP SECRET', 'TS') },
      ],
      tags: [
        { name: 'Dissemination', kind: 'restrictive', values: { NOFORN: words('NOFORN', 'NOFORN', 'NF') }, around: around(['//', '/'], ['//', '/']) },
        { name: 'Releasable To', kind: 'permissive', values: { USA: words('USA', 'USA'), JPN: words('JPN', 'JPN') }, around: around(['//REL TO ', ', '], ['//REL TO ', ', ']) },
      ],
    },
    {
      name: 'JPN-EXERCISE', version: '1', example: true, around: bare, tags: [],
      levels: [{ name: 'g', code: 'secret', hierarchy: 4, colour: '#C8102E', obsolete: false, words: words('GOKUHI', 'G') }],
    },
  ],
  equivalents: { 'JPN-EXERCISE': { secret: 'SECRET', top_secret: null } },
};

const label = (over: Partial<TrackLabel> = {}): TrackLabel => ({
  policy: 'USA-EXERCISE', originator: 'USA', classification: 'secret', releasable_to: [], restrictive: [], informative: [], ...over,
});

it('a marking is written as DoDM 5200.01 writes it', () => {
  const to = (over: Partial<TrackLabel>, place: 'banner' | 'portion' = 'portion') => marking(MARKINGS, label(over), place, 'en');
  expect(to({ releasable_to: ['JPN'] })).toBe('(S//REL TO USA, JPN)');
  expect(to({ releasable_to: ['JPN'] }, 'banner')).toBe('SECRET//REL TO USA, JPN');
  expect(to({ restrictive: ['NOFORN'] })).toBe('(S//NF)');
  expect(to({ classification: 'unclassified' })).toBe('(U)');
});

it('what has no word stands as its code and is never left out', () => {
  expect(marking(MARKINGS, label({ restrictive: ['BURN'], releasable_to: ['XAA'] }), 'portion', 'en')).toBe('(S//REL TO USA, XAA//BURN)');
  expect(marking(null, label({ classification: 'top_secret', restrictive: ['HOLD'] }), 'banner', 'ja')).toBe('TOP SECRET//HOLD');
  expect(marking(MARKINGS, label({ policy: 'NATO' }), 'portion', 'en')).toBe('SECRET');
});

it('a level of the partner without an equivalent is the highest here and says so', () => {
  const theirs = (classification: string, policy = 'JPN-EXERCISE') => worth(MARKINGS, label({ policy, originator: 'JPN', classification }));
  expect(theirs('secret')).toMatchObject({ level: { name: 'SECRET' }, none: false });
  expect(theirs('secret', 'JPN-EXERCISE-KEEN')).toMatchObject({ level: { name: 'SECRET' }, none: false });
  expect(theirs('top_secret')).toMatchObject({ level: { name: 'TOP SECRET' }, none: true });
  expect(theirs('unclassified', 'NATO')).toMatchObject({ level: { name: 'TOP SECRET' }, none: true });
});

it('the banner is the highest of all with every restriction and the nations that all allow', () => {
  const open = label({ classification: 'unclassified', releasable_to: ['JPN', 'AUS'] });
  const theirs = label({ policy: 'JPN-EXERCISE', originator: 'JPN', releasable_to: ['USA'] });
  expect(highest(MARKINGS, [open, theirs])?.text.en).toBe('SECRET//REL TO USA, JPN');
  expect(highest(MARKINGS, [open, theirs, label({ restrictive: ['NOFORN'] })])?.text.en).toBe('SECRET//NOFORN');
  expect(highest(MARKINGS, [])).toBeNull();
});

it('labels are counted and forgotten with their last track', () => {
  const counts = new LabelCounts();
  counts.add(label(), 1);
  counts.add(label(), 1);
  counts.add(null, 1);
  counts.add(label(), -1);
  expect([...counts.labels()].length).toBe(1);
  counts.add(label(), -1);
  expect([...counts.labels()].length).toBe(0);
});

it('text stands out from the colour of every level', () => {
  expect(['#007A33', '#C8102E', '#FF8C00', '#502B85'].map(inkOn)).toEqual(['#ffffff', '#ffffff', '#000000', '#ffffff']);
});
