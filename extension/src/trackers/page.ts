/**
 * Reading a page: which elements a person can see, and what stands in them.
 *
 * Never writes. Hidden copies are everywhere (earlier forms, sticky headers, pages behind a modal),
 * so nothing invisible is ever read.
 */

import type { Spot } from "./rule";

export const TITLE_MAX = 300;

/** Whether a person can see the element, as far as the DOM tells. */
export function isVisible(element: Element): boolean {
  if (element.tagName === "META" || element.tagName === "BODY") return true;
  if (element.closest('[hidden], [aria-hidden="true"], [inert], template')) return false;
  return element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0;
}

/** One line of text: control characters gone, white space collapsed, cut at `max` code points. */
export function tidy(text: string | null | undefined, max = TITLE_MAX): string {
  const line = (text ?? "")
    .replace(/[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
  const points = [...line];
  return points.length > max ? points.slice(0, max).join("").trimEnd() : line;
}

/** All matches in or at `root`; a selector the browser refuses matches nothing. */
export function matches(root: ParentNode, css: string): Element[] {
  try {
    return [...root.querySelectorAll(css)];
  } catch {
    return [];
  }
}

function textOf(element: Element): string {
  // what is hidden from people inside the element (screen-reader extras, copy buttons) is not its text
  if (element.childElementCount === 0) return element.textContent ?? "";
  const copy = element.cloneNode(true) as Element;
  for (const extra of copy.querySelectorAll("[hidden], [aria-hidden='true'], button, style, script, .sr-only")) extra.remove();
  return copy.textContent ?? "";
}

/** What stands at a spot's part of an element, tidied. */
export function valueOf(element: Element, part: Spot["part"]): string {
  switch (part) {
    case "value":
      return tidy("value" in element ? String(element.value) : "");
    case "href":
      return tidy(element.getAttribute("href"), 2048);
    case "ref":
      return tidy(element.getAttribute("content") ?? element.getAttribute("data-page-type-id"));
    case "text":
      return tidy(textOf(element));
  }
}

/** Every visible, non-empty value at a spot, in document order. */
export function valuesAt(container: ParentNode & { matches?(css: string): boolean }, spot: Spot): string[] {
  const found = spot.css === ":scope" ? [container as unknown as Element] : matches(container, spot.css);
  return found.filter(isVisible).map((element) => valueOf(element, spot.part)).filter(Boolean);
}
