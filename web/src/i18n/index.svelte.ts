// The reader's language, live: a change redraws every sentence on the screen at once.
import { bundleOf, sentence, type Arguments, type Tongue } from './fluent';

export type { Arguments, Tongue } from './fluent';

const bundles = { en: bundleOf('en'), ja: bundleOf('ja') };
let current = $state<Tongue>('en');

export function tongue(): Tongue {
  return current;
}

export function setTongue(next: Tongue): void {
  current = next;
  document.documentElement.lang = next;
}

/** The sentence of `key` in the reader's language. */
export function t(key: string, args?: Arguments): string {
  return sentence(bundles[current], key, args);
}

/** The sentence in a given language, for places that show both. */
export function tIn(language: Tongue, key: string, args?: Arguments): string {
  return sentence(bundles[language], key, args);
}

/** True when `key` is known, for keys that came from outside. */
export function knows(key: string): boolean {
  return bundles[current].hasMessage(key);
}

/** A text that the node sent in both languages, or as plain words. */
export function say(text: { en: string; ja: string } | string | null | undefined): string {
  if (text == null) return '';
  if (typeof text === 'string') return text;
  return text[current] || text[current === 'ja' ? 'en' : 'ja'];
}

/** A whole number with the reader's grouping. */
export function num(value: number, digits = 0): string {
  return value.toLocaleString(current === 'ja' ? 'ja-JP' : 'en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** The word for a code of the node, for example `tOf('state', 'zone_entered')` = key `state-zone-entered`. */
export function tOf(family: string, code: string, args?: Arguments): string {
  return t(`${family}-${code.replaceAll('_', '-')}`, args);
}
