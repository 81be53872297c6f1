/**
 * Which task is on the screen: one pure function over an address and a document.
 *
 * The address names the task, the page must show the same id before its title is believed: a
 * single-page application changes its address 80 to 300 ms before its page. A title that stands in
 * one string with its id (`document.title`) cannot belong to another task.
 */

import { mayHoldDrawer, sameTask, taskOf } from "./address";
import { matches, isVisible, tidy, valueOf, valuesAt } from "./page";
import type { Rule, Spot, Task, TaskRef, View } from "./rule";

export type Detection =
  | { readonly state: "none" }
  /** A drawer may open here: keep looking at the page. */
  | { readonly state: "closed" }
  /** The address names a task that the page does not show yet. */
  | { readonly state: "waiting"; readonly ref: TaskRef }
  | { readonly state: "found"; readonly task: Task; readonly via: string; readonly kind: "selector" | "fallback" };

export interface Looking {
  /** The task that was found before: its title under another id is a title that has not changed yet. */
  readonly previous?: Task | null;
  /** The page had its time: an id without a title is better than nothing, a stale title is not. */
  readonly settled?: boolean;
}

interface Named {
  readonly title: string;
  readonly exact: boolean;
}

const bare = (id: string): string => id.replace(/^[#!&]/, "").toUpperCase();

const alike = (a: string, b: string): boolean => {
  const plain = (text: string): string => text.replace(/[`*_\s]/g, "").toLowerCase();
  return plain(a) === plain(b) || (b.endsWith("…") && plain(a).startsWith(plain(b.slice(0, -1))));
};

function names(rule: Rule, ref: TaskRef, spot: Spot, value: string, page: URL): boolean | null {
  if (spot.part === "href") {
    let target: URL;
    try {
      target = new URL(value, page);
    } catch {
      return null;
    }
    const linked = taskOf(rule, target);
    return linked && sameTask(linked, ref);
  }
  const id = rule.idText.exec(value)?.[1];
  return id ? bare(id) === bare(ref.taskId) : null;
}

/** Whether a container shows this task; `null` if it shows no id at all. */
function shows(rule: Rule, ref: TaskRef, view: View, container: Element, page: URL): boolean | null {
  for (const spot of view.id) {
    for (const value of valuesAt(container, spot)) {
      const verdict = names(rule, ref, spot, value, page);
      if (verdict !== null) return verdict;
    }
  }
  return null;
}

function firstTitle(view: View, container: Element): { title: string; css: string } | null {
  for (const spot of view.title) {
    const [title, ...others] = valuesAt(container, spot);
    // two different visible titles beside one id: nobody can say whose they are
    if (title && others.every((other) => alike(title, other))) return { title, css: spot.css };
  }
  return null;
}

function containers(view: View, document: Document): Element[] {
  return matches(document, view.container).filter(isVisible).reverse();
}

function titleIn(rule: Rule, ref: TaskRef, text: string): Named | null {
  const line = tidy(text.replace(/^\(\d+\+?\) /, ""), 600);
  for (const { pattern, exact } of rule.titles) {
    const groups = pattern.exec(line)?.groups;
    if (!groups?.title || !groups.id || bare(groups.id) !== bare(ref.taskId)) continue;
    const sigil = /^[#!&]/.exec(groups.id)?.[0];
    if (sigil && sigil !== ref.taskId[0]) continue;
    if (groups.scope && !ref.scope.endsWith(groups.scope.toLowerCase())) continue;
    return { title: tidy(groups.title), exact };
  }
  return null;
}

/** A heading that holds id and title in one: `Fix the login #12`, `HEAT-42 Fix the login`. */
function heading(ref: TaskRef, document: Document): string | null {
  const id = ref.taskId.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const before = new RegExp(`^${id}[:\\s]\\s*(.+)$`, "i");
  const after = new RegExp(`^(.+?)\\s*${id}$`, "i");
  for (const h1 of matches(document, "h1").filter(isVisible)) {
    const text = valueOf(h1, "text");
    const title = before.exec(text)?.[1] ?? after.exec(text)?.[1];
    if (title) return tidy(title);
  }
  return null;
}

/** A drawer names its task itself: the address names only the list below it. */
function drawer(rule: Rule, page: URL, document: Document): TaskRef | null {
  for (const view of rule.views) {
    for (const container of containers(view, document)) {
      for (const spot of view.id) {
        if (spot.part !== "href") continue;
        for (const value of valuesAt(container, spot)) {
          if (!URL.canParse(value, page.href)) continue;
          const ref = taskOf(rule, new URL(value, page));
          if (ref) return ref;
        }
      }
    }
  }
  return null;
}

function fromViews(rule: Rule, ref: TaskRef, page: URL, document: Document): { title: string; via: string } | null {
  const byTitle = titleIn(rule, ref, document.title);
  for (const view of rule.views) {
    for (const container of containers(view, document)) {
      const shown = shows(rule, ref, view, container, page);
      if (shown === false || (shown === null && !(view.namedByTitle && byTitle))) continue;
      const found = firstTitle(view, container);
      if (found) return { title: found.title, via: `${view.name}: ${found.css}` };
    }
  }
  return null;
}

/** What a page says about the task its address names. */
export function detect(rule: Rule, page: URL, document: Document, looking: Looking = {}): Detection {
  let ref = taskOf(rule, page);
  if (!ref) {
    if (!mayHoldDrawer(rule, page)) return { state: "none" };
    ref = drawer(rule, page, document);
    if (!ref) return { state: "closed" };
  }
  const { previous, settled = false } = looking;
  const isLeftOver = (title: string): boolean =>
    !settled && !!previous && !sameTask(previous, ref) && previous.title !== "" && alike(previous.title, title);

  const whole = titleIn(rule, ref, document.title);
  const seen = fromViews(rule, ref, page, document);
  if (seen) {
    const leftOver = isLeftOver(seen.title);
    if (whole && (whole.exact || leftOver) && !alike(seen.title, whole.title)) {
      return { state: "found", task: { ...ref, title: whole.title }, via: "document.title", kind: "selector" };
    }
    if (leftOver && !whole) return { state: "waiting", ref };
    return { state: "found", task: { ...ref, title: seen.title }, via: seen.via, kind: "selector" };
  }
  if (whole) return { state: "found", task: { ...ref, title: whole.title }, via: "document.title", kind: "fallback" };

  const inHeading = heading(ref, document);
  if (inHeading) return { state: "found", task: { ...ref, title: inHeading }, via: "h1", kind: "fallback" };

  // meta data is often stale after a navigation in the page: only with its own id in the same string
  const og = matches(document, 'meta[property="og:title"]')[0]?.getAttribute("content");
  const inMeta = og ? titleIn(rule, ref, og) : null;
  if (inMeta) return { state: "found", task: { ...ref, title: inMeta.title }, via: "og:title", kind: "fallback" };

  if (settled) return { state: "found", task: { ...ref, title: "" }, via: "address", kind: "fallback" };
  return { state: "waiting", ref };
}

/** One line per selector of a rule: how often it matches, how often visibly, what it reads. */
export interface SelectorCheck {
  readonly view: string;
  readonly css: string;
  readonly matches: number;
  readonly visible: number;
  readonly value: string;
}

/** The self-test of the options page: every selector of a rule against a page. */
export function checkSelectors(rule: Rule, document: Document): SelectorCheck[] {
  return rule.views.flatMap((view) =>
    [{ css: view.container, part: "text" } as Spot, ...view.id, ...view.title].map((spot, index) => {
      const all = matches(document, spot.css);
      const visible = all.filter(isVisible);
      const value = index > 0 && visible[0] ? valueOf(visible[0], spot.part) : "";
      return { view: view.name, css: spot.css, matches: all.length, visible: visible.length, value: tidy(value, 80) };
    }),
  );
}
