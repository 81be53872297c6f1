/** Pieces that every section of the options is made of. */

import { make, type Child } from "../panel/element";

export interface Says {
  readonly node: HTMLElement;
  good(text: string): void;
  bad(error: unknown): void;
}

/** The line under a section that says what happened. */
export function says(): Says {
  const node = make("p", { class: "says", role: "status" });
  const show = (text: string, tone: string): void => {
    node.textContent = text;
    node.className = `says ${tone}`;
  };
  return {
    node,
    good: (text) => show(text, "good"),
    bad: (error) => show(error instanceof Error ? error.message : String(error), "bad"),
  };
}

export const section = (title: string, text: string, ...children: Child[]): HTMLElement =>
  make("section", {}, make("h2", {}, title), make("p", {}, text), ...children);

export const labelled = (text: string, field: HTMLElement, isWide = false): HTMLElement =>
  make("label", { class: isWide ? "wide" : undefined }, make("span", {}, text), field);

export const field = (props: Readonly<Record<string, string | number | boolean>> = {}): HTMLInputElement =>
  make("input", { type: "text", autocomplete: "off", spellcheck: "false", ...props });

export const button = (text: string, click: () => void, kind = ""): HTMLButtonElement =>
  make("button", { type: "button", class: kind || undefined, click }, text);

export const select = (label: string, options: readonly (readonly [value: string, text: string])[]): HTMLSelectElement =>
  make("select", { "aria-label": label }, ...options.map(([value, text]) => make("option", { value }, text)));
