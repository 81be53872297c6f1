import { describe, expect, test } from "vitest";

import { checkSelectors, detect } from "../src/trackers/detect";
import { fixtures, pageOf } from "./fixtures";

const byName = (name: string) => fixtures().find((fixture) => fixture.name === name)!;

describe("every fixture page", () => {
  for (const { name, url, task, html, rule } of fixtures()) {
    test(`${name} gives ${task ? `${task.taskId} with its title` : "no task"}`, () => {
      const found = detect(rule, url, pageOf(html, url));
      if (task) expect(found).toMatchObject({ state: "found", task, kind: "selector" });
      else expect(["none", "closed"]).toContain(found.state);
    });
  }
});

test("a page that still shows the task before waits instead of pairing the old title with the new id", () => {
  const { rule, html } = byName("jira/preview-panel");
  const next = new URL("https://acme.atlassian.net/jira/software/projects/HEAT/boards/3?selectedIssue=HEAT-50");
  expect(detect(rule, next, pageOf(html, next)).state).toBe("waiting");
});

test("a page that never shows the id gives the id alone once it had its time", () => {
  const { rule, html } = byName("jira/preview-panel");
  const next = new URL("https://acme.atlassian.net/jira/software/projects/HEAT/boards/3?selectedIssue=HEAT-50");
  expect(detect(rule, next, pageOf(html, next), { settled: true })).toMatchObject({
    state: "found",
    task: { taskId: "HEAT-50", title: "" },
    kind: "fallback",
  });
});

test("a new id above the title of the task before waits for the new title", () => {
  const { rule, html, url, task } = byName("jira/preview-panel");
  const previous = { ...task!, taskId: "HEAT-1" };
  expect(detect(rule, url, pageOf(html, url), { previous }).state).toBe("waiting");
  expect(detect(rule, url, pageOf(html, url), { previous, settled: true })).toMatchObject({ task });
});

test("a title that stands in one string with its id wins over a stale heading", () => {
  const { rule, html, url } = byName("github/pull-request");
  const page = pageOf(html.replace(">Cache the menu<", ">Title of the page before<"), url);
  expect(detect(rule, url, page)).toMatchObject({ task: { title: "Cache the menu" }, via: "document.title" });
});

test("the current value of an input counts, not the one it was drawn with", () => {
  const { rule, html, url } = byName("azure-devops/hub");
  const page = pageOf(html, url);
  page.querySelector("input")!.value = "Typed just now";
  expect(detect(rule, url, page)).toMatchObject({ task: { title: "Typed just now" } });
});

test("when every selector rots, the document's title still serves and is reported as a fallback", () => {
  const { rule, url } = byName("github/issue");
  const page = pageOf("<title>Fix it · Issue #123 · acme/web</title><main></main>", url);
  expect(detect(rule, url, page)).toMatchObject({ task: { title: "Fix it" }, kind: "fallback" });
});

test("the document's title of the same number in another repository is not believed", () => {
  const { rule, url } = byName("github/issue");
  const page = pageOf("<title>Other · Issue #123 · other/repo</title><main></main>", url);
  expect(detect(rule, url, page).state).toBe("waiting");
});

describe("hostile titles stay text", () => {
  const hostile = [
    `"><img src=x onerror=alert(1)>`, `' onmouseover='x`, `javascript:alert(1)`, "</script><script>x</script>",
    "\u202egnp.exe", "مرحبا بالعالم", "👩‍👩‍👧‍👦 family 🔥", "a\u0000b\u0007c", "x".repeat(10_000), "${7*7}{{7*7}}",
  ];
  for (const title of hostile) {
    test(JSON.stringify(title).slice(0, 40), () => {
      const { rule, html, url } = byName("jira/preview-panel");
      const page = pageOf(html, url);
      for (const heading of page.querySelectorAll("h1")) heading.textContent = title;
      const found = detect(rule, url, page);
      if (found.state !== "found") throw new Error(found.state);
      expect([...found.task.title].length).toBeLessThanOrEqual(300);
      expect(found.task.title).not.toMatch(/[\u0000-\u001f\u202a-\u202e]/);
      expect(found.task.title.length).toBeGreaterThan(0);
    });
  }
});

test("the self-test says of every selector how often it matches and what it reads", () => {
  const { rule, html, url } = byName("jira/page");
  const checks = checkSelectors(rule, pageOf(html, url));
  expect(checks.find((check) => check.view === "page" && check.css.startsWith("h1"))).toMatchObject({
    visible: 1,
    value: "Implement the pain streak",
  });
});
