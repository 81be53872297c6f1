/** The words of HEAT on this side: work types, bands, what a tag holds. */

export type WorkType = "Feature" | "Bug" | "Blocker" | "Support" | "Config" | "Research";

export interface WorkTypeInfo {
  readonly name: WorkType;
  /** The letter that chooses it. */
  readonly key: string;
  /** Where most tags of this type lie; outside, the panel asks softly. */
  readonly usual: readonly [low: number, high: number];
  readonly says: string;
}

export const WORK_TYPES: readonly WorkTypeInfo[] = [
  { name: "Feature", key: "F", usual: [3, 8], says: "building something new" },
  { name: "Bug", key: "B", usual: [3, 8], says: "repairing something that worked" },
  { name: "Blocker", key: "K", usual: [6, 10], says: "stuck, or waiting for somebody" },
  { name: "Support", key: "S", usual: [1, 6], says: "helping others, answering, reviewing" },
  { name: "Config", key: "C", usual: [2, 7], says: "set-up, pipelines, access" },
  { name: "Research", key: "R", usual: [2, 7], says: "reading, trying out, finding out" },
];

export const isWorkType = (value: unknown): value is WorkType => WORK_TYPES.some(({ name }) => name === value);

export interface IntensityBand {
  readonly name: "routine" | "focused" | "intense";
  readonly from: number;
  readonly to: number;
}

export const INTENSITY_BANDS: readonly IntensityBand[] = [
  { name: "routine", from: 1, to: 3 },
  { name: "focused", from: 4, to: 6 },
  { name: "intense", from: 7, to: 10 },
];

export const bandOf = (intensity: number): IntensityBand =>
  INTENSITY_BANDS.find(({ to }) => intensity <= to) ?? (INTENSITY_BANDS[2] as IntensityBand);

/** Task scope of work without a ticket: counts for intensity, never forms a streak. */
export const NO_TICKET = "no-ticket";

export interface QuickEntry {
  readonly taskId: string;
  readonly label: string;
  readonly workType: WorkType;
}

export const QUICK_ENTRIES: readonly QuickEntry[] = [
  { taskId: "meeting", label: "Meeting", workType: "Support" },
  { taskId: "helping", label: "Helping", workType: "Support" },
  { taskId: "on-call", label: "On-call", workType: "Support" },
];

export const MAX_LABELS = 10;
export const LABEL_LENGTH = 32;
export const AREA_LENGTH = 128;
export const TITLE_LENGTH = 500;

/** A tag as the API takes it. Nothing but these fields ever leaves the browser. */
export interface TagBody {
  readonly tagId: string;
  readonly taskId: string;
  readonly taskScope: string;
  readonly taskTitle: string;
  readonly workType: WorkType;
  readonly intensity: number;
  /** Epoch milliseconds of the work. */
  readonly timestamp: number;
  /** UTC offset of the person at that moment, minutes, east positive. */
  readonly tzOffsetMin: number;
  readonly labels: readonly string[];
  readonly area: string;
  readonly source: string;
}

/** What a correction may change. */
export type TagChange = Partial<Pick<TagBody, "taskId" | "taskScope" | "taskTitle" | "workType" | "intensity" | "labels" | "area" | "timestamp" | "tzOffsetMin">>;
