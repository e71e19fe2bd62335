// The shapes a node sends. They mirror the HTTP and WebSocket contract word for word; nothing here
// computes. Times are UTC milliseconds, ids are the printed form of an object id.
import type { Decision, RecalledMark, RecallItem, ReviewItem } from './review';
import type { MergeStatement } from './merges';
import type { FeedView } from './feeds';
import type { ApproachCoverage, Watch } from './watches';

export type NationCode = string;

/** One text in both languages. */
export interface Bilingual {
  en: string;
  ja: string;
}

export type Language = 'en' | 'ja';
export type Domain = 'surface' | 'air' | 'land' | 'installation' | 'other';
export type Affiliation =
  | 'pending' | 'unknown' | 'assumed_friend' | 'friend' | 'neutral' | 'suspect' | 'hostile';
export type Right = 'offer' | 'approve' | 'task' | 'release' | 'state_identity' | 'watch' | 'policy';
export type TierName = 'existence' | 'coarse' | 'full' | 'identity' | 'source';

export interface Session {
  nation: NationCode;
  node_name: string;
  partition: string;
  role: string;
  seat: string | null;
  person: string;
  may: Right[];
  language: Language;
}

export interface PartnerIdentity {
  nation?: NationCode;
  affiliation: Affiliation;
  reason: Bilingual;
  expires_ms: number;
}

export interface TrackSource {
  /** Null when the partner withheld it. */
  name: string | null;
  nation: NationCode;
  last_ms: number;
  reports: number;
}

/** What a report said of the thing beside its motion; all optional. */
export interface Attributes {
  name?: string | null;
  callsign?: string | null;
  imo?: number | null;
  ship_type?: number | null;
  destination?: string | null;
  length_m?: number | null;
  beam_m?: number | null;
  nav_status?: number | null;
  squawk?: string | null;
  cot_type?: string | null;
  team?: string | null;
  emergency?: string | null;
  safety_text?: string | null;
}

export interface TrackRelease {
  existence: boolean;
  coarse: boolean;
  full: boolean;
  identity: boolean;
  source: boolean;
  /** Differs from the usual release of such a track. */
  exception: boolean;
  reason: Bilingual | null;
}

/** A label in codes; the words come from `/api/markings`. */
export interface TrackLabel {
  policy: string;
  originator: NationCode;
  classification: string;
  releasable_to: NationCode[];
  restrictive: string[];
  informative?: string[];
}

export interface Track {
  handle: number;
  number: number;
  name: string | null;
  callsign: string | null;
  domain: Domain;
  affiliation: Affiliation;
  by: 'rule' | 'person' | null;
  affiliation_reason?: Bilingual | null;
  partner_affiliation: PartnerIdentity | null;
  /** What further partners state. */
  further_affiliations?: PartnerIdentity[];
  sidc: string | null;
  own_alias: string | null;
  partner_alias: string | null;
  held_by: 'own' | 'partner' | 'both';
  sources: TrackSource[];
  identities: string[];
  attributes: Attributes;
  release: TrackRelease;
  /** By partner, where there are several; `release` is the first one's. */
  releases?: Record<NationCode, TrackRelease>;
  label: TrackLabel | null;
  sd_m: number | null;
  first_seen_ms: number;
  duplicate_identity: boolean;
  /** Tracks of other sources that are taken for the same thing. */
  one_with?: { number: number; identities: string[] }[];
  /** A distress or emergency state stands; which one, the attributes say. */
  emergency: boolean;
}

export type Times = Partial<Record<'t0' | 't1' | 't2' | 't3' | 't4' | 't5' | 't6' | 't7', number | null>>;

export type Occurrence =
  | { kind: 'zone_entered'; zone: unknown; zone_name: Bilingual }
  | { kind: 'emergency'; emergency: string }
  | { kind: 'duplicate_identity' }
  | { kind: 'zone_left' | 'zone_dwelt'; zone: unknown; zone_name: Bilingual; inside_ms: number }
  | { kind: 'close_approach'; other: unknown; distance_m: number; in_ms: number }
  | { kind: 'rendezvous'; other: unknown; distance_m: number; for_ms: number; speed_ckn: number }
  | { kind: 'loitering'; for_ms: number; speed_ckn: number }
  | { kind: 'unheard'; for_ms: number; neighbours: number }
  | { kind: 'source_silent'; feed: string; for_ms: number }
  | { kind: 'impossible_jump'; distance_m: number; in_ms: number }
  | { kind: 'identity_changed'; field: 'name' | 'callsign' | 'imo'; before: string; after: string }
  | { kind: 'poor_navigation'; centre: unknown; side_m: number; poor: number; all: number }
  | { kind: 'movement_changed'; change: unknown }
  | { kind: 'safety_text'; text: string }
  | { kind: 'reported'; text: Bilingual };

export type IncidentState = 'reported' | 'acknowledged' | 'options' | 'decided' | 'tasked' | 'closed';

export interface LogLine {
  at_ms: number;
  /** Empty = the node itself. */
  person: string;
  text: Bilingual;
}

export interface Incident {
  id: string;
  alias?: string | null;
  owner: NationCode;
  /** With whom it is dealt with. */
  partner?: NationCode;
  /** Our incidents of the same matter with other partners. */
  beside?: string[];
  /** The partner's incident of the same matter, and how far that is. */
  pair: string | null;
  pair_state: IncidentState | null;
  state: IncidentState;
  occurrence: Occurrence;
  subject: { alias: string | null; identity: unknown; name: string | null; domain: Domain };
  lat: number | null;
  lon: number | null;
  track: number | null;
  /** Why the partner does not have it; null when it does or soon will. */
  withheld: Bilingual | null;
  label?: TrackLabel | null;
  /** Whether and when either side took it back. */
  recalled: RecalledMark | null;
  times: { own: Times; partner: Times };
  log: LogLine[];
}

export type VerdictWord = 'agree' | 'caveat' | 'refer_up' | 'decline' | 'lapsed';

export interface AnswerView {
  nation: NationCode;
  verdict: VerdictWord;
  text: Bilingual | null;
  /** The seat referred to. */
  to: string | null;
  seat: string;
  person: string;
  at_ms: number;
  /** Of the signed record. */
  hash: string;
}

export type VersionOutcome =
  | 'draft' | 'open' | 'agreed' | 'agreed_with_caveat' | 'not_agreed' | 'lapsed' | 'superseded';

export interface VersionView {
  label?: TrackLabel | null;
  number: number;
  hash: string;
  parent: string | null;
  text: Bilingual;
  actions: { nation: NationCode; text: Bilingual }[];
  /** The phrase blocks, where this node wrote it. */
  blocks: string[];
  language: Language;
  translation: 'phrases' | { person: string };
  deadlines: { nation: NationCode; at_ms: number }[];
  author: { nation: NationCode; seat: string; person: string };
  made_at_ms: number;
  offered: boolean;
  /** Why it cannot be offered as it is. */
  blocked: Bilingual | null;
  answers: AnswerView[];
  /** Why our side cannot sign it now, though it has not answered. */
  wait: Bilingual | null;
  void: boolean;
  outcome: VersionOutcome;
  held_own: boolean;
  held_partner: boolean;
  tasked: Record<NationCode, number | null>;
}

export interface OptionView {
  id: string;
  incident: string;
  partner?: NationCode;
  template: string | null;
  versions: VersionView[];
}

export interface TaskView {
  option: string;
  version: string;
  text: Bilingual;
  at_ms: number;
  by: string;
  partner_holds: boolean;
}

export interface SeatNotice {
  nation: NationCode;
  seat: string;
  title: Bilingual;
  role: string;
  holder: string | null;
  since: number;
  authority: Right[];
  counterpart: string | null;
  deputy: string | null;
}

export interface ZoneView {
  id: string;
  name: Bilingual;
  owner: NationCode;
  ring: [number, number][];
  /** Rings within it that do not belong to it. */
  holes: [number, number][][];
}

export type Severity = 'distress' | 'alert' | 'notice';

export interface AttentionItem {
  id: string;
  kind: string;
  severity: Severity;
  incident: string | null;
  track: number | null;
  at_ms: number;
  /** A Fluent key of ui.ftl. */
  key: string;
  args: Record<string, Bilingual>;
  /** The number to judge it by, where it is an alert that opened no incident. */
  notice?: number | null;
  why?: Why | null;
}

/** One number with its name, unit last. */
export interface Figure {
  name: string;
  value: number;
}

/** Why an alert was raised: codes and whole numbers. */
export interface Why {
  rule: string;
  preset: string;
  thresholds: Figure[];
  measured: Figure[];
  /** Own tracks, the one it is about first. */
  tracks: number[];
  from: number;
  until: number;
}

export interface Affairs {
  incidents: Incident[];
  options: OptionView[];
  tasks: TaskView[];
  seats: SeatNotice[];
  zones: ZoneView[];
  attention: AttentionItem[];
  /** Which tracks persons state to be one thing, or two, newest first. */
  merges: MergeStatement[];
  /** Watched tracks, the watch that ends first first. */
  watches: Watch[];
  /** What waits for a release review, the longest wait first. */
  reviews: ReviewItem[];
  /** The last decisions of reviews, newest first. */
  decisions: Decision[];
  /** What either side took back or labelled anew, newest first. */
  recalls: RecallItem[];
  /** Records of the partner that were not taken, by reason. */
  refused: { partner?: NationCode; code: string; reason: Bilingual; count: number; last_ms: number }[];
}

export interface LinkView {
  partner: NationCode;
  state: 'up' | 'down';
  since_ms: number;
  lag_ms: number | null;
  queued: number[];
  /** What the link holds in memory, bounded. */
  memory_bytes?: number;
  as_of_ms: number | null;
  last_error: { at_ms: number; text: string } | null;
}

export interface Status {
  now_ms: number;
  tracks: number;
  link: LinkView | null;
  /** Every link, where there are several. */
  links?: Record<NationCode, LinkView>;
  feeds: FeedView[];
  clock: { offset_ms: number | null };
  store: { ok: boolean; error: string | null };
  /** The word filter at the border: never the words. */
  words?: { code: string; words: number; stopped: Record<string, number>; last_ms: number | null; last: { rule: string; field: string } | null };
  approach?: ApproachCoverage;
  clock_speed?: number;
  uptime_s: number;
}

export interface Hello {
  server_time_ms: number;
  nation: NationCode;
  partner: NationCode | null;
  /** All of them, the first one in front. */
  partners?: NationCode[];
  partition: string;
  base_ms: number;
}

export type ServerMessage =
  | ({ type: 'hello' } & Hello)
  | { type: 'tracks'; add: Track[]; remove: number[] }
  | ({ type: 'affairs' } & Affairs)
  | ({ type: 'status' } & Status);

export interface Phrases {
  standing: { id: string; title: Bilingual; blocks: string[] }[];
  blocks: { id: string; nation: NationCode | null; text: Bilingual }[];
}

export interface StageView {
  step: number;
  steps: { id: string; dwell_ms: number }[];
  playing: boolean;
  human: boolean;
  link: 'up' | 'cut';
  floors: Record<NationCode, string>;
  elapsed_ms: number;
  waits: 'auto' | 'human';
  verify: { text: Bilingual } | null;
  /** What the story could not do, in words. */
  trouble: string | null;
}
