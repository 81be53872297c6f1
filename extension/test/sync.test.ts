import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test } from "vitest";

import { DAY, HOUR, MINUTE, uuid } from "../src/clock";
import { deleteDatabase } from "../src/store/database";
import { DEFAULT_CHOICES, readMeta, writeMeta } from "../src/store/meta";
import { countQueue, dayNumber, editTag, forgetSent, rowsOf, saveTag, tagsInForce, tagsOfDay, UNDO_MS, withdrawTag } from "../src/store/tags";
import { forgetTasks, knownTask, onlyTaskNamed } from "../src/store/tasks";
import { apiOrigin, asker, retryAfter } from "../src/sync/api";
import { backOff, syncer, type SyncReason } from "../src/sync/sync";
import type { TagBody } from "../src/vocabulary";
import { Server } from "./server";

let now = 0;
let server: Server;
let sync: (reason: SyncReason) => Promise<unknown>;

beforeEach(async () => {
  now = Date.UTC(2026, 7, 19, 9);
  server = new Server();
  sync = syncer({ now: () => now, ask: () => server.ask, random: () => 0.5 });
  await writeMeta("connection", { url: "https://heat.example.com", token: "heat_x", userId: "ann", displayName: "Ann", isOwn: true });
});

afterEach(() => deleteDatabase());

const body = (over: Partial<TagBody> = {}): TagBody => ({
  tagId: uuid(now), taskId: "HEAT-42", taskScope: "acme.atlassian.net", taskTitle: "Fix it", workType: "Bug",
  intensity: 7, timestamp: now, tzOffsetMin: 120, labels: [], area: "", source: "jira", ...over,
});

async function save(count: number, over: Partial<TagBody> = {}): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index++) {
    const row = await saveTag(body({ taskId: `HEAT-${index + 1}`, ...over }), now + index);
    ids.push(row.tagId);
  }
  return ids;
}

async function syncAfterUndo(reason: SyncReason = "alarm") {
  now += UNDO_MS + MINUTE;
  await sync(reason);
  return { ...(await countQueue()), state: await readMeta("sync") };
}

test("a tag is uploaded only when the time to undo it is over", async () => {
  await save(1);
  await sync("button");
  expect(server.asked).toEqual([]);
  expect(await syncAfterUndo()).toMatchObject({ unsent: 0 });
  expect(server.held.size).toBe(1);
});

test("undo within its time leaves no trace anywhere", async () => {
  const [id] = await save(1);
  expect(await withdrawTag(id!, now)).toBe(true);
  expect(await syncAfterUndo()).toMatchObject({ unsent: 0, rejected: 0 });
  expect(server.asked).toEqual([]);
});

test("saving the same id twice keeps one tag, as the first click said", async () => {
  const tag = body();
  await saveTag(tag, now);
  await saveTag({ ...tag, intensity: 2 }, now + 5);
  const rows = await rowsOf("queued");
  expect(rows.map((row) => row.body.intensity)).toEqual([7]);
});

test("a thousand tags with three bad ones end as 997 sent and three rejected, each with its reason", async () => {
  await save(1000);
  const rows = await rowsOf("queued");
  for (const index of [0, 450, 999]) await editTag(rows[index]!.tagId, { intensity: 11 }, now);
  expect(await syncAfterUndo()).toMatchObject({ unsent: 0, rejected: 3 });
  expect(server.held.size).toBe(997);
  expect((await rowsOf("rejected"))[0]!.reasons[0]).toMatchObject({ field: "intensity" });
});

test("an answer lost after the server stored gives exactly one copy of each tag", async () => {
  await save(250);
  let lost = 0;
  server.trouble = (method) => (method === "POST" && lost++ < 2 ? "lost" : null);
  for (let attempt = 0; attempt < 4; attempt++) {
    now += HOUR;
    await sync("alarm");
  }
  expect(server.held.size).toBe(250);
  expect(await countQueue()).toEqual({ unsent: 0, rejected: 0 });
});

test("a server that is down for a day gets every tag once it is back, and is not hammered", async () => {
  await save(120);
  server.trouble = () => ({ kind: "offline", text: "down" });
  for (let minutes = 0; minutes < 24 * 60; minutes += 5) {
    now += 5 * MINUTE;
    await sync("alarm");
  }
  expect(server.asked.length).toBeLessThan(50);
  server.trouble = () => null;
  expect(await syncAfterUndo("button")).toMatchObject({ unsent: 0, state: { failures: 0, problem: null } });
  expect(server.held.size).toBe(120);
});

test("the time to wait is kept where a worker's end cannot lose it", async () => {
  await save(1);
  server.trouble = () => ({ kind: "offline", text: "down" });
  await syncAfterUndo();
  const another = syncer({ now: () => now, ask: () => server.ask, random: () => 0.5 });
  await another("alarm");
  expect(server.asked).toHaveLength(1);
  expect((await readMeta("sync")).nextAt).toBe(now + MINUTE);
});

test("a revoked token stops the sync and keeps everything until somebody signs in", async () => {
  await save(3);
  server.trouble = () => ({ kind: "sign-in", status: 401 });
  expect(await syncAfterUndo()).toMatchObject({ unsent: 3, state: { problem: { kind: "sign-in" } } });
  now += 2 * DAY;
  await sync("alarm");
  expect(server.asked).toHaveLength(1);
  server.trouble = () => null;
  expect(await syncAfterUndo("button")).toMatchObject({ unsent: 0, state: { problem: null } });
});

test("a busy server is left alone for as long as it asks, even by the button", async () => {
  await save(1);
  server.trouble = () => ({ kind: "busy", status: 429, waitMs: 7 * MINUTE });
  await syncAfterUndo();
  now += 6 * MINUTE;
  await sync("button");
  expect(server.asked).toHaveLength(1);
  now += 2 * MINUTE;
  server.trouble = () => null;
  expect(await syncAfterUndo()).toMatchObject({ unsent: 0 });
});

test("a batch that is too large is halved until it fits", async () => {
  await save(90);
  server.trouble = (_, __, tags) => (tags.length > 20 ? { kind: "refused", status: 413, body: {} } : null);
  expect(await syncAfterUndo()).toMatchObject({ unsent: 0, rejected: 0 });
  expect(server.held.size).toBe(90);
});

test("a refusal without a word about the tags finds the one it means, and the others go through", async () => {
  const ids = await save(40);
  server.trouble = (_, __, tags) =>
    tags.some((tag) => tag.tagId === ids[17]) ? { kind: "refused", status: 422, body: { detail: "cannot read" } } : null;
  expect(await syncAfterUndo()).toMatchObject({ unsent: 0, rejected: 1 });
  expect((await rowsOf("rejected"))[0]).toMatchObject({ tagId: ids[17], reasons: [{ reason: "cannot read" }] });
});

test("a server that crashes on one tag gets all the others in the meantime", async () => {
  const ids = await save(30);
  server.trouble = (_, __, tags) => (tags.some((tag) => tag.tagId === ids[0]) ? { kind: "failed", status: 500, text: "500" } : null);
  for (let attempt = 0; attempt < 12; attempt++) {
    now += HOUR;
    await sync("alarm");
  }
  expect(server.held.size).toBe(29);
  expect(await countQueue()).toEqual({ unsent: 1, rejected: 0 });
});

test("half an answer settles what it names and leaves the rest queued", async () => {
  const ids = await save(4);
  server.trouble = (_, __, tags) => ({
    kind: "ok", status: 200,
    body: { results: [{ index: 0, tagId: tags[0]!.tagId, status: "stored" }, { index: 1, tagId: "somebody else's", status: "stored" }, 7, { index: 99, status: "stored" }] },
  });
  expect(await syncAfterUndo()).toMatchObject({ unsent: 3, state: { problem: { kind: "server" } } });
  expect((await rowsOf("sent")).map((row) => row.tagId)).toEqual([ids[0]]);
});

test("a page that is not HEAT's keeps everything queued", async () => {
  await save(2);
  server.trouble = () => ({ kind: "refused", status: 404, body: {} });
  expect(await syncAfterUndo()).toMatchObject({ unsent: 2, rejected: 0, state: { problem: { kind: "address" } } });
});

test("an edit before the upload is what is sent; one after it is a correction", async () => {
  const [id] = await save(1);
  await editTag(id!, { intensity: 3 }, now);
  await syncAfterUndo();
  expect(server.held.get(id!)).toMatchObject({ intensity: 3 });
  await editTag(id!, { intensity: 9, area: "billing" }, now);
  await sync("button");
  expect(server.held.get(id!)).toMatchObject({ intensity: 9, area: "billing" });
  expect(server.asked.at(-1)).toMatch(/^PATCH/);
});

test("an edit while the outcome of the upload is unknown never makes a conflict", async () => {
  const [id] = await save(1);
  server.trouble = () => "lost";
  await syncAfterUndo();
  await editTag(id!, { intensity: 2 }, now);
  server.trouble = () => null;
  expect(await syncAfterUndo("button")).toMatchObject({ unsent: 0, rejected: 0 });
  expect(server.held.get(id!)).toMatchObject({ intensity: 2 });
});

test("a tag withdrawn while its upload is in doubt is withdrawn on the server too", async () => {
  const [id] = await save(1);
  server.trouble = () => "lost";
  await syncAfterUndo();
  await withdrawTag(id!, now);
  expect(await tagsOfDay("2026-08-19")).toEqual([]);
  server.trouble = () => null;
  expect(await syncAfterUndo("button")).toMatchObject({ unsent: 0 });
  expect(server.held.size).toBe(0);
});

test("a rejected tag that was put right is sent as a new one", async () => {
  const [id] = await save(1, { intensity: 11 });
  await syncAfterUndo();
  const fixed = await editTag(id!, { intensity: 10 }, now);
  expect(fixed!.tagId).not.toBe(id);
  expect(await syncAfterUndo("button")).toMatchObject({ unsent: 0, rejected: 0 });
  expect(server.held.size).toBe(1);
});

test("with ids only no title leaves the browser, and a later change of mind makes no conflict", async () => {
  await writeMeta("choices", { ...DEFAULT_CHOICES, idsOnly: true });
  const [id] = await save(1);
  server.trouble = () => "lost";
  await syncAfterUndo();
  await writeMeta("choices", DEFAULT_CHOICES);
  server.trouble = () => null;
  expect(await syncAfterUndo("button")).toMatchObject({ unsent: 0, rejected: 0 });
  expect(server.held.get(id!)!.taskTitle).toBeUndefined();
});

test("two calls at once make one run, and the second sees what was saved meanwhile", async () => {
  await save(1);
  now += HOUR;
  let running = 0;
  let most = 0;
  const ask = server.ask;
  const slow = syncer({ now: () => now, random: () => 0, ask: () => async (...asked) => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, 5));
    running -= 1;
    return ask(...asked);
  } });
  const first = slow("alarm");
  await save(1, { tagId: uuid(now) });
  now += HOUR;
  await Promise.all([first, slow("save"), slow("button")]);
  expect(most).toBe(1);
  expect(await countQueue()).toEqual({ unsent: 0, rejected: 0 });
});

test("tags of one person are never sent as another's", async () => {
  await saveTag(body(), now, "bob");
  expect(await syncAfterUndo("button")).toMatchObject({ unsent: 1 });
  expect(server.asked).toEqual([]);
});

test("without a connection nothing is asked and nothing is lost", async () => {
  await writeMeta("connection", null);
  await save(2);
  expect(await syncAfterUndo()).toMatchObject({ unsent: 2 });
  expect(server.asked).toEqual([]);
});

test("sent tags and tasks are forgotten after 30 days, unsent tags never", async () => {
  const [sent] = await save(1);
  await syncAfterUndo();
  await writeMeta("connection", null);
  const { tagId: kept } = await saveTag(body({ taskId: "HEAT-9", area: "billing" }), now);
  expect(await knownTask("acme.atlassian.net", "HEAT-9", now + 29 * DAY)).toMatchObject({ area: "billing" });
  now += 400 * DAY;
  expect(await knownTask("acme.atlassian.net", "HEAT-9", now)).toBeNull();
  expect(await forgetSent(now)).toBe(1);
  expect(await forgetTasks(now)).toBe(2);
  expect(sent).not.toBe(kept);
  expect((await rowsOf("queued")).map((row) => row.tagId)).toEqual([kept]);
});

test("waiting grows from one minute to an hour and is never in step with others", () => {
  expect([1, 2, 3, 7, 30].map((failures) => backOff(failures, 0.5) / MINUTE)).toEqual([1, 2, 4, 60, 60]);
  expect(backOff(3, 0)).not.toBe(backOff(3, 1));
});

test("Retry-After may be seconds or a date, and an hour is the most that is believed", () => {
  expect(retryAfter("120", now)).toBe(120_000);
  expect(retryAfter(new Date(now + 60_000).toUTCString(), now)).toBe(60_000);
  expect(retryAfter("999999", now)).toBe(HOUR);
  expect(retryAfter("soon", now)).toBeNull();
});

test("an address is https, or http on this machine", () => {
  expect(apiOrigin(" https://heat.example.com/api/v1 ")).toEqual({ url: "https://heat.example.com" });
  expect(apiOrigin("http://127.0.0.1:8040")).toEqual({ url: "http://127.0.0.1:8040" });
  for (const bad of ["http://heat.example.com", "https://u:p@heat.example.com", "https://x/#f", "https://x/path", "ftp://x", "heat", "javascript:1"]) {
    expect(apiOrigin(bad), bad).toHaveProperty("problem");
  }
});

test("an answer that is cut off, or not JSON, is a failure and not a verdict", async () => {
  const ask = asker({ url: "https://x", token: "t" }, async () => new Response('{"results": [{"ind', { status: 200 }));
  expect(await ask("POST", "/tags", {})).toMatchObject({ kind: "failed" });
});

test("the token travels in the header only, without cookies, redirects or cache", async () => {
  let seen: [string, RequestInit] | null = null;
  const ask = asker({ url: "https://x", token: "secret" }, async (url, init) => {
    seen = [String(url), init as RequestInit];
    return new Response("{}", { status: 200 });
  });
  await ask("GET", "/me");
  const [url, init] = seen!;
  expect(url).toBe("https://x/api/v1/me");
  expect(init).toMatchObject({ credentials: "omit", redirect: "error", cache: "no-store", headers: { Authorization: "Bearer secret" } });
});

test("day three on a task is three days in a row of the same kind of work", async () => {
  for (const back of [0, 1, 2, 4]) await saveTag(body({ tagId: uuid(now + back), timestamp: now - back * DAY }), now);
  await saveTag(body({ tagId: uuid(now + 9), timestamp: now - 3 * DAY, workType: "Feature" }), now);
  const about = { taskScope: "acme.atlassian.net", taskId: "HEAT-42", workType: "Bug" as const };
  expect(dayNumber(await tagsInForce(), about, "2026-08-19")).toBe(3);
  expect(dayNumber(await tagsInForce(), { ...about, workType: "Config" }, "2026-08-19")).toBe(1);
});

test("a task typed by hand is the one tagged on its page, if there is only one of that name", async () => {
  await saveTag(body(), now);
  expect(await onlyTaskNamed("heat-42", now)).toMatchObject({ scope: "acme.atlassian.net", taskId: "HEAT-42" });
  expect(await onlyTaskNamed("HEAT-43", now)).toBeNull();
  await saveTag(body({ tagId: uuid(now + 1), taskScope: "other.atlassian.net" }), now);
  expect(await onlyTaskNamed("HEAT-42", now)).toBeNull();
});
