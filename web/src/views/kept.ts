// Small choices of the reader that outlive a reload: theme and language. A browser that keeps nothing
// is no fault.

export function kept(name: string): string | null {
  try {
    return sessionStorage.getItem(`renkei.${name}`);
  } catch {
    return null;
  }
}

export function keep(name: string, value: string): void {
  try {
    sessionStorage.setItem(`renkei.${name}`, value);
  } catch {
    // Private windows may refuse; the choice then lasts as long as the page.
  }
}
