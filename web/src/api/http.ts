// Calls to the node over HTTP. Every failure becomes one shape with a stable code and a sentence in
// both languages; a node that cannot be reached is a failure like any other, never an exception that
// nobody catches.
import type { Bilingual } from './types';

/** Why a call failed. `code` is the node's stable code, or `offline` / `garbled` from here. */
export class CallError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly text: Bilingual | null,
    /** Line by line what is wrong with a text that was sent, in the node's words. */
    readonly problems: string[] = [],
  ) {
    super(`${status} ${code}`);
  }
}

async function failure(response: Response): Promise<CallError> {
  const body: unknown = await response.json().catch(() => null);
  if (body && typeof body === 'object' && 'code' in body) {
    const { code, en, ja, problems } = body as { code: string; en?: string; ja?: string; problems?: string[] };
    return new CallError(response.status, code, en ? { en, ja: ja ?? en } : null, problems);
  }
  return new CallError(response.status, `http-${response.status}`, null);
}

async function call<T>(path: string, init: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, { credentials: 'same-origin', ...init });
  } catch {
    throw new CallError(0, 'offline', null);
  }
  if (!response.ok) throw await failure(response);
  try {
    return (await response.json()) as T;
  } catch {
    throw new CallError(response.status, 'garbled', null);
  }
}

export function get<T>(path: string): Promise<T> {
  return call<T>(path, { headers: { accept: 'application/json' } });
}

export function post<T>(path: string, body: unknown = {}): Promise<T> {
  return call<T>(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(body),
  });
}
