/**
 * Tags on this machine: what was said, and how far it has come.
 *
 *     queued ──upload──> sent ──edit──> changed ──correct──> sent
 *       │                 └──withdraw──> withdrawn ──withdraw──> gone
 *       └──verdict──> rejected ──fix──> queued
 *
 * Unsent tags never expire. Once an upload was tried its content is frozen in `uploaded`: the
 * server may hold it although no answer came, and other content under the same id is a conflict.
 */

import { DAY, dayBefore, dayOf, uuid } from "../clock";
import { UNDO_SECONDS } from "../undo";
import { NO_TICKET, type TagBody, type TagChange } from "../vocabulary";
import { answer, transact } from "./database";
import { taskRow } from "./tasks";

export type TagState = "queued" | "changed" | "withdrawn" | "sent" | "rejected";

export interface Reason {
  readonly field: string;
  readonly reason: string;
}

export interface TagRow {
  readonly tagId: string;
  readonly state: TagState;
  readonly createdAt: number;
  /** Not uploaded before: the time in which a save can be undone. */
  readonly readyAt: number;
  readonly day: string;
  readonly body: TagBody;
  /** Exactly what was uploaded first; `null` until an upload is tried. */
  readonly uploaded: TagBody | null;
  /** What must follow an upload whose outcome is not known yet. */
  readonly then: "nothing" | "correct" | "withdraw";
  /** Whether the server holds the tag. */
  readonly isKnown: boolean;
  /** Counts edits, so that an answer to an older edit does not close a newer one. */
  readonly revision: number;
  readonly reasons: readonly Reason[];
  readonly sentAt: number | null;
  /** Who was connected when it was made; empty if nobody: then it belongs to whoever connects. */
  readonly owner: string;
}

export const UNDO_MS = UNDO_SECONDS * 1000;
export const KEEP_SENT_MS = 30 * DAY;

export type UploadVerdict =
  | { readonly status: "stored" | "duplicate" }
  | { readonly status: "conflict" | "rejected"; readonly reasons: readonly Reason[] };

const UNSENT: readonly TagState[] = ["queued", "changed", "withdrawn"];

const get = async (store: IDBObjectStore, tagId: string): Promise<TagRow | null> =>
  ((await answer(store.get(tagId))) as TagRow | undefined) ?? null;

const withBody = (row: TagRow, change: TagChange): TagRow => {
  const body = { ...row.body, ...change };
  return { ...row, body, day: dayOf(body.timestamp, body.tzOffsetMin), revision: row.revision + 1 };
};

/** Nobody's tags are ever sent as somebody else's. */
const isOf = (row: TagRow, userId: string): boolean => row.owner === "" || row.owner === userId;

/** Keep a new tag. Saving the same id again changes nothing: a click whose answer was lost is repeated. */
export async function saveTag(body: TagBody, now: number, owner = ""): Promise<TagRow> {
  return transact(["tags", "tasks"], "readwrite", async (store) => {
    const known = await get(store("tags"), body.tagId);
    if (known) return known;
    if (body.taskScope !== NO_TICKET) store("tasks").put(taskRow(body, now));
    const row: TagRow = {
      tagId: body.tagId, state: "queued", createdAt: now, readyAt: now + UNDO_MS,
      day: dayOf(body.timestamp, body.tzOffsetMin), body, uploaded: null, then: "nothing",
      isKnown: false, revision: 0, reasons: [], sentAt: null, owner,
    };
    await answer(store("tags").put(row));
    return row;
  });
}

/** The oldest tags whose time to upload has come, each frozen as it will be sent. */
export async function takeUploads(
  limit: number,
  now: number,
  userId: string,
  asSent: (body: TagBody) => TagBody,
): Promise<TagRow[]> {
  return transact(["tags"], "readwrite", async (store) => {
    const queued = (await answer(store("tags").index("state").getAll("queued"))) as TagRow[];
    // by the time they became ready: a tag that was put off comes after all others
    const ready = queued.filter((row) => row.readyAt <= now && isOf(row, userId)).sort((a, b) => a.readyAt - b.readyAt).slice(0, limit);
    const frozen = ready.map((row) => (row.uploaded ? row : { ...row, owner: userId, uploaded: asSent(row.body) }));
    for (const row of frozen) store("tags").put(row);
    return frozen;
  });
}

/** Write the server's verdicts, all in one transaction. */
export async function settleUploads(verdicts: ReadonlyMap<string, UploadVerdict>, now: number): Promise<void> {
  await transact(["tags"], "readwrite", async (store) => {
    for (const [tagId, verdict] of verdicts) {
      const row = await get(store("tags"), tagId);
      if (!row || row.state !== "queued") continue;
      if (!("reasons" in verdict)) {
        const state = row.then === "correct" ? "changed" : row.then === "withdraw" ? "withdrawn" : "sent";
        store("tags").put({ ...row, state, then: "nothing", isKnown: true, reasons: [], sentAt: now });
      } else if (row.then === "withdraw") {
        store("tags").delete(tagId);
      } else {
        store("tags").put({ ...row, state: "rejected", then: "nothing", reasons: verdict.reasons });
      }
    }
  });
}

/** Put off tags that the server stumbles over, so that they hold up nobody. */
export async function putOff(tagIds: readonly string[], until: number): Promise<void> {
  await transact(["tags"], "readwrite", async (store) => {
    for (const tagId of tagIds) {
      const row = await get(store("tags"), tagId);
      if (row) store("tags").put({ ...row, readyAt: until });
    }
  });
}

/** Corrections and withdrawals that wait to be sent, oldest first. */
export async function takeChanges(now: number, userId: string): Promise<TagRow[]> {
  return transact(["tags"], "readonly", async (store) => {
    const index = store("tags").index("state");
    const rows = [...(await answer(index.getAll("changed"))), ...(await answer(index.getAll("withdrawn")))] as TagRow[];
    return rows.filter((row) => row.readyAt <= now && isOf(row, userId)).sort((a, b) => a.createdAt - b.createdAt);
  });
}

/** Write the outcome of one correction or withdrawal. */
export async function settleChange(row: TagRow, outcome: "done" | readonly Reason[], now: number): Promise<void> {
  await transact(["tags"], "readwrite", async (store) => {
    const current = await get(store("tags"), row.tagId);
    if (!current || current.state !== row.state || current.revision !== row.revision) return;
    if (outcome !== "done") store("tags").put({ ...current, state: "rejected", reasons: outcome });
    else if (row.state === "withdrawn") store("tags").delete(row.tagId);
    else store("tags").put({ ...current, state: "sent", reasons: [], sentAt: now });
  });
}

/** Correct a tag, wherever it has got to; a rejected one is sent again. `null`: there is none. */
export async function editTag(tagId: string, change: TagChange, now: number): Promise<TagRow | null> {
  return transact(["tags"], "readwrite", async (store) => {
    const row = await get(store("tags"), tagId);
    if (!row || row.state === "withdrawn" || row.then === "withdraw") return null;
    let next = withBody(row, change);
    if (row.state === "sent" || row.state === "changed") next = { ...next, state: "changed", readyAt: now };
    else if (row.state === "queued") next = row.uploaded ? { ...next, then: "correct" } : { ...next, readyAt: now + UNDO_MS };
    else if (row.isKnown) next = { ...next, state: "changed", readyAt: now, reasons: [] };
    else {
      // a new id: the old one may belong to another tag (conflict), and a rejected one is on file as such
      store("tags").delete(tagId);
      const fresh = uuid(now);
      next = { ...next, tagId: fresh, body: { ...next.body, tagId: fresh }, state: "queued", uploaded: null, readyAt: now, reasons: [] };
    }
    await answer(store("tags").put(next));
    return next;
  });
}

/** Withdraw a tag; one that was never uploaded, or was rejected, simply goes. */
export async function withdrawTag(tagId: string, now: number): Promise<boolean> {
  return transact(["tags"], "readwrite", async (store) => {
    const row = await get(store("tags"), tagId);
    if (!row) return false;
    const isOnlyHere = (row.state === "queued" && !row.uploaded) || (row.state === "rejected" && !row.isKnown);
    if (isOnlyHere) store("tags").delete(tagId);
    else if (row.state === "queued") store("tags").put({ ...row, then: "withdraw", revision: row.revision + 1 });
    else store("tags").put({ ...row, state: "withdrawn", readyAt: now, revision: row.revision + 1 });
    return true;
  });
}

const isInForce = (row: TagRow): boolean => row.state !== "withdrawn" && row.then !== "withdraw";

/** A day's tags, newest first. */
export async function tagsOfDay(day: string): Promise<TagRow[]> {
  return transact(["tags"], "readonly", async (store) => {
    const rows = (await answer(store("tags").index("day").getAll(day))) as TagRow[];
    return rows.filter(isInForce).sort((a, b) => b.createdAt - a.createdAt);
  });
}

/** Every tag in force, newest first: what the panel's facts are made of, in one read. */
export async function tagsInForce(): Promise<TagRow[]> {
  return (await allTags()).filter(isInForce).sort((a, b) => b.createdAt - a.createdAt);
}

/** On how many days in a row, up to `day`, a task was tagged with a work type; `day` itself counts. */
export function dayNumber(rows: readonly TagRow[], about: Pick<TagBody, "taskScope" | "taskId" | "workType">, day: string): number {
  const same = rows.filter(({ body }) => body.taskScope === about.taskScope && body.taskId === about.taskId && body.workType === about.workType);
  const days = new Set(same.map((row) => row.day));
  let count = 1;
  for (let before = dayBefore(day); days.has(before); before = dayBefore(before)) count += 1;
  return count;
}

export interface QueueCounts {
  readonly unsent: number;
  readonly rejected: number;
}

export async function countQueue(): Promise<QueueCounts> {
  return transact(["tags"], "readonly", async (store) => {
    const index = store("tags").index("state");
    const unsent = await Promise.all(UNSENT.map((state) => answer(index.count(state))));
    return { unsent: unsent.reduce((sum, count) => sum + count, 0), rejected: await answer(index.count("rejected")) };
  });
}

/** Unsent tags that were made while somebody else was connected. */
export async function countForeign(userId: string): Promise<number> {
  const rows = await Promise.all(UNSENT.map(rowsOf));
  return rows.flat().filter((row) => !isOf(row, userId)).length;
}

export async function rowsOf(state: TagState): Promise<TagRow[]> {
  return transact(["tags"], "readonly", async (store) => (await answer(store("tags").index("state").getAll(state))) as TagRow[]);
}

export async function allTags(): Promise<TagRow[]> {
  return transact(["tags"], "readonly", async (store) => (await answer(store("tags").getAll())) as TagRow[]);
}

/** Forget sent tags after 30 days. Unsent and rejected ones stay, however old. */
export async function forgetSent(now: number): Promise<number> {
  return transact(["tags"], "readwrite", async (store) => {
    const sent = (await answer(store("tags").index("state").getAll("sent"))) as TagRow[];
    const old = sent.filter((row) => row.createdAt < now - KEEP_SENT_MS);
    for (const row of old) store("tags").delete(row.tagId);
    return old.length;
  });
}
