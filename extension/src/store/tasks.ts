/** Tasks that were tagged: their title, area and labels, kept for 30 days after the last tag. */

import { DAY } from "../clock";
import type { TagBody } from "../vocabulary";
import { answer, transact } from "./database";

export const KEEP_TASKS_MS = 30 * DAY;

export interface TaskRow {
  readonly key: string;
  readonly scope: string;
  readonly taskId: string;
  readonly title: string;
  readonly area: string;
  readonly taggedAt: number;
  readonly expiresAt: number;
}

const keyOf = (scope: string, taskId: string): string => `${scope}\u0000${taskId}`;

/** What is remembered of a task that is tagged now; written with its tag. */
export const taskRow = (tag: TagBody, now: number): TaskRow => ({
  key: keyOf(tag.taskScope, tag.taskId), scope: tag.taskScope, taskId: tag.taskId, title: tag.taskTitle, area: tag.area,
  taggedAt: now, expiresAt: now + KEEP_TASKS_MS,
});

/** A task that was tagged in the last 30 days, or `null`. */
export async function knownTask(scope: string, taskId: string, now: number): Promise<TaskRow | null> {
  const row = await transact(["tasks"], "readonly", (store) => answer(store("tasks").get(keyOf(scope, taskId))));
  const task = row as TaskRow | undefined;
  return task && task.expiresAt > now ? task : null;
}

/** The one task of the last 30 days that is called so: a task typed by hand is the one tagged on its page. */
export async function onlyTaskNamed(taskId: string, now: number): Promise<TaskRow | null> {
  const same = (await allTasks()).filter((task) => task.taskId.toLowerCase() === taskId.trim().toLowerCase() && task.expiresAt > now);
  return same.length === 1 ? (same[0] ?? null) : null;
}

/** Forget tasks whose 30 days are over. */
export async function forgetTasks(now: number): Promise<number> {
  return transact(["tasks"], "readwrite", async (store) => {
    const old = await answer(store("tasks").index("expiresAt").getAllKeys(IDBKeyRange.upperBound(now)));
    for (const key of old) store("tasks").delete(key);
    return old.length;
  });
}

export async function allTasks(): Promise<TaskRow[]> {
  return transact(["tasks"], "readonly", async (store) => (await answer(store("tasks").getAll())) as TaskRow[]);
}
