/**
 * The closed list of messages between the parts, and how each is checked.
 *
 * A content script is treated as hostile: it may save, look at its own task and today's tags, and
 * say that it is visible. It gets neither token nor address, and cannot make the background fetch.
 */

import { isUuid } from "./clock";
import { AREA_LENGTH, isWorkType, LABEL_LENGTH, MAX_LABELS, NO_TICKET, TITLE_LENGTH, type TagChange, type WorkType } from "./vocabulary";
import type { Connection, Choices, ExtraField, ServerDay, SyncState } from "./store/meta";
import type { TagRow } from "./store/tags";
import type { CustomTracker } from "./trackers/custom";
import type { TrackerName } from "./trackers/rule";

export interface NewTag {
  readonly tagId: string;
  readonly tracker: TrackerName | "manual";
  readonly scope: string;
  readonly taskId: string;
  readonly title: string;
  readonly workType: WorkType;
  readonly intensity: number;
  readonly labels: readonly string[];
  readonly area: string;
  readonly isYesterday: boolean;
}

/** What a panel needs to know before it opens. */
export interface PanelFacts {
  readonly area: string;
  readonly recent: readonly { readonly workType: WorkType; readonly intensity: number }[];
  readonly labels: readonly string[];
  readonly today: readonly TodayTag[];
  readonly total: number;
  readonly bands: ServerDay["bands"];
  readonly dayNumbers: Readonly<Partial<Record<WorkType, number>>>;
  readonly isOutdated: boolean;
  readonly isConnected: boolean;
  readonly needsSignIn: boolean;
}

export interface TodayTag {
  readonly tagId: string;
  readonly taskId: string;
  readonly title: string;
  readonly workType: WorkType;
  readonly intensity: number;
  readonly labels: readonly string[];
  readonly area: string;
  readonly state: TagRow["state"];
}

export interface Greeting {
  /** The person's own tracker on this host. As data: messages carry no regular expressions. */
  readonly custom: CustomTracker | null;
  readonly hostTracker: TrackerName | null;
  readonly corner: Choices["corner"];
  /** The panel's style sheet: kept once in the background instead of in the script of every page. */
  readonly style: string;
  readonly extra: ExtraField | null;
  /** Only fallbacks matched here lately: say so when a selector matches again. */
  readonly isDoubted: boolean;
}

export interface QueueReport {
  readonly unsent: number;
  /** Of these, made while somebody else was connected: they wait for that person. */
  readonly foreign: number;
  readonly rejected: readonly { readonly tagId: string; readonly body: TagRow["body"]; readonly reasons: TagRow["reasons"] }[];
  readonly sync: SyncState;
  readonly connection: Omit<Connection, "token" | "isOwn"> | null;
  readonly outdated: readonly TrackerName[];
}

/** Messages that a content script may send (extension pages too). */
export type PanelMessage =
  | { readonly type: "hello" }
  | { readonly type: "facts"; readonly scope: string; readonly taskId: string; readonly isYesterday: boolean; readonly tracker: TrackerName | "manual" }
  | { readonly type: "save"; readonly tag: NewTag }
  | { readonly type: "edit"; readonly tagId: string; readonly change: TagChange }
  | { readonly type: "withdraw"; readonly tagId: string }
  | { readonly type: "seen"; readonly tracker: TrackerName; readonly isFallback: boolean }
  | { readonly type: "visible" };

/** Messages that only the extension's own pages may send. */
export type PageMessage =
  | { readonly type: "queue" }
  | { readonly type: "syncNow" }
  | { readonly type: "choices" }
  | { readonly type: "choose"; readonly choices: Choices }
  | { readonly type: "connect"; readonly url: string; readonly token: string; readonly code: string }
  | { readonly type: "disconnect" }
  | { readonly type: "test" }
  | { readonly type: "export" }
  | { readonly type: "wipe" };

export type Message = PanelMessage | PageMessage;
export type MessageType = Message["type"];

/** What each message is answered with. */
export interface Answers {
  hello: Greeting;
  facts: PanelFacts;
  save: { readonly tagId: string; readonly undoMs: number };
  edit: boolean;
  withdraw: boolean;
  seen: null;
  visible: null;
  queue: QueueReport;
  syncNow: QueueReport;
  choices: Choices;
  choose: null;
  connect: { readonly displayName: string };
  disconnect: null;
  test: { readonly text: string; readonly ok: boolean };
  export: unknown;
  wipe: null;
}

export type Reply<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string };

type Fields = Readonly<Record<string, unknown>>;
type Check = (fields: Fields) => boolean;

const TRACKERS: readonly string[] = ["jira", "azure-devops", "github", "gitlab", "linear", "custom", "manual"];

const isRecord = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value: unknown, most: number, least = 0): value is string =>
  typeof value === "string" && value.trim().length >= least && value.length <= most;
const isFlag = (value: unknown): boolean => typeof value === "boolean";
const isIntensity = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 10;
const isLabels = (value: unknown): boolean =>
  Array.isArray(value) && value.length <= MAX_LABELS && value.every((label) => isText(label, LABEL_LENGTH, 1));
const only = (fields: Fields, names: readonly string[]): boolean => Object.keys(fields).every((name) => names.includes(name));

const FIELDS: Readonly<Record<keyof TagChange, (value: unknown) => boolean>> = {
  taskId: (value) => isText(value, 128, 1),
  taskScope: (value) => isText(value, 256),
  taskTitle: (value) => isText(value, TITLE_LENGTH),
  workType: isWorkType,
  intensity: isIntensity,
  labels: isLabels,
  area: (value) => isText(value, AREA_LENGTH),
  timestamp: (value) => Number.isSafeInteger(value) && (value as number) > 946_684_800_000,
  tzOffsetMin: (value) => Number.isInteger(value) && Math.abs(value as number) <= 840,
};

const isChange = (value: unknown): boolean =>
  isRecord(value) && Object.entries(value).every(([name, one]) => Object.hasOwn(FIELDS, name) && FIELDS[name as keyof TagChange](one));

const isNewTag = (value: unknown): boolean =>
  isRecord(value) &&
  only(value, ["tagId", "tracker", "scope", "taskId", "title", "workType", "intensity", "labels", "area", "isYesterday"]) &&
  isUuid(value.tagId) && TRACKERS.includes(String(value.tracker)) && isText(value.scope, 256) && isText(value.taskId, 128, 1) &&
  isText(value.title, TITLE_LENGTH) && isWorkType(value.workType) && isIntensity(value.intensity) && isLabels(value.labels) &&
  isText(value.area, AREA_LENGTH) && isFlag(value.isYesterday);

const nothing: Check = (fields) => only(fields, ["type"]);

const PANEL_CHECKS: Readonly<Record<PanelMessage["type"], Check>> = {
  hello: nothing,
  facts: (fields) => isText(fields.scope, 256) && isText(fields.taskId, 128) && isFlag(fields.isYesterday) && TRACKERS.includes(String(fields.tracker)),
  save: (fields) => isNewTag(fields.tag),
  edit: (fields) => isUuid(fields.tagId) && isChange(fields.change),
  withdraw: (fields) => isUuid(fields.tagId),
  seen: (fields) => TRACKERS.includes(String(fields.tracker)) && isFlag(fields.isFallback),
  visible: nothing,
};

const PAGE_CHECKS: Readonly<Record<PageMessage["type"], Check>> = {
  queue: nothing,
  syncNow: nothing,
  choices: nothing,
  choose: (fields) => isRecord(fields.choices),
  connect: (fields) => isText(fields.url, 300, 1) && isText(fields.token, 300) && isText(fields.code, 100),
  disconnect: nothing,
  test: nothing,
  export: nothing,
  wipe: nothing,
};

/** Who sent a message, as far as the browser vouches for it. */
export interface Sender {
  readonly id?: string | undefined;
  readonly url?: string | undefined;
  readonly frameId?: number | undefined;
  readonly tab?: unknown;
}

/** The part of the extension that sent a message, or `null` if nobody of ours did. */
export function originOf(sender: Sender, own: { readonly id: string; readonly origin: string }): "page" | "content" | null {
  if (sender.id !== own.id || !sender.url) return null;
  if (sender.url.startsWith(`${own.origin}/`)) return "page";
  return sender.tab && sender.frameId === 0 && /^https?:/.test(sender.url) ? "content" : null;
}

/** The message, if its sender may send it and every field is as it must be. */
export function readMessage(raw: unknown, from: "page" | "content"): Message | null {
  if (!isRecord(raw) || typeof raw.type !== "string") return null;
  const checks: Readonly<Record<string, Check>> = from === "page" ? { ...PANEL_CHECKS, ...PAGE_CHECKS } : PANEL_CHECKS;
  const check = Object.hasOwn(checks, raw.type) ? checks[raw.type] : undefined;
  return check?.(raw) ? (raw as unknown as Message) : null;
}

/** A content script speaks for the tracker of its own page only; work without a ticket is anybody's. */
export function mayName(tag: Pick<NewTag, "tracker" | "scope">, pageTracker: TrackerName | null): boolean {
  return tag.scope === NO_TICKET || tag.tracker === "manual" || (pageTracker !== null && tag.tracker === pageTracker);
}
