// What a node says of watched tracks and of the rule that looks at pairs. A watched track is found among the tracks by its names, for track numbers
// end with the node's process.

/** How much of the closest points of approach the last sweep looked at; a sweep is every ten seconds. */
export interface ApproachCoverage {
  ships: number;
  /** Ships all of whose pairs were looked at; the next sweep goes on behind them. */
  looked: number;
  /** Close pairs for which there was no more room; they are not told. */
  forgotten: number;
}

export interface Watch {
  /** Its number, to end it by. */
  watch: number;
  /** What the thing was called when the watch began. */
  name: { en: string; ja: string };
  domain: string;
  /** Spelt as in a track's `identities`; border aliases among them. */
  known_as: string[];
  /** In the person's words. */
  reason: string;
  by: string;
  seat: string;
  since_ms: number;
  until_ms: number;
}
