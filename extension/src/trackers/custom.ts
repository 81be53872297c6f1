/**
 * A person's own tracker: a host, an address template, a few selectors. Plain data, checked here.
 *
 * No regular expressions of users (they can hang a page), no code.
 */

import { isTemplate } from "./address";
import type { Rule, Spot } from "./rule";

export interface CustomTracker {
  readonly host: string;
  /** Template of the path, e.g. `/tickets/{id}`. */
  readonly path: string;
  /** Parameter that names the task instead of the path, e.g. `ticket`; the template is then its value. */
  readonly parameter: string;
  /** Template of the id, e.g. `T-{id}`. */
  readonly id: string;
  readonly titleSelectors: readonly string[];
  /** Selector of an element that shows the id; without one, `document.title` or a heading must. */
  readonly idSelector: string;
}

const HOST = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$/;

export const isHost = (text: string): boolean => HOST.test(text);

/** What is wrong with a custom tracker, as sentences; empty if nothing is. */
export function problemsOf(custom: CustomTracker): string[] {
  const problems: string[] = [];
  if (!isHost(custom.host)) problems.push("Host: a name such as tickets.example.com, without https://.");
  if (!custom.path.startsWith("/") || !isTemplate(custom.path)) problems.push("Address: a path such as /tickets/{id}.");
  const parts = [...(custom.path + (custom.parameter ? "{value}" : "")).matchAll(/\{(\w+)/g)].map((part) => part[1]);
  const used = [...custom.id.matchAll(/\{(\w+)\}/g)].map((part) => part[1]);
  if (!used.length || used.some((name) => !parts.includes(name))) {
    problems.push("Task id: use a part of the address, such as {id}.");
  }
  if (!/^[\w-]{0,40}$/.test(custom.parameter)) problems.push("Parameter: letters, digits, - and _ only.");
  if (custom.titleSelectors.length > 5) problems.push("Title: five selectors at most.");
  for (const css of [...custom.titleSelectors, custom.idSelector].filter(Boolean)) {
    if (css.length > 300 || !isSelector(css)) problems.push(`Not a selector: ${css.slice(0, 60)}`);
  }
  return problems;
}

function isSelector(css: string): boolean {
  if (typeof document === "undefined") return true;
  try {
    document.createDocumentFragment().querySelector(css);
    return true;
  } catch {
    return false;
  }
}

/** A rule from a custom tracker. */
export function ruleOf(custom: CustomTracker): Rule {
  const id: Spot[] = custom.idSelector ? [{ css: custom.idSelector, part: "text" }] : [];
  const spots = custom.titleSelectors.map((css): Spot => ({ css, part: "text" }));
  return {
    tracker: "custom",
    label: custom.host,
    hosts: [custom.host],
    pages: [
      custom.parameter
        ? { path: custom.path, query: { name: custom.parameter, value: "{value}" }, id: custom.id, scope: "{host}" }
        : { path: custom.path, id: custom.id, scope: "{host}" },
    ],
    views: spots.length ? [{ name: "your selectors", container: "body", id, title: spots, namedByTitle: !id.length }] : [],
    titles: [{ pattern: /^(?:\[?(?<id>[#!&]?[\w-]*\d[\w-]*)\]?)[:\s-]+(?<title>.+)$/, exact: false }],
    drawers: [],
    idText: /([\w-]*\d[\w-]*)/,
    fold: "lower-scope",
  };
}
