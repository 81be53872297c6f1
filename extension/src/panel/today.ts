/** The foot of the panel: today's total with its band, today's tags to change or withdraw. */

import type { PanelFacts, TodayTag } from "../messages";
import { BIN, drawing, make, PEN } from "./element";

export interface Today {
  readonly root: HTMLElement;
  show(facts: PanelFacts, isYesterday: boolean): void;
}

const WAITING: Readonly<Partial<Record<TodayTag["state"], string>>> = { queued: " · not sent yet", changed: " · change not sent yet", rejected: " · rejected" };

export function bandName(total: number, bands: PanelFacts["bands"]): "cool" | "normal" | "warm" | "critical" {
  return total < bands.coolBelow ? "cool" : total < bands.normalBelow ? "normal" : total < bands.warmBelow ? "warm" : "critical";
}

export function today(edit: (tag: TodayTag) => void, withdraw: (tag: TodayTag) => void): Today {
  const name = make("span");
  const band = make("span", { class: "band" });
  const more = make("span", { class: "more" });
  const list = make("ul", { class: "tags", id: "heat-tags", hidden: true });
  const sum = make("button", {
    type: "button", class: "sum", "aria-expanded": "false", "aria-controls": "heat-tags",
    click: () => {
      list.hidden = !list.hidden;
      sum.setAttribute("aria-expanded", String(!list.hidden));
    },
  }, name, band, more);

  const line = (tag: TodayTag): HTMLElement => {
    const says = `${tag.taskId} ${tag.workType} ${tag.intensity}`;
    return make("li", {},
      make("span", { class: "what", title: tag.title },
        make("strong", {}, `${tag.workType} × ${tag.intensity}`), " ", make("bdi", {}, tag.taskId),
        make("small", {}, WAITING[tag.state] ?? "")),
      make("button", { type: "button", class: "icon", "aria-label": `Change ${says}`, title: "Change", click: (event) => event.isTrusted && edit(tag) }, drawing(PEN)),
      make("button", { type: "button", class: "icon", "aria-label": `Withdraw ${says}`, title: "Withdraw", click: (event) => event.isTrusted && withdraw(tag) }, drawing(BIN)),
    );
  };

  return {
    root: make("div", { class: "foot" }, sum, list),
    show(facts, isYesterday) {
      const count = facts.today.length;
      name.textContent = isYesterday ? "Yesterday" : "Today";
      band.hidden = count === 0 && facts.total === 0;
      const word = bandName(facts.total, facts.bands);
      band.className = `band ${word}`;
      band.textContent = `${facts.total} ${word}`;
      more.textContent = count === 0 ? "no tags yet" : `${count} ${count === 1 ? "tag" : "tags"} ▾`;
      sum.disabled = count === 0;
      if (count === 0) list.hidden = true;
      sum.setAttribute("aria-expanded", String(!list.hidden));
      list.replaceChildren(...facts.today.map(line));
    },
  };
}
