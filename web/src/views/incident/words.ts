// Sentences about incidents that several views need.
import type { Incident } from '../../api/types';
import { say, t, tOf } from '../../i18n/index.svelte';

/** What happened, as a fact. */
export function happened(incident: Incident): string {
  const o = incident.occurrence;
  switch (o.kind) {
    case 'zone_entered': return t('occurrence-zone-entered', { zone: say(o.zone_name) });
    case 'emergency': return tOf('emergency', o.emergency);
    case 'duplicate_identity': return t('occurrence-duplicate-identity');
    case 'reported': return say(o.text);
    case 'zone_left': return t('occurrence-zone-left', { zone: say(o.zone_name) });
    case 'zone_dwelt': return t('occurrence-zone-dwelt', { zone: say(o.zone_name) });
    default: return tOf('occurrence', o.kind);
  }
}

/** To whom: the name, else the spoken alias, else that it gave none, else the kind of thing. */
export function subjectName(incident: Incident): string {
  const { name, alias, identity, domain } = incident.subject;
  const spoken = name ?? incident.alias ?? alias;
  if (spoken != null) return spoken;
  const isContact = identity == null && domain !== 'other';
  return isContact ? t('no-name-contact', { kind: tOf('domain', domain) }) : tOf('domain', domain);
}

/** A phrase with its slots filled for this incident. */
export function filled(text: string, incident: Incident, language: 'en' | 'ja'): string {
  const zone = incident.occurrence.kind === 'zone_entered' ? incident.occurrence.zone_name[language] : null;
  return text.replaceAll('{subject}', subjectName(incident)).replaceAll('{zone}', zone ?? '…');
}
