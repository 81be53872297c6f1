/** The two choices of a tag: kind of work and intensity, as radio groups that keys drive too. */

import { bandOf, INTENSITY_BANDS, WORK_TYPES, type WorkType } from "../vocabulary";
import { make } from "./element";

export interface Group<T> {
  readonly root: HTMLElement;
  show(value: T | null): void;
  focus(): void;
}

function mark(buttons: ReadonlyMap<unknown, HTMLButtonElement>, value: unknown): void {
  const first = buttons.values().next().value;
  for (const [own, button] of buttons) {
    button.setAttribute("aria-checked", String(own === value));
    // one stop for the Tab key: the chosen one, else the first
    button.tabIndex = own === value || (button === first && !buttons.has(value)) ? 0 : -1;
  }
}

const focusOn = (buttons: ReadonlyMap<unknown, HTMLButtonElement>): void =>
  [...buttons.values()].find((button) => button.tabIndex === 0)?.focus({ preventScroll: true });

/** Six kinds of work, each with its letter. */
export function typeGroup(choose: (type: WorkType) => void): Group<WorkType> {
  const buttons = new Map<WorkType, HTMLButtonElement>();
  const group = make("div", { class: "types", role: "radiogroup", "aria-label": "Kind of work" });
  for (const { name, key, says } of WORK_TYPES) {
    const button = make("button", {
      type: "button", role: "radio", "aria-keyshortcuts": key, title: `${name}: ${says}`,
      click: (event) => event.isTrusted && choose(name),
    }, make("kbd", { "aria-hidden": "true" }, key), name);
    buttons.set(name, button);
    group.append(button);
  }
  mark(buttons, null);
  return {
    root: make("fieldset", {}, make("legend", {}, "What kind of work?"), group),
    show: (value) => mark(buttons, value),
    focus: () => focusOn(buttons),
  };
}

/** One to ten, in three bands with their words. */
export function scaleGroup(choose: (intensity: number) => void): Group<number> & { readonly hint: HTMLElement } {
  const buttons = new Map<number, HTMLButtonElement>();
  const group = make("div", { class: "scale", role: "radiogroup", "aria-label": "Intensity" });
  for (let value = 1; value <= 10; value++) {
    const { name } = bandOf(value);
    const button = make("button", {
      type: "button", role: "radio", class: name, "aria-label": `${value}, ${name}`, "aria-keyshortcuts": String(value % 10),
      click: (event) => event.isTrusted && choose(value),
    }, String(value));
    buttons.set(value, button);
    group.append(button);
  }
  mark(buttons, null);
  const words = INTENSITY_BANDS.map(({ name }) => make("span", {}, name));
  const hint = make("p", { class: "hint", "aria-live": "polite" });
  return {
    root: make("fieldset", {}, make("legend", {}, "How intense was it?"), group, make("div", { class: "bands", "aria-hidden": "true" }, ...words), hint),
    hint,
    show: (value) => {
      mark(buttons, value);
      INTENSITY_BANDS.forEach(({ name }, index) => words[index]?.classList.toggle("on", value !== null && bandOf(value).name === name));
    },
    focus: () => focusOn(buttons),
  };
}
