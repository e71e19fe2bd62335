// A measured number in the units a watch speaks; its name ends with the unit it travels in.
import type { Figure } from '../api/types';

/** `for_ms` 7,200,000 → "120 min"; `speed_ckn` 150 → "1.5 kn"; counts stay bare. */
export function written({ name, value }: Figure): string {
  const unit = name.slice(name.lastIndexOf('_') + 1);
  switch (unit) {
    case 'ms': return value < 120_000 ? `${Math.round(value / 1_000)} s` : `${Math.round(value / 60_000)} min`;
    case 'ckn': return `${(value / 100).toFixed(1)} kn`;
    case 'm': return value < 5_000 ? `${value} m` : `${(value / 1_852).toFixed(1)} NM`;
    case 'deg': return `${value}°`;
    case 'percent': return `${value} %`;
    default: return name === 'squawk' ? String(value).padStart(4, '0') : String(value);
  }
}

/** On which side of its threshold a figure rings; what is not named here must reach it. */
const BELOW = new Set(['distance_m', 'speed_ckn']);
const UP_TO = new Set(['within_ms', 'near_m', 'open_deg', 'texts']);

/** A threshold with its side: `distance_m` 500 → "< 500 m"; `for_ms` 7,200,000 → "≥ 120 min". */
export function threshold(figure: Figure): string {
  const sign = BELOW.has(figure.name) ? '<' : UP_TO.has(figure.name) ? '≤' : '≥';
  return `${sign} ${written(figure)}`;
}
