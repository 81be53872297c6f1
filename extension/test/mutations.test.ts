/**
 * 10,000 mutated pages: renamed classes and test ids, moved, duplicated, hidden, late and stale nodes.
 *
 * Right: the task with its title, at the latest once late nodes have come. Wrong: another id, or the
 * title of another task, at any moment. Everything else is an open "unknown".
 */

import { expect, test } from "vitest";

import { sameTask, taskOf } from "../src/trackers/address";
import { detect, type Detection } from "../src/trackers/detect";
import type { Rule, Task } from "../src/trackers/rule";
import { fixtures, pageOf, redraw } from "./fixtures";

const COUNT = 10_000;
const OTHER = "Title of another task";
const OTHER_NUMBER = "987";

function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Stage {
  readonly page: Document;
  readonly rule: Rule;
  readonly task: Task;
  readonly chance: () => number;
  /** What the page still owes: done before the second look. */
  readonly later: (() => void)[];
  previous: Task | null;
}

type Mutation = (stage: Stage) => void;

const pick = <T>(stage: Stage, from: readonly T[]): T | undefined => from[Math.floor(stage.chance() * from.length)];
const bare = (id: string): string => id.replace(/^[#!&]/, "");
const otherId = (id: string): string => id.replace(/\d+$/, OTHER_NUMBER);

/** The nodes that detection lives on: those that selectors of the rule match. */
function keys(stage: Stage): Element[] {
  const css = stage.rule.views.flatMap((view) => [view.container, ...[...view.id, ...view.title].map((spot) => spot.css)]);
  const found = css.filter((one) => !one.includes(":scope")).flatMap((one) => [...stage.page.querySelectorAll(one)]);
  return [...new Set(found)].filter((node) => !["BODY", "META"].includes(node.tagName));
}

function rewrite(root: Element, task: Task, title: string | null, id: boolean): void {
  const number = bare(task.taskId);
  const stale = otherId(number);
  for (const node of [root, ...root.querySelectorAll("*")]) {
    if (id && node.hasAttribute("href")) node.setAttribute("href", node.getAttribute("href")!.replace(number, stale));
    if (title !== null && node instanceof root.ownerDocument.defaultView!.HTMLInputElement) node.setAttribute("value", title);
    for (const child of node.childNodes) {
      if (child.nodeType !== 3) continue;
      if (id && child.textContent!.includes(number)) child.textContent = child.textContent!.replace(number, stale);
    }
  }
  if (title === null) return;
  for (const node of [root, ...root.querySelectorAll("h1, h2, bdi, [aria-label='Issue title'], .markdown-title")]) {
    const text = [...node.childNodes].find((child) => child.nodeType === 3 && child.textContent!.trim().length > 3);
    const isTitle = node.matches("h1, h2, bdi, [aria-label='Issue title'], .markdown-title");
    if (isTitle && !node.querySelector("bdi, .markdown-title") && (text || node.textContent!.trim())) node.textContent = title;
  }
}

/** Elements that hold the open task whole. */
function whole(stage: Stage): Element[] {
  return keys(stage).filter((node) => node.querySelector("h1, h2, bdi, input, [aria-label='Issue title']") || node.matches("h1"));
}

const MUTATIONS: Readonly<Record<string, Mutation>> = {
  "new hashes in class names": ({ page, chance }) => {
    for (const node of page.querySelectorAll("[class*='module__'], [class*='prc-'], [class*='sc-'], [class^='_']")) {
      const hash = Math.floor(chance() * 1e6).toString(36);
      node.setAttribute("class", node.getAttribute("class")!.replace(/(--|-)[A-Za-z0-9]{2,6}(?=\s|$)/g, `$1${hash}`));
    }
  },
  "one key node loses its test id": (stage) => {
    pick(stage, keys(stage).filter((node) => node.hasAttribute("data-testid")))?.setAttribute("data-testid", "renamed.today");
  },
  "one key node loses its classes": (stage) => {
    pick(stage, keys(stage).filter((node) => node.classList.length))?.setAttribute("class", "xq1 zz2");
  },
  "a key node is wrapped": (stage) => {
    const node = pick(stage, keys(stage));
    if (!node?.parentNode) return;
    const wrapper = stage.page.createElement("div");
    node.replaceWith(wrapper);
    wrapper.append(node);
  },
  "a key node moves to the end of its parent": (stage) => {
    const node = pick(stage, keys(stage));
    node?.parentNode?.append(node);
  },
  "the page is wrapped anew": ({ page }) => {
    const wrapper = page.createElement("div");
    wrapper.append(...page.body.childNodes);
    page.body.append(wrapper);
  },
  "a hidden copy of another task": (stage) => {
    const node = pick(stage, whole(stage));
    if (!node) return;
    const copy = node.cloneNode(true) as Element;
    rewrite(copy, stage.task, OTHER, true);
    const how = pick(stage, ["hidden", "aria-hidden", "inert", "display"])!;
    if (how === "display") copy.setAttribute("style", "display: none");
    else copy.setAttribute(how, how === "aria-hidden" ? "true" : "");
    if (stage.chance() < 0.5) node.before(copy);
    else node.after(copy);
  },
  "a visible copy of another task": (stage) => {
    const node = pick(stage, whole(stage));
    if (!node || node.querySelector("h1") === null) return;
    const copy = node.cloneNode(true) as Element;
    rewrite(copy, stage.task, OTHER, true);
    node.before(copy);
  },
  "a visible copy of the same task": (stage) => {
    const node = pick(stage, whole(stage));
    node?.after(node.cloneNode(true));
  },
  "linked tasks": (stage) => {
    const list = stage.page.createElement("ul");
    const item = stage.page.createElement("li");
    const link = stage.page.createElement("a");
    link.href = stage.page.location.pathname.replace(/\d+$/, OTHER_NUMBER);
    link.textContent = `${otherId(stage.task.taskId)} ${OTHER}`;
    item.append(link);
    list.append(item);
    if (stage.chance() < 0.5) stage.page.body.prepend(list);
    else stage.page.body.append(list);
  },
  "stale meta data": ({ page }) => {
    const meta = page.createElement("meta");
    meta.setAttribute("property", "og:title");
    meta.setAttribute("content", OTHER);
    page.querySelectorAll("meta[property='og:title']").forEach((node) => node.remove());
    page.head.append(meta);
  },
  "the document's title says nothing": ({ page }) => {
    page.title = "Loading…";
  },
  "white space and comments in the text": (stage) => {
    for (const node of keys(stage).filter((one) => one.childElementCount === 0 && one.textContent)) {
      node.prepend("\n   ", stage.page.createComment("x"));
      node.append(stage.page.createTextNode("\u00a0 \n"));
    }
  },
  "the document's title comes late": (stage) => {
    const final = stage.page.title;
    stage.page.title = final.replace(bare(stage.task.taskId), OTHER_NUMBER).replace(stage.task.title, OTHER);
    stage.later.push(() => (stage.page.title = final));
  },
  "a key node's attribute comes late": (stage) => {
    const node = pick(stage, keys(stage));
    const name = node?.hasAttribute("data-testid") ? "data-testid" : "class";
    const value = node?.getAttribute(name);
    if (!node || !value) return;
    node.removeAttribute(name);
    stage.later.push(() => node.setAttribute(name, value));
  },
  "a key node comes late": (stage) => {
    const node = pick(stage, keys(stage));
    if (!node?.parentNode) return;
    const place = stage.page.createComment("late");
    node.replaceWith(place);
    stage.later.push(() => place.replaceWith(node));
  },
  "the task before is still drawn": (stage) => {
    const final = [...stage.page.body.childNodes].map((node) => node.cloneNode(true));
    const facts = stage.page.body.getAttribute("data-page-type-id");
    const title = stage.page.title;
    rewrite(stage.page.body, stage.task, OTHER, true);
    if (facts) stage.page.body.setAttribute("data-page-type-id", OTHER_NUMBER);
    if (stage.chance() < 0.7) stage.page.title = title.replace(bare(stage.task.taskId), OTHER_NUMBER).replace(stage.task.title, OTHER);
    stage.previous = { ...stage.task, taskId: otherId(stage.task.taskId), title: OTHER };
    stage.later.push(() => {
      stage.page.body.replaceChildren(...final);
      if (facts) stage.page.body.setAttribute("data-page-type-id", facts);
      stage.page.title = title;
    });
  },
  "the id is new, the title still old": (stage) => {
    const nodes = [...stage.page.querySelectorAll("h1, h2, bdi, input, [aria-label='Issue title'], .markdown-title")];
    const final = nodes.map((node) => [node, [...node.childNodes].map((child) => child.cloneNode(true)), node.getAttribute("value")] as const);
    rewrite(stage.page.body, stage.task, OTHER, false);
    stage.previous = { ...stage.task, taskId: otherId(stage.task.taskId), title: OTHER };
    stage.later.push(() => {
      for (const [node, children, value] of final) {
        node.replaceChildren(...children);
        if (value !== null) node.setAttribute("value", value);
      }
    });
  },
};

/** Mutations after which the page shows the task before, in one way or another. */
const STALE = new Set(["the document's title comes late", "the task before is still drawn", "the id is new, the title still old"]);

function judge(found: Detection, task: Task): "right" | "wrong" | "unknown" {
  if (found.state !== "found") return "unknown";
  const { taskId, scope, title } = found.task;
  if (taskId !== task.taskId || scope !== task.scope) return "wrong";
  if (title === "") return "unknown";
  return title.replaceAll("`", "") === task.title ? "right" : "wrong";
}

test(`${COUNT} mutated pages give no wrong task, and at least 95 % the right one`, () => {
  const sources = fixtures().filter((fixture) => fixture.task);
  const names = Object.keys(MUTATIONS);
  const pages = sources.map(({ html, url }) => pageOf(html, url));
  const count = { right: 0, wrong: 0, unknown: 0 };
  const wrong: string[] = [];
  const unknown = new Map<string, number>();

  for (let seed = 0; seed < COUNT; seed++) {
    const { name, html, url, rule, task } = sources[seed % sources.length]!;
    const page = redraw(pages[seed % sources.length]!, html);
    const stage: Stage = { page, rule, task: task!, chance: random(seed), later: [], previous: null };
    const chosen = Array.from({ length: 1 + Math.floor(stage.chance() * 3) }, () => pick(stage, names)!);
    // how a page is built first, then what is late in it; it can be stale in one way only
    const order = [...new Set(chosen)].sort((a, b) => names.indexOf(a) - names.indexOf(b));
    const stale = order.filter((one) => STALE.has(one));
    for (const one of order) if (!STALE.has(one) || one === stale[0]) MUTATIONS[one]!(stage);

    const first = detect(rule, url, stage.page, { previous: stage.previous });
    for (const come of stage.later.reverse()) come();
    const last = detect(rule, url, stage.page, { previous: stage.previous, settled: true });

    // a drawer whose address names no task still shows the task before: that is what is on the screen
    const showsBefore = first.state === "found" && taskOf(rule, url) === null && sameTask(first.task, stage.previous) && first.task.title === OTHER;
    const verdict = !showsBefore && judge(first, task!) === "wrong" ? "wrong" : judge(last, task!);
    count[verdict] += 1;
    if (verdict === "wrong") wrong.push(`${seed} ${name}: ${chosen.join(" + ")} → ${JSON.stringify([first, last])}`);
    if (verdict === "unknown") for (const one of chosen) unknown.set(`${name}: ${one}`, (unknown.get(`${name}: ${one}`) ?? 0) + 1);
  }

  console.info("mutated pages", count);
  const worst = [...unknown].sort((a, b) => b[1] - a[1]).slice(0, 12);
  expect(wrong, wrong.slice(0, 8).join("\n")).toEqual([]);
  expect(count.right / COUNT, JSON.stringify(worst)).toBeGreaterThanOrEqual(0.95);
});
