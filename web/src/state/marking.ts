// Labels to markings, in the words of the policies. Pure: codes and words go in, text comes out. What has
// no word stands as its code: a mark is never left out because nobody translated it.
import type { AroundWords, Level, MarkingPolicy, Markings, Tag, Words } from '../api/markings';
import type { Bilingual, Language, TrackLabel } from '../api/types';

export type Place = 'banner' | 'portion';

/** Whether a label's policy identifier means the policy `name`: it, or it with a part behind a line. */
function isOf(identifier: string, name: string): boolean {
  return identifier === name || identifier.startsWith(`${name}-`);
}

export function policyOf(markings: Markings, identifier: string): MarkingPolicy | undefined {
  return markings.policies.find((policy) => isOf(identifier, policy.name));
}

export function levelOf(markings: Markings, label: TrackLabel): Level | undefined {
  return policyOf(markings, label.policy)?.levels.find((level) => level.code === label.classification);
}

/** The values of a label that belong to one kind of tag, as their codes. */
function valuesOf(label: TrackLabel, kind: Tag['kind']): string[] {
  if (kind === 'restrictive') return label.restrictive;
  if (kind === 'informative') return label.informative ?? [];
  return label.releasable_to.length ? [...new Set([label.originator, ...label.releasable_to])] : [];
}

function joined(around: AroundWords, words: string[], place: Place, language: Language): string {
  if (words.length === 0) return '';
  const [prefix, separator, suffix] = around[place][language];
  return prefix + words.join(separator) + suffix;
}

function tagText(tag: Tag, label: TrackLabel, rest: Set<string>, place: Place, language: Language): string {
  const told = new Set(valuesOf(label, tag.kind));
  const known = Object.entries(tag.values).filter(([name]) => told.has(name));
  const words = known.map(([, word]: [string, Words]) => word[place][language]);
  for (const [name] of known) rest.delete(`${tag.kind} ${name}`);
  if (tag.kind === 'permissive') {
    for (const nation of [...told].sort()) if (rest.delete(`permissive ${nation}`)) words.push(nation);
  }
  return joined(tag.around, words, place, language);
}

/** The marking of a label in its own policy's words. */
export function marking(markings: Markings | null, label: TrackLabel, place: Place, language: Language): string {
  const policy = markings ? policyOf(markings, label.policy) : undefined;
  const level = policy?.levels.find((other) => other.code === label.classification);
  let text = level ? level.words[place][language] : label.classification.replace('_', ' ').toUpperCase();
  const rest = new Set<string>();
  for (const kind of ['permissive', 'restrictive'] as const) for (const value of valuesOf(label, kind)) rest.add(`${kind} ${value}`);
  for (const tag of policy?.tags ?? []) text += tagText(tag, label, rest, place, language);
  for (const value of rest) text += `//${value.slice(value.indexOf(' ') + 1)}`;
  if (place === 'banner' || !policy) return text;
  const [prefix, , suffix] = policy.around.portion[language];
  return prefix + text + suffix;
}

/** What a label is worth in the own policy: its level, and whether nobody stated one, so that it is the highest. */
export function worth(markings: Markings, label: TrackLabel): { level: Level | undefined; none: boolean } {
  const own = markings.policies.find((policy) => policy.name === markings.own);
  const highest = own?.levels[own.levels.length - 1];
  if (isOf(label.policy, markings.own)) {
    const level = own?.levels.find((other) => other.code === label.classification);
    return { level: level ?? highest, none: !level };
  }
  const table = Object.entries(markings.equivalents).find(([name]) => isOf(label.policy, name))?.[1];
  const name = table?.[label.classification];
  const level = name == null ? undefined : own?.levels.find((other) => other.name === name);
  return { level: level ?? highest, none: !level };
}

export function isOwn(markings: Markings, label: TrackLabel): boolean {
  return isOf(label.policy, markings.own);
}

/** The marking of all that is shown: the highest own level, every restriction, the nations that all allow. */
export function highest(markings: Markings, labels: Iterable<TrackLabel>): { text: Bilingual; colour: string | null } | null {
  let level: Level | undefined;
  let common: string[] | null = null;
  const restrictive = new Set<string>();
  for (const label of labels) {
    const here = worth(markings, label).level;
    if (here && (!level || here.hierarchy > level.hierarchy)) level = here;
    const allowed: string[] = [label.originator, ...label.releasable_to];
    const before: string[] = common ?? allowed;
    common = before.filter((nation) => allowed.includes(nation));
    for (const value of label.restrictive) restrictive.add(value);
  }
  const own = markings.policies.find((policy) => policy.name === markings.own);
  if (!level || !own) return null;
  const nation = own.name.slice(0, 3);
  const all: TrackLabel = {
    policy: own.name, originator: nation, classification: level.code ?? level.name,
    releasable_to: common?.includes(nation) ? common.filter((other) => other !== nation) : [],
    restrictive: [...restrictive].sort(), informative: [],
  };
  const text = (language: Language): string => marking(markings, all, 'banner', language);
  return { text: { en: text('en'), ja: text('ja') }, colour: level.colour };
}

/** Black or white, whichever stands out from `colour`. */
export function inkOn(colour: string): string {
  const part = (at: number): number => {
    const value = parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  const luminance = 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5);
  return luminance > 0.179 ? '#000000' : '#ffffff';
}

/** Which labels are shown, each counted, so that a picture of the world is not gone through each second. */
export class LabelCounts {
  readonly #held = new Map<string, { label: TrackLabel; n: number }>();

  add(label: TrackLabel | null | undefined, n: 1 | -1): void {
    if (!label) return;
    const key = `${label.policy}|${label.originator}|${label.classification}|${label.releasable_to.join()}|${label.restrictive.join()}`;
    const held = this.#held.get(key) ?? { label, n: 0 };
    held.n += n;
    if (held.n > 0) this.#held.set(key, held);
    else this.#held.delete(key);
  }

  clear(): void {
    this.#held.clear();
  }

  *labels(): Iterable<TrackLabel> {
    for (const { label } of this.#held.values()) yield label;
  }
}
