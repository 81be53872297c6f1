/**
 * Small things of one each: the connection, the person's choices, the state of the sync.
 *
 * The token lives here and not in `storage.local`, which content scripts can read in Firefox.
 */

import type { CustomTracker } from "../trackers/custom";
import type { ExtraHost } from "../trackers";
import type { TrackerName } from "../trackers/rule";
import { answer, transact } from "./database";

export interface Connection {
  /** Origin of the API, without a path. */
  readonly url: string;
  readonly token: string;
  readonly userId: string;
  readonly displayName: string;
  /** Made for this browser by a code, so it is revoked with the connection; a pasted one is not ours to revoke. */
  readonly isOwn: boolean;
}

/** One optional extra selector per tracker; off unless it is set. */
export interface ExtraField {
  readonly field: "area" | "labels";
  readonly selector: string;
}

export interface Choices {
  readonly idsOnly: boolean;
  readonly corner: "right" | "left";
  readonly hosts: readonly ExtraHost[];
  readonly custom: readonly CustomTracker[];
  readonly extras: Readonly<Partial<Record<TrackerName, ExtraField>>>;
}

export const DEFAULT_CHOICES: Choices = { idsOnly: false, corner: "right", hosts: [], custom: [], extras: {} };

export type ProblemKind = "sign-in" | "busy" | "offline" | "server" | "address";

export interface SyncState {
  readonly failures: number;
  /** Nothing is tried before, epoch milliseconds. */
  readonly nextAt: number;
  readonly batchSize: number;
  readonly lastTry: number | null;
  readonly lastSuccess: number | null;
  readonly problem: { readonly kind: ProblemKind; readonly text: string } | null;
}

export const FRESH_SYNC: SyncState = { failures: 0, nextAt: 0, batchSize: 100, lastTry: null, lastSuccess: null, problem: null };

/** What the server said about today, so that the panel can show it. */
export interface ServerDay {
  readonly day: string;
  /** Intensity of today that did not come from this browser. */
  readonly elsewhere: number;
  readonly bands: { readonly coolBelow: number; readonly normalBelow: number; readonly warmBelow: number };
  readonly streaks: readonly { readonly taskScope: string; readonly taskId: string; readonly workType: string; readonly days: number; readonly lastDay: string }[];
  readonly askedAt: number;
}

/** Per tracker: how often only fallbacks matched, and since when. */
export type FallbackCounts = Readonly<Partial<Record<TrackerName, { readonly count: number; readonly since: number; readonly last: number }>>>;

export interface Meta {
  readonly connection: Connection | null;
  readonly choices: Choices;
  readonly sync: SyncState;
  readonly server: ServerDay | null;
  readonly fallbacks: FallbackCounts;
}

const DEFAULTS: Meta = { connection: null, choices: DEFAULT_CHOICES, sync: FRESH_SYNC, server: null, fallbacks: {} };

function orDefault<K extends keyof Meta>(key: K, value: Meta[K] | undefined): Meta[K] {
  const otherwise = DEFAULTS[key];
  if (value === undefined) return otherwise;
  // a field that a newer version added has its default
  return value && otherwise && typeof value === "object" ? { ...otherwise, ...value } : value;
}

export async function readMeta<K extends keyof Meta>(key: K): Promise<Meta[K]> {
  const row = (await transact(["meta"], "readonly", (store) => answer(store("meta").get(key)))) as { value: Meta[K] } | undefined;
  return orDefault(key, row?.value);
}

/** All of it in one read. */
export async function readAllMeta(): Promise<Meta> {
  const rows = (await transact(["meta"], "readonly", (store) => answer(store("meta").getAll()))) as { key: keyof Meta; value: never }[];
  const values: Partial<Meta> = Object.fromEntries(rows.map(({ key, value }) => [key, value]));
  return {
    connection: orDefault("connection", values.connection),
    choices: orDefault("choices", values.choices),
    sync: orDefault("sync", values.sync),
    server: orDefault("server", values.server),
    fallbacks: orDefault("fallbacks", values.fallbacks),
  };
}

export async function writeMeta<K extends keyof Meta>(key: K, value: Meta[K]): Promise<void> {
  await transact(["meta"], "readwrite", (store) => answer(store("meta").put({ key, value })));
}
