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
