/** The fixture pages: each imitates one view of one tracker; its first line names address and task. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { JSDOM } from "jsdom";

import { ruleFor, type ExtraHost } from "../src/trackers";
import type { Rule, Task } from "../src/trackers/rule";

export interface Fixture {
  readonly name: string;
  readonly url: URL;
  readonly task: Task | null;
  readonly html: string;
  readonly rule: Rule;
}

export const SELF_HOSTED: readonly ExtraHost[] = [
  { host: "jira.example.com", tracker: "jira" },
  { host: "tfs.example.com", tracker: "azure-devops" },
  { host: "github.example.com", tracker: "github" },
  { host: "gitlab.example.com", tracker: "gitlab" },
];

const FOLDER = join(import.meta.dirname, "fixtures");

export function fixtures(): Fixture[] {
  const files = readdirSync(FOLDER, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".html"));
  return files.sort().map((file) => {
    const text = readFileSync(join(FOLDER, file), "utf8");
    const end = text.indexOf("-->");
    const { url, task } = JSON.parse(text.slice(4, end)) as { url: string; task: Task | null };
    const rule = ruleFor(new URL(url).hostname, SELF_HOSTED);
    if (!rule) throw new Error(`no rule for ${url}`);
    return { name: file.replace(/\.html$/, ""), url: new URL(url), task, html: text.slice(end + 3).trimStart(), rule };
  });
}

/** jsdom draws nothing: an element is visible unless its own or an ancestor's inline style hides it. */
function drawn(page: Document): Document {
  const { prototype } = page.defaultView!.Element;
  prototype.checkVisibility = function () {
    return this.closest("[style*='display: none'], [style*='visibility: hidden']") === null;
  };
  prototype.getClientRects = function () {
    return [{}] as unknown as DOMRectList;
  };
  return page;
}

export const pageOf = (html: string, url: URL): Document => drawn(new JSDOM(html, { url: url.href }).window.document);

/** The same page again, as new: much cheaper than another window. */
export function redraw(page: Document, html: string): Document {
  const fresh = new page.defaultView!.DOMParser().parseFromString(html, "text/html");
  page.documentElement.replaceChildren(page.adoptNode(fresh.head), page.adoptNode(fresh.body));
  return page;
}
