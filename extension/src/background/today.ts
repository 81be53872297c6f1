/**
 * What the panel shows about today: total, day numbers, recent tags. From this machine first, from
 * the server where it knows more (tags made elsewhere, streaks that skip rest days).
 */

import { DAY, dayBefore, today } from "../clock";
import type { PanelFacts, TodayTag } from "../messages";
import { readAllMeta, readMeta, writeMeta, type ServerDay } from "../store/meta";
import { dayNumber, tagsInForce, tagsOfDay, type TagRow } from "../store/tags";
import { knownTask } from "../store/tasks";
import type { Ask } from "../sync/api";
import type { TrackerName } from "../trackers/rule";
import { NO_TICKET, WORK_TYPES, type WorkType } from "../vocabulary";
import { isOutdated } from "./outdated";

const BANDS: ServerDay["bands"] = { coolBelow: 5, normalBelow: 15, warmBelow: 30 };
const ASK_AGAIN_MS = 4 * 60_000;

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
const list = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.filter(isRecord) : []);
const number = (value: unknown, otherwise: number): number => (typeof value === "number" && Number.isFinite(value) ? value : otherwise);

const sum = (rows: readonly TagRow[]): number => rows.reduce((total, row) => total + row.body.intensity, 0);

/** The intensity that the server counts for today and this browser did not send. */
function elsewhere(days: Record<string, unknown>[], day: string, own: readonly TagRow[]): number {
  const onServer = number(days.find(({ date }) => date === day)?.totalIntensity, 0);
  return Math.max(0, onServer - sum(own.filter((row) => row.isKnown)));
}

/** Ask the server about today, at most every few minutes; nothing depends on the answer. */
export async function refreshServerDay(ask: Ask, userId: string, now: number): Promise<void> {
  const before = await readMeta("server");
  const day = today(now);
  if (before && before.day === day && now - before.askedAt < ASK_AGAIN_MS) return;
  // a week: a streak that may go on today ended before it
  const from = today(now - 7 * DAY);
  const answer = await ask("GET", `/dashboard/developer/${encodeURIComponent(userId)}?from=${from}&to=${day}`);
  if (answer.kind !== "ok" || !isRecord(answer.body)) return;
  const { days, streaks, thresholds } = answer.body;
  const limits = isRecord(thresholds) ? thresholds : {};
  await writeMeta("server", {
    day,
    askedAt: now,
    elsewhere: elsewhere(list(days), day, await tagsOfDay(day)),
    bands: {
      coolBelow: number(limits["heat.coolBelow"], BANDS.coolBelow),
      normalBelow: number(limits["heat.normalBelow"], BANDS.normalBelow),
      warmBelow: number(limits["heat.warmBelow"], BANDS.warmBelow),
    },
    streaks: list(streaks)
      .filter((streak) => streak.isActive === true)
      .map(({ taskScope, taskId, workType, days: count, lastDay }) => ({
        taskScope: String(taskScope), taskId: String(taskId), workType: String(workType), days: number(count, 0), lastDay: String(lastDay),
      })),
  });
}

function dayNumbers(rows: readonly TagRow[], scope: string, taskId: string, day: string, server: ServerDay | null): PanelFacts["dayNumbers"] {
  const numbers: Partial<Record<WorkType, number>> = {};
  if (scope === NO_TICKET || !taskId) return numbers;
  for (const { name } of WORK_TYPES) {
    const streak = server?.streaks.find((one) => one.taskScope === scope && one.taskId === taskId && one.workType === name);
    // the streak as it would be with a tag on this day
    const known = streak ? streak.days + (streak.lastDay >= day ? 0 : 1) : 0;
    const count = Math.max(known, dayNumber(rows, { taskScope: scope, taskId, workType: name }, day));
    if (count > 1) numbers[name] = count;
  }
  return numbers;
}

function recentPairs(rows: readonly TagRow[]): PanelFacts["recent"] {
  const pairs = new Map<string, PanelFacts["recent"][number]>();
  for (const { body } of rows) {
    const key = `${body.workType} ${body.intensity}`;
    if (!pairs.has(key) && pairs.size < 3) pairs.set(key, { workType: body.workType, intensity: body.intensity });
  }
  return [...pairs.values()];
}

const shown = ({ tagId, body, state }: TagRow): TodayTag => ({
  tagId, state, taskId: body.taskId, title: body.taskTitle, workType: body.workType, intensity: body.intensity, labels: body.labels, area: body.area,
});

/** Everything a panel shows beside its form. */
export async function panelFacts(
  about: { scope: string; taskId: string; isYesterday: boolean; tracker: TrackerName | "manual" },
  now: number,
): Promise<PanelFacts> {
  const day = about.isYesterday ? dayBefore(today(now)) : today(now);
  const [all, { server: saved, connection, sync, fallbacks }, task] = await Promise.all([
    tagsInForce(),
    readAllMeta(),
    about.taskId ? knownTask(about.scope, about.taskId, now) : null,
  ]);
  const rows = all.filter((row) => row.day === day);
  const newest = all.slice(0, 50);
  const server = saved?.day === today(now) ? saved : null;
  return {
    area: task?.area ?? "",
    recent: recentPairs(newest),
    labels: [...new Set(newest.flatMap(({ body }) => body.labels))].slice(0, 6),
    today: rows.map(shown),
    total: sum(rows) + (about.isYesterday ? 0 : (server?.elsewhere ?? 0)),
    bands: saved?.bands ?? BANDS,
    dayNumbers: dayNumbers(all, about.scope, about.taskId, day, saved),
    isOutdated: about.tracker !== "manual" && isOutdated(fallbacks[about.tracker]),
    isConnected: connection !== null,
    needsSignIn: sync.problem?.kind === "sign-in",
  };
}
