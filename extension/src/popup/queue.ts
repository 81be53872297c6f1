/** What the pop-up says about the queue: what waits, when it was sent last, what was rejected. */

import { ask } from "../browser";
import type { QueueReport } from "../messages";
import { ago, inMinutes } from "../pages/ago";
import { make } from "../panel/element";
import { isWorkType, type TagChange } from "../vocabulary";

/** One sentence for the state, one for what happens next. */
export function sentences(report: QueueReport, now: number): readonly [string, string] {
  const { unsent, sync, connection } = report;
  const waiting = unsent === 0 ? "Everything is sent" : `${unsent} ${unsent === 1 ? "tag waits" : "tags wait"} to be sent`;
  if (!connection) return [unsent ? `${unsent} kept in this browser` : "Not connected yet", "Connect HEAT in the options."];
  if (report.foreign > 0) return [waiting, `${report.foreign} of them were made while somebody else was connected.`];
  if (sync.problem?.kind === "sign-in") return [waiting, sync.problem.text];
  if (sync.problem) return [waiting, `${sync.problem.text} Next try ${inMinutes(sync.nextAt, now)}.`];
  return [waiting, sync.lastSuccess ? `Last sync ${ago(sync.lastSuccess, now)}` : "No sync yet"];
}

const FIXABLE: readonly (keyof TagChange)[] = ["taskId", "taskTitle", "workType", "intensity", "area"];

/** The field a reason names, as an input with the value as it was sent. */
function field(rejected: QueueReport["rejected"][number]): { name: keyof TagChange; input: HTMLInputElement } | null {
  const name = FIXABLE.find((one) => rejected.reasons.some((reason) => reason.field === one));
  if (!name) return null;
  return { name, input: make("input", { type: "text", value: String(rejected.body[name] ?? ""), "aria-label": name }) };
}

function changeOf(name: keyof TagChange, text: string): TagChange {
  if (name === "intensity") return { intensity: Number(text) };
  if (name === "workType") return isWorkType(text) ? { workType: text } : {};
  return { [name]: text };
}

function reject(rejected: QueueReport["rejected"][number], again: () => Promise<void>): HTMLElement {
  const { tagId, body, reasons } = rejected;
  const fix = field(rejected);
  const why = make("div", { class: "why" }, reasons.map((one) => (one.field ? `${one.field}: ${one.reason}` : one.reason)).join("; "));
  const run = (work: () => Promise<unknown>) => () => {
    work().then(again, (error: unknown) => (why.textContent = error instanceof Error ? error.message : "It did not work."));
  };
  return make("li", {},
    make("strong", {}, `${body.workType} × ${body.intensity}`), " ", make("bdi", {}, body.taskId),
    why,
    make("div", { class: "line" },
      fix ? fix.input : null,
      make("button", { type: "button", click: run(() => ask({ type: "edit", tagId, change: fix ? changeOf(fix.name, fix.input.value) : {} })) }, fix ? "Fix and send" : "Send again"),
      make("button", { type: "button", class: "danger", click: run(() => ask({ type: "withdraw", tagId })) }, "Discard")));
}

/** The upper part of the pop-up. */
export function queueView(): { readonly root: HTMLElement; refresh(): Promise<void> } {
  const first = make("strong");
  const second = make("span", { class: "muted" });
  const button = make("button", { type: "button" }, "Sync now");
  const outdated = make("div", { class: "status small", hidden: true });
  const rejects = make("ul", { class: "rejects", hidden: true });
  const root = make("div", {}, make("div", { class: "status", role: "status" }, make("div", { class: "text" }, first, second), button), outdated, rejects);

  const show = (report: QueueReport): void => {
    [first.textContent, second.textContent] = sentences(report, Date.now());
    button.disabled = !report.connection;
    outdated.hidden = report.outdated.length === 0;
    outdated.textContent = `HEAT's knowledge of ${report.outdated.join(", ")} looks outdated: check id and title when you tag there.`;
    rejects.hidden = report.rejected.length === 0;
    rejects.replaceChildren(...report.rejected.slice(0, 20).map((one) => reject(one, async () => show(await ask({ type: "queue" })))));
  };
  button.addEventListener("click", () => {
    button.disabled = true;
    button.textContent = "Syncing …";
    ask({ type: "syncNow" }).then(show, () => undefined).finally(() => {
      button.textContent = "Sync now";
      button.disabled = false;
    });
  });
  return { root, refresh: async () => show(await ask({ type: "queue" })) };
}
