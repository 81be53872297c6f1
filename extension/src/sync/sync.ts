/**
 * Bringing tags to the server: one run at a time, at least once, nothing deleted before an answer.
 *
 * All state is in the database, so that the worker may end between any two lines: what was sent and
 * not answered is sent again, and the server knows it by its id.
 */

import { MINUTE } from "../clock";
import { readMeta, writeMeta, type Connection, type ProblemKind, type SyncState } from "../store/meta";
import { putOff, settleChange, settleUploads, takeChanges, takeUploads, type Reason, type TagRow, type UploadVerdict } from "../store/tags";
import type { TagBody } from "../vocabulary";
import type { Answer, Ask } from "./api";

export const BATCH = 100;
const LONGEST_WAIT = 60 * MINUTE;

export interface SyncTools {
  readonly now: () => number;
  readonly ask: (connection: Connection) => Ask;
  /** 0..1, for the jitter. */
  readonly random: () => number;
}

export type SyncReason = "alarm" | "save" | "visible" | "button";

/** 1, 2, 4 … 60 minutes, each with up to a quarter more or less. */
export function backOff(failures: number, random: number): number {
  const base = Math.min(MINUTE * 2 ** Math.max(0, failures - 1), LONGEST_WAIT);
  return Math.round(Math.min(base * (0.75 + random / 2), LONGEST_WAIT));
}

class Stop extends Error {
  constructor(
    readonly problem: ProblemKind,
    readonly text: string,
    readonly waitMs: number | null = null,
  ) {
    super(text);
  }
}

function stopOn(answer: Answer): void {
  if (answer.kind === "sign-in") {
    throw new Stop("sign-in", answer.status === 403 ? "The token may not send tags. Connect again." : "The token is no longer valid. Connect again.");
  }
  if (answer.kind === "busy") throw new Stop("busy", "The server asked to wait.", answer.waitMs);
  if (answer.kind === "offline") throw new Stop("offline", answer.text);
  if (answer.kind === "failed") throw new Stop("server", answer.text);
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

function reasonsIn(errors: unknown, otherwise: string): Reason[] {
  const list = Array.isArray(errors) ? errors.filter(isRecord) : [];
  const reasons = list.slice(0, 20).map(({ field, reason }) => ({ field: String(field ?? ""), reason: String(reason ?? "").slice(0, 300) }));
  return reasons.length ? reasons : [{ field: "", reason: otherwise }];
}

/** Verdicts by tag id; entries that do not fit what was sent are as good as not answered. */
export function verdictsIn(body: unknown, sent: readonly TagRow[]): Map<string, UploadVerdict> {
  const verdicts = new Map<string, UploadVerdict>();
  const results = isRecord(body) && Array.isArray(body.results) ? body.results : [];
  for (const entry of results) {
    if (!isRecord(entry)) continue;
    const row = sent[typeof entry.index === "number" ? entry.index : -1];
    if (!row || (typeof entry.tagId === "string" && entry.tagId.toLowerCase() !== row.tagId)) continue;
    const { status } = entry;
    if (status === "stored" || status === "duplicate") verdicts.set(row.tagId, { status });
    else if (status === "rejected") verdicts.set(row.tagId, { status, reasons: reasonsIn(entry.errors, "The server did not say why.") });
    else if (status === "conflict") {
      verdicts.set(row.tagId, { status, reasons: reasonsIn(entry.errors, "The server holds another tag under this id.") });
    }
  }
  return verdicts;
}

const problemText = (body: unknown): string =>
  isRecord(body) ? String(body.detail ?? body.title ?? body.error ?? "").slice(0, 300) : "";

/** What leaves the browser: without titles if the person wants ids only. */
export const asSent = (idsOnly: boolean) => (body: TagBody): TagBody => (idsOnly ? { ...body, taskTitle: "" } : body);

/** A body without its empty parts: absent means absent to the server. */
export function wire(body: TagBody): Record<string, unknown> {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== "" && !(Array.isArray(value) && value.length === 0)));
}

/** Upload some tags. Gives how many of them got a verdict. */
async function upload(rows: readonly TagRow[], ask: Ask, now: () => number): Promise<number> {
  const answer = await ask("POST", "/tags", { tags: rows.map((row) => wire(row.uploaded ?? row.body)) });
  stopOn(answer);
  if (answer.kind !== "ok" && answer.kind !== "refused") return 0;
  const verdicts = verdictsIn(answer.body, rows);
  if (answer.kind === "refused" && verdicts.size === 0) {
    if (answer.status === 404 || answer.status === 405) throw new Stop("address", "There is no HEAT at this address.");
    // the whole batch was refused without a word about its tags: find out which of them it is
    if (rows.length > 1) {
      const half = Math.ceil(rows.length / 2);
      return (await upload(rows.slice(0, half), ask, now)) + (await upload(rows.slice(half), ask, now));
    }
    const row = rows[0] as TagRow;
    const text = answer.status === 413 ? "The tag is too large." : problemText(answer.body) || `The server refused it (${answer.status}).`;
    const errors = isRecord(answer.body) ? answer.body.errors : null;
    verdicts.set(row.tagId, { status: "rejected", reasons: reasonsIn(errors, text) });
  }
  await settleUploads(verdicts, now());
  return verdicts.size;
}

async function uploadAll(tools: SyncTools, ask: Ask, userId: string, idsOnly: boolean): Promise<void> {
  for (;;) {
    const state = await readMeta("sync");
    const rows = await takeUploads(state.batchSize, tools.now(), userId, asSent(idsOnly));
    if (rows.length === 0) return;
    let answered: number;
    try {
      answered = await upload(rows, ask, tools.now);
    } catch (error) {
      if (error instanceof Stop && error.problem === "server") await narrow(rows, state, tools);
      throw error;
    }
    if (answered < rows.length) throw new Stop("server", "The answer did not speak of every tag.");
    if (state.batchSize < BATCH) await writeMeta("sync", { ...state, batchSize: Math.min(BATCH, state.batchSize * 2) });
  }
}

/** A server that stumbles over a batch gets smaller ones; one that stumbles over one tag gets the others first. */
async function narrow(rows: readonly TagRow[], state: SyncState, tools: SyncTools): Promise<void> {
  if (rows.length > 1) await writeMeta("sync", { ...state, batchSize: Math.max(1, Math.floor(rows.length / 2)) });
  else await putOff(rows.map((row) => row.tagId), tools.now() + LONGEST_WAIT);
}

async function changeAll(tools: SyncTools, ask: Ask, connection: Connection, idsOnly: boolean): Promise<void> {
  for (const row of await takeChanges(tools.now(), connection.userId)) {
    const path = `/tags/${encodeURIComponent(connection.userId)}/${row.tagId}`;
    const { tagId: _, ...fields } = asSent(idsOnly)(row.body);
    const answer = row.state === "withdrawn" ? await ask("DELETE", path) : await ask("PATCH", path, { ...fields, area: fields.area || null });
    stopOn(answer);
    if (answer.kind === "ok") await settleChange(row, "done", tools.now());
    else if (answer.kind === "refused") {
      const isGone = answer.status === 404 || answer.status === 410;
      const body = isRecord(answer.body) ? answer.body : {};
      const reasons = reasonsIn(body.errors, isGone ? "The server no longer holds this tag." : problemText(body) || `The server refused the change (${answer.status}).`);
      await settleChange(row, isGone && row.state === "withdrawn" ? "done" : reasons, tools.now());
    }
  }
}

function mayTry(state: SyncState, reason: SyncReason, now: number): boolean {
  // a person's click overrides our own waiting, not the server's
  if (reason === "button") return state.problem?.kind !== "busy" || now >= state.nextAt;
  return state.problem?.kind !== "sign-in" && now >= state.nextAt;
}

async function run(tools: SyncTools, reason: SyncReason): Promise<SyncState> {
  const connection = await readMeta("connection");
  const before = await readMeta("sync");
  if (!connection || !mayTry(before, reason, tools.now())) return before;
  const { idsOnly } = await readMeta("choices");
  const ask = tools.ask(connection);
  try {
    await uploadAll(tools, ask, connection.userId, idsOnly);
    await changeAll(tools, ask, connection, idsOnly);
    const { batchSize } = await readMeta("sync");
    const now = tools.now();
    await writeMeta("sync", { failures: 0, nextAt: 0, batchSize, lastTry: now, lastSuccess: now, problem: null });
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    // somebody connected anew meanwhile: the old token's trouble is not the new one's
    if ((await readMeta("connection"))?.token !== connection.token) return readMeta("sync");
    const state = await readMeta("sync");
    const failures = state.failures + 1;
    const wait = error.problem === "sign-in" ? 0 : (error.waitMs ?? backOff(failures, tools.random()));
    const now = tools.now();
    await writeMeta("sync", { ...state, failures, nextAt: now + wait, lastTry: now, problem: { kind: error.problem, text: error.text } });
  }
  return readMeta("sync");
}

/** A sync that runs once at a time: who asks meanwhile gets the answer of the run after this one. */
export function syncer(tools: SyncTools): (reason: SyncReason) => Promise<SyncState> {
  let running: Promise<SyncState> | null = null;
  let next: Promise<SyncState> | null = null;
  const start = (reason: SyncReason): Promise<SyncState> => {
    running = run(tools, reason).finally(() => (running = null));
    return running;
  };
  return (reason) => {
    if (!running) return start(reason);
    next ??= running.catch(() => undefined).then(() => {
      next = null;
      return start(reason);
    });
    return next;
  };
}
