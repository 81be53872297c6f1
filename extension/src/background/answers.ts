/** What the background does for each message. The store and the network are reached from here only. */

import { browser } from "../browser";
import { dayOf, offsetAt, sameTimeYesterday } from "../clock";
import type { Answers, Greeting, Message, NewTag, QueueReport } from "../messages";
import { mayName } from "../messages";
import { STYLE } from "../panel/style";
import { deleteDatabase } from "../store/database";
import { readAllMeta, readMeta, writeMeta } from "../store/meta";
import { allTags, countForeign, countQueue, editTag, rowsOf, saveTag, UNDO_MS, withdrawTag } from "../store/tags";
import { allTasks, onlyTaskNamed } from "../store/tasks";
import { ruleFor } from "../trackers";
import type { TagBody } from "../vocabulary";
import { readChoices } from "./choices";
import { connect, disconnect, tryConnection } from "./connect";
import { registerHosts } from "./hosts";
import { countDetection, outdatedTrackers } from "./outdated";
import { panelFacts } from "./today";

export interface Asked {
  readonly from: "page" | "content";
  /** Host of the page that asks; empty for the extension's own pages. */
  readonly host: string;
  readonly now: number;
  /** Start a sync without waiting for it. */
  readonly sync: (reason: "save" | "visible") => void;
  /** Sync and wait. */
  readonly syncNow: () => Promise<unknown>;
}

async function greet(host: string): Promise<Greeting> {
  const { choices, fallbacks } = await readAllMeta();
  const rule = ruleFor(host, choices.hosts, choices.custom);
  return {
    custom: choices.custom.find((one) => one.host === host) ?? null,
    hostTracker: rule?.tracker ?? null,
    corner: choices.corner,
    style: STYLE,
    extra: (rule && choices.extras[rule.tracker]) ?? null,
    isDoubted: !!rule && fallbacks[rule.tracker] !== undefined,
  };
}

function bodyOf(tag: NewTag, now: number): TagBody {
  const timestamp = tag.isYesterday ? sameTimeYesterday(now) : now;
  return {
    tagId: tag.tagId,
    taskId: tag.taskId.trim(),
    taskScope: tag.scope.trim(),
    taskTitle: tag.title.trim(),
    workType: tag.workType,
    intensity: tag.intensity,
    timestamp,
    tzOffsetMin: offsetAt(timestamp),
    labels: [...new Set(tag.labels.map((label) => label.trim()))],
    area: tag.area.trim(),
    source: tag.tracker,
  };
}

async function save(tag: NewTag, asked: Asked): Promise<Answers["save"]> {
  const { choices, connection } = await readAllMeta();
  if (asked.from === "content") {
    const tracker = ruleFor(asked.host, choices.hosts, choices.custom)?.tracker ?? null;
    if (!mayName(tag, tracker)) throw new Error("This page cannot tag for another tracker.");
  }
  const known = tag.scope === "" ? await onlyTaskNamed(tag.taskId, asked.now) : null;
  const meant = known ? { ...tag, taskId: known.taskId, scope: known.scope, title: tag.title || known.title } : tag;
  const { tagId } = await saveTag(bodyOf(meant, asked.now), asked.now, connection?.userId ?? "");
  asked.sync("save");
  return { tagId, undoMs: UNDO_MS };
}

export async function queueReport(): Promise<QueueReport> {
  const { unsent } = await countQueue();
  const rejected = await rowsOf("rejected");
  const connection = await readMeta("connection");
  return {
    unsent,
    foreign: connection ? await countForeign(connection.userId) : 0,
    rejected: rejected.map(({ tagId, body, reasons }) => ({ tagId, body, reasons })),
    sync: await readMeta("sync"),
    connection: connection && { url: connection.url, userId: connection.userId, displayName: connection.displayName },
    outdated: await outdatedTrackers(),
  };
}

async function exported(now: number): Promise<unknown> {
  return {
    exportedAt: new Date(now).toISOString(),
    day: dayOf(now, offsetAt(now)),
    tags: await allTags(),
    tasks: await allTasks(),
    choices: await readMeta("choices"),
  };
}

async function choose(value: unknown): Promise<null> {
  const choices = readChoices(value);
  await writeMeta("choices", choices);
  await registerHosts(choices);
  return null;
}

async function wipe(): Promise<null> {
  await disconnect();
  await registerHosts({ hosts: [], custom: [] });
  await deleteDatabase();
  await browser.action.setBadgeText({ text: "" });
  return null;
}

/** Do what a message asks. @throws Error with a sentence for the person. */
export async function answerTo(message: Message, asked: Asked): Promise<Answers[Message["type"]]> {
  switch (message.type) {
    case "hello":
      return greet(asked.host);
    case "facts":
      return panelFacts(message, asked.now);
    case "save":
      return save(message.tag, asked);
    case "edit": {
      const row = await editTag(message.tagId, message.change, asked.now);
      asked.sync("save");
      return row !== null;
    }
    case "withdraw": {
      const done = await withdrawTag(message.tagId, asked.now);
      asked.sync("save");
      return done;
    }
    case "seen":
      await countDetection(message.tracker, message.isFallback, asked.now);
      return null;
    case "visible":
      asked.sync("visible");
      return null;
    case "queue":
      return queueReport();
    case "syncNow":
      await asked.syncNow();
      return queueReport();
    case "choices":
      return readMeta("choices");
    case "choose":
      return choose(message.choices);
    case "connect": {
      const { displayName } = await connect(message);
      asked.sync("save");
      return { displayName };
    }
    case "disconnect":
      await disconnect();
      return null;
    case "test":
      return tryConnection();
    case "export":
      return exported(asked.now);
    case "wipe":
      return wipe();
  }
}
