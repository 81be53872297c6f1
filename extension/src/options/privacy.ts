/** What leaves the browser, and what lies in it: ids only, extra fields, export, deletion. */

import { ask } from "../browser";
import { make } from "../panel/element";
import type { Choices } from "../store/meta";
import type { TrackerName } from "../trackers/rule";
import { button, field, labelled, says, section, select } from "./parts";
import { TRACKER_OPTIONS } from "./trackers";

const change = async (how: (choices: Choices) => Choices): Promise<void> => void (await ask({ type: "choose", choices: how(await ask({ type: "choices" })) }));

export function privacySection(): HTMLElement {
  const line = says();
  const idsOnly = make("input", { type: "checkbox" });
  const left = make("input", { type: "checkbox" });
  const tracker = select("Tracker", TRACKER_OPTIONS);
  const into = select("Field", [["area", "Area"], ["labels", "Labels"]]);
  const selector = field({ placeholder: "off; e.g. [data-testid=\"component\"]" });
  const sent = make("p", { class: "small muted" });

  const show = ({ idsOnly: only, corner, extras }: Choices): void => {
    idsOnly.checked = only;
    left.checked = corner === "left";
    const extra = extras[tracker.value as TrackerName];
    selector.value = extra?.selector ?? "";
    into.value = extra?.field ?? "area";
    const more = Object.entries(extras).map(([name, one]) => `${one?.field} from ${name} (${one?.selector})`);
    sent.textContent = `Sent with each tag: task id, scope, ${only ? "" : "title, "}kind of work, intensity, moment and UTC offset, your labels and area, tracker${more.length ? `; also ${more.join(", ")}` : ""}.`;
  };
  const reload = async (): Promise<void> => show(await ask({ type: "choices" }));
  const kept = (work: Promise<unknown>): void => void work.then(reload).then(() => line.good("Kept."), line.bad);

  idsOnly.addEventListener("change", () => kept(change((choices) => ({ ...choices, idsOnly: idsOnly.checked }))));
  left.addEventListener("change", () => kept(change((choices) => ({ ...choices, corner: left.checked ? "left" : "right" }))));
  tracker.addEventListener("change", () => void reload());
  const keepExtra = (): void => {
    const name = tracker.value as TrackerName;
    kept(change((choices) => {
      const { [name]: _, ...others } = choices.extras;
      const css = selector.value.trim();
      return { ...choices, extras: css ? { ...others, [name]: { field: into.value as "area" | "labels", selector: css } } : others };
    }));
  };

  void reload().catch(line.bad);
  return section("What is sent", "Nothing before you save, nothing but this:", sent,
    make("p", {}, make("label", {}, idsOnly, "Send ids only, no titles")),
    make("p", {}, make("label", {}, left, "Show the flame in the left corner")),
    make("p", { class: "small muted" }, "One extra field per tracker may fill area or labels. Off unless you name a selector:"),
    make("div", { class: "grid" }, labelled("Tracker", tracker), labelled("Fills", into), labelled("Selector", selector, true)),
    button("Keep the extra field", keepExtra), line.node);
}

export function dataSection(): HTMLElement {
  const line = says();
  const download = async (): Promise<void> => {
    const text = JSON.stringify(await ask({ type: "export" }), null, 2);
    const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    make("a", { href: url, download: `heat-${new Date().toISOString().slice(0, 10)}.json` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
    line.good("Exported: your tags, tasks and choices; the token is not in it.");
  };
  const wipe = async (): Promise<void> => {
    const { unsent } = await ask({ type: "queue" });
    const warning = unsent ? `${unsent} tags are not sent yet and would be lost. ` : "";
    if (!confirm(`${warning}Delete everything HEAT keeps in this browser?`)) return;
    await ask({ type: "wipe" });
    line.good("Everything in this browser is deleted. What was sent stays on the server.");
  };
  return section("Data in this browser", "Tagged tasks are kept for 30 days, sent tags too; unsent tags until they are sent.",
    make("div", { class: "line" },
      button("Export", () => void download().catch(line.bad)),
      button("Delete everything here", () => void wipe().catch(line.bad), "danger")),
    line.node);
}
