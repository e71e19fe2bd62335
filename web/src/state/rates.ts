// A short memory of numbers that come once a second, for small graphs. It forgets beyond its length.

/** At most `length` latest values by name. */
export class Memory {
  #values = new Map<string, number[]>();

  constructor(private readonly length: number) {}

  add(name: string, value: number): void {
    const values = this.#values.get(name) ?? [];
    values.push(value);
    if (values.length > this.length) values.shift();
    this.#values.set(name, values);
  }

  of(name: string): number[] {
    return this.#values.get(name) ?? [];
  }
}

/** An SVG path of `values` in a box, newest at the right edge; empty for fewer than two. */
export function sparkline(values: number[], width: number, height: number, length: number): string {
  if (values.length < 2) return '';
  const top = Math.max(1, ...values);
  const step = width / (length - 1);
  const start = width - (values.length - 1) * step;
  return values
    .map((value, i) => `${i ? 'L' : 'M'}${(start + i * step).toFixed(1)} ${(height - (value / top) * (height - 1)).toFixed(1)}`)
    .join('');
}
