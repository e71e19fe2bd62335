// What persons state of tracks: one thing, or not. The names are spelt as tracks spell theirs.

/** A person's statement that things are one, or are not. */
export interface MergeStatement {
  number: number;
  one: string;
  others: string[];
  same: boolean;
  reason: string;
  person: string;
  at_ms: number;
}
