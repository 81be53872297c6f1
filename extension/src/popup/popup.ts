/** The pop-up: the queue above, the same form as in the panel below, for any page. */

import { ask, browser } from "../browser";
import { NO_TASK, type FormTask } from "../panel/draft";
import { make } from "../panel/element";
import { TagForm } from "../panel/form";
import { STYLE } from "../panel/style";
import type { Detection } from "../trackers/detect";
import { queueView } from "./queue";

/** The task of the page below, if HEAT's panel is in it. */
async function taskBelow(): Promise<FormTask> {
  try {
    const [tab] = await browser.tabs.query({ active: true, currentWindow: true });
    const answer = tab?.id === undefined ? null : ((await browser.tabs.sendMessage(tab.id, { type: "check" })) as { found: Detection } | null);
    return answer?.found.state === "found" ? answer.found.task : NO_TASK;
  } catch {
    return NO_TASK;
  }
}

async function start(): Promise<void> {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`${STYLE} .panel { width: auto; max-width: none; max-height: none; border: 0; border-radius: 0; box-shadow: none; animation: none; }`);
  document.adoptedStyleSheets = [sheet];

  const queue = queueView();
  const form = new TagForm({
    close: null,
    reread: () => null,
    saved: (text, undo) => {
      void queue.refresh();
      form.open(task);
      form.say(`Saved: ${text}`, "good", { label: "Undo", run: () => {
        form.say(null);
        void undo().then(() => queue.refresh());
      } });
    },
  });
  const open = (page: string) => () => void browser.tabs.create({ url: browser.runtime.getURL(page) });
  const link = (text: string, click: () => void): HTMLElement => make("button", { type: "button", click }, text);
  document.body.append(queue.root, make("div", { class: "heat" }, form.root),
    make("div", { class: "popup-foot" }, link("How to tag", open("welcome.html")), link("Options", open("options.html"))));
  await queue.refresh();
  const task = await taskBelow();
  form.open(task);
  void ask({ type: "visible" });
}

void start();
