/**
 * The content script: reads the task on the page, shows the panel. No storage, no network, no token.
 *
 * If anything here fails, the page must not notice: HEAT's element goes, and that is all.
 */

import { ask, browser } from "../browser";
import type { Greeting } from "../messages";
import { labelsIn, type FormTask } from "../panel/draft";
import { Panel } from "../panel/panel";
import { BUILT_IN, ruleFor } from "../trackers";
import { ruleOf } from "../trackers/custom";
import { checkSelectors, type Detection } from "../trackers/detect";
import { isVisible, matches, tidy, valueOf } from "../trackers/page";
import type { Rule } from "../trackers/rule";
import { Watch } from "./watch";

const VISIBLE_EVERY_MS = 30_000;

function extraFrom(greeting: Greeting | null): { labels?: string[]; area?: string } {
  if (!greeting?.extra) return {};
  const texts = matches(document, greeting.extra.selector).filter(isVisible).slice(0, 10).map((node) => valueOf(node, "text")).filter(Boolean);
  if (!texts.length) return {};
  return greeting.extra.field === "area" ? { area: tidy(texts[0], 128) } : { labels: labelsIn(texts.join(",")) };
}

function run(rule: Rule, greeted: Promise<Greeting>): void {
  let greeting: Greeting | null = null;
  let latest: Detection = { state: "none" };
  let counted = "";
  let visibleAt = 0;

  const taskNow = (): FormTask | null => {
    const task = watch.current();
    if (task) return task;
    // where only the title is missing the id from the address serves, and the title can be typed
    return latest.state === "waiting" ? { ...latest.ref, title: "" } : null;
  };
  let panel: Panel | null = null;
  const draw = (): void => {
    panel?.attach();
    panel?.show(latest.state === "found" ? latest.task : null);
  };

  const count = (found: Detection): void => {
    if (found.state !== "found" || (found.kind === "selector" && !greeting?.isDoubted)) return;
    const key = `${found.task.scope} ${found.task.taskId}`;
    if (key === counted) return;
    counted = key;
    ask({ type: "seen", tracker: rule.tracker, isFallback: found.kind === "fallback" }).catch(() => undefined);
  };

  const watch = new Watch(rule, (found) => {
    latest = found;
    draw();
    count(found);
  });

  watch.start();
  greeted.then((answer) => {
    greeting = answer;
    panel = new Panel({ current: taskNow, extra: () => extraFrom(greeting) }, answer);
    draw();
  }, () => undefined);

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible" || Date.now() - visibleAt < VISIBLE_EVERY_MS) return;
    visibleAt = Date.now();
    ask({ type: "visible" }).catch(() => undefined);
  });

  browser.runtime.onMessage.addListener((message: { type?: string }, sender, reply) => {
    if (sender.id !== browser.runtime.id) return;
    if (message.type === "open") panel?.open();
    if (message.type === "check") reply({ tracker: rule.label, found: latest, checks: checkSelectors(rule, document) });
  });
}

async function start(): Promise<void> {
  const built = ruleFor(location.hostname);
  const greeted = ask({ type: "hello" });
  if (built) return run(built, greeted);
  // a host from the options: only the background knows which tracker it is
  const greeting = await greeted;
  const rule = greeting.custom ? ruleOf(greeting.custom) : BUILT_IN.find(({ tracker }) => tracker === greeting.hostTracker);
  if (rule) run(rule, greeted);
}

start().catch(() => undefined);
