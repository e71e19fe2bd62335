// Where two sets of texts differ, line by line, with some lines round each place.
import { diffLines } from 'diff';

export interface Line {
  kind: 'added' | 'removed' | 'near';
  text: string;
}

export interface FileDifference {
  name: string;
  lines: Line[];
}

/** Unchanged lines shown before and after a changed one. */
const NEAR = 2;

type Texts = readonly (readonly [string, string])[];

/** The files that differ, by name. A file that is new or gone has all its lines. */
export function lines(before: Texts, after: Texts): FileDifference[] {
  const [old, fresh] = [new Map(before), new Map(after)];
  const names = [...new Set([...old.keys(), ...fresh.keys()])].sort();
  return names
    .filter((name) => old.get(name) !== fresh.get(name))
    .map((name) => ({ name, lines: trimmed(compared(old.get(name) ?? '', fresh.get(name) ?? '')) }));
}

function compared(before: string, after: string): Line[] {
  return diffLines(before, after).flatMap(({ value, added, removed }) => {
    const kind: Line['kind'] = added ? 'added' : removed ? 'removed' : 'near';
    return value.replace(/\n$/, '').split('\n').map((text) => ({ kind, text }));
  });
}

function trimmed(all: Line[]): Line[] {
  const changed = all.flatMap((line, i) => (line.kind === 'near' ? [] : [i]));
  return all.filter((line, i) => line.kind !== 'near' || changed.some((at) => Math.abs(at - i) <= NEAR));
}
