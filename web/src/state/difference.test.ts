// Lines that were added and taken away, with those near them, and nothing of files that stay.
import { expect, test } from 'vitest';
import { lines } from './difference';

test('a changed line is shown with the two lines round it', () => {
  const before = [['a.cedar', 'one\ntwo\nthree\nfour\nfive\nsix\n'], ['b.cedar', 'same\n']] as const;
  const after = [['a.cedar', 'one\ntwo\nthree\n4\nfive\nsix\n'], ['b.cedar', 'same\n']] as const;
  const [file, ...more] = lines(before, after);
  expect(more).toEqual([]);
  expect(file?.name).toBe('a.cedar');
  expect(file?.lines.map((line) => `${line.kind[0]} ${line.text}`)).toEqual(['n two', 'n three', 'r four', 'a 4', 'n five', 'n six']);
});

test('a file that is new or gone has all its lines', () => {
  expect(lines([], [['n.cedar', 'x\ny\n']])[0]?.lines.map((line) => line.kind)).toEqual(['added', 'added']);
  expect(lines([['o.cedar', 'x\n']], [])[0]?.lines).toEqual([{ kind: 'removed', text: 'x' }]);
});
