/**
 * The background worker: listeners at the top level, everything else elsewhere.
 *
 * It ends after 30 idle seconds and is started by the next event, so nothing that matters is kept
 * in a variable and nothing waits on a timer alone.
 */

import { browser } from "../browser";
import { originOf, readMessage, type Reply } from "../messages";
import { readMeta } from "../store/meta";
import { forgetSent, UNDO_MS } from "../store/tags";
import { forgetTasks } from "../store/tasks";
import { asker } from "../sync/api";
import { syncer, type SyncReason } from "../sync/sync";
import { answerTo } from "./answers";
import { drawBadge } from "./badge";
import { registerHosts } from "./hosts";
import { refreshServerDay } from "./today";

const EVERY = "heat-sync";
const SOON = "heat-soon";
const VISIBLE_EVERY_MS = 30_000;

const sync = syncer({ now: Date.now, ask: asker, random: Math.random });
let visibleAt = 0;
let soon: ReturnType<typeof setTimeout> | undefined;

async function bringHome(reason: SyncReason): Promise<void> {
  const state = await sync(reason);
  const connection = await readMeta("connection");
  if (connection && !state.problem) await refreshServerDay(asker(connection), connection.userId, Date.now());
  await drawBadge();
}

const quietly = (work: Promise<unknown>): void => void work.catch((error: unknown) => console.warn("HEAT:", error));

/** Soon after a save, once it can no longer be undone; the alarm is there if the worker ends first. */
function syncSoon(reason: "save" | "visible"): void {
  quietly(drawBadge());
  if (reason === "visible") {
    if (Date.now() - visibleAt < VISIBLE_EVERY_MS) return;
    visibleAt = Date.now();
    quietly(bringHome("visible"));
    return;
  }
  quietly(browser.alarms.create(SOON, { delayInMinutes: 0.5 }));
  clearTimeout(soon);
  soon = setTimeout(() => quietly(bringHome("save")), UNDO_MS + 250);
}

async function ensureAlarm(): Promise<void> {
  // creating it again would start its five minutes anew: a busy worker would never sync
  if (!(await browser.alarms.get(EVERY))) await browser.alarms.create(EVERY, { periodInMinutes: 5 });
}

async function tidyUp(): Promise<void> {
  await forgetSent(Date.now());
  await forgetTasks(Date.now());
}

browser.runtime.onMessage.addListener((raw: unknown, sender, reply: (answer: Reply<unknown>) => void) => {
  const own = { id: browser.runtime.id, origin: new URL(browser.runtime.getURL("")).origin };
  const from = originOf(sender, own);
  const message = from && readMessage(raw, from);
  if (!from || !message) {
    reply({ ok: false, error: "HEAT does not take this message." });
    return false;
  }
  const host = from === "content" ? new URL(sender.url ?? "").hostname : "";
  answerTo(message, { from, host, now: Date.now(), sync: syncSoon, syncNow: () => bringHome("button") }).then(
    (value) => reply({ ok: true, value }),
    (error: unknown) => reply({ ok: false, error: error instanceof Error ? error.message : "Something went wrong." }),
  );
  return true;
});

browser.alarms.onAlarm.addListener(({ name }) => {
  if (name === SOON) quietly(bringHome("save"));
  if (name === EVERY) quietly(tidyUp().then(() => bringHome("alarm")));
});

browser.runtime.onInstalled.addListener(({ reason }) => {
  quietly(ensureAlarm());
  quietly(readMeta("choices").then(registerHosts));
  if (reason === "install") quietly(browser.tabs.create({ url: browser.runtime.getURL("welcome.html") }));
});
browser.runtime.onStartup.addListener(() => {
  quietly(ensureAlarm());
  quietly(bringHome("alarm"));
});
browser.permissions.onAdded.addListener(() => quietly(readMeta("choices").then(registerHosts)));
browser.permissions.onRemoved.addListener(() => quietly(readMeta("choices").then(registerHosts)));

browser.commands.onCommand.addListener((command, tab) => {
  if (command !== "open-panel" || tab?.id === undefined) return;
  // where no panel is, the pop-up takes its place
  browser.tabs.sendMessage(tab.id, { type: "open" }).catch(() => quietly(browser.action.openPopup()));
});

quietly(ensureAlarm());
quietly(drawBadge());
