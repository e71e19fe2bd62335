// Sentences in two languages from the Fluent files that the node shares. A missing key shows as the
// key itself, in plain sight, and a test fails on it; nothing falls back to the other language in
// silence.
import { FluentBundle, FluentResource, type FluentVariable } from '@fluent/bundle';

export type Tongue = 'en' | 'ja';
export const TONGUES: Tongue[] = ['en', 'ja'];
export type Arguments = Record<string, FluentVariable>;

const FILES = import.meta.glob<string>('../../../locales/*/*.ftl', { query: '?raw', import: 'default', eager: true });

/** The texts of one language, by file name. */
export function filesOf(tongue: Tongue): [string, string][] {
  return Object.entries(FILES).filter(([path]) => path.includes(`/locales/${tongue}/`));
}

export function bundleOf(tongue: Tongue): FluentBundle {
  const bundle = new FluentBundle(tongue === 'ja' ? 'ja-JP' : 'en-US', { useIsolating: false });
  for (const [, text] of filesOf(tongue)) bundle.addResource(new FluentResource(text), { allowOverrides: true });
  return bundle;
}

/** The sentence of `key`, or the key in marks when there is none. */
export function sentence(bundle: FluentBundle, key: string, args?: Arguments): string {
  const message = bundle.getMessage(key);
  if (!message?.value) return `⟦${key}⟧`;
  return bundle.formatPattern(message.value, args, []);
}
