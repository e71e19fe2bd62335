// Keys of the floor. While someone types, keys are letters; only Escape leaves the field.

export type Keys = Record<string, () => void>;

function isTyping(target: EventTarget | null): target is HTMLElement {
  return target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));
}

export function onKey(event: KeyboardEvent, keys: Keys): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (isTyping(event.target)) {
    if (event.key === 'Escape') {
      // The browser would clear a search field and tell nobody: the list stayed narrowed by nothing.
      event.preventDefault();
      event.target.blur();
    }
    return;
  }
  if (document.querySelector('[role="dialog"]')) return;
  const act = keys[event.key] ?? keys[event.key.toLowerCase()];
  if (!act) return;
  event.preventDefault();
  act();
}
