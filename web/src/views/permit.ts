// Why something may not be pressed, in the reader's language: a key of ours or the node's own words.
import { say, t } from '../i18n/index.svelte';
import type { Permit } from '../state/affairs';

export function whyNot(permit: Permit | null | undefined): string | undefined {
  if (!permit?.why) return undefined;
  return typeof permit.why === 'string' ? t(permit.why) : say(permit.why);
}
