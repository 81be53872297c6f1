import { describe, expect, test } from "vitest";

import { isTemplate, matchesHost, taskOf } from "../src/trackers/address";
import { problemsOf, ruleOf } from "../src/trackers/custom";
import { ruleFor } from "../src/trackers";
import { SELF_HOSTED } from "./fixtures";

const TABLE: readonly (readonly [address: string, task: string | null])[] = [
  ["https://acme.atlassian.net/browse/HEAT-42", "acme.atlassian.net HEAT-42"],
  ["https://acme.atlassian.net/browse/heat-42?focusedId=1#c", "acme.atlassian.net HEAT-42"],
  ["https://acme.atlassian.net/jira/software/projects/HEAT/boards/1", null],
  ["https://acme.atlassian.net/jira/software/projects/HEAT/boards/1?selectedIssue=HEAT-1", "acme.atlassian.net HEAT-1"],
  ["https://acme.atlassian.net/jira/software/c/projects/HEAT/boards/1/timeline?selectedIssue=HEAT-1", "acme.atlassian.net HEAT-1"],
  ["https://acme.atlassian.net/browse/HEAT-1?selectedIssue=HEAT-2", "acme.atlassian.net HEAT-2"],
  ["https://acme.atlassian.net/jira/servicedesk/projects/SD/queues/custom/1/SD-9", "acme.atlassian.net SD-9"],
  ["https://acme.atlassian.net/jira/software/c/projects/A2B/issues/A2B-7?jql=x", "acme.atlassian.net A2B-7"],
  ["https://acme.atlassian.net/wiki/spaces/HEAT", null],
  ["https://jira.example.com/jira/browse/CORE-1", "jira.example.com CORE-1"],
  ["https://dev.azure.com/Acme/My%20Shop/_workitems/edit/17", "acme/my shop #17"],
  ["https://dev.azure.com/acme/shop/_boards/board/t/x/y/?workitem=17", "acme/shop #17"],
  ["https://dev.azure.com/acme/shop/_workitems/create/Bug", null],
  ["https://acme.visualstudio.com/shop/_workitems/edit/17/", "acme/shop #17"],
  ["https://tfs.example.com/tfs/Main/shop/_workitems/edit/17", "tfs.example.com/tfs/main/shop #17"],
  ["https://github.com/Acme/Web/issues/12", "acme/web #12"],
  ["https://github.com/acme/web/pull/12", "acme/web #12"],
  ["https://github.com/acme/web/pull/12/commits/abc", "acme/web #12"],
  ["https://github.com/acme/web/issues/new", null],
  ["https://github.com/acme/web/issues/new/choose", null],
  ["https://github.com/acme/web/issues?q=is%3Aopen", null],
  ["https://github.com/acme/web/pulls", null],
  ["https://github.example.com/acme/web/issues/12", "github.example.com/acme/web #12"],
  ["https://gitlab.com/a/b/c/-/issues/15", "a/b/c #15"],
  ["https://gitlab.com/a/b/c/-/merge_requests/15/diffs?tab=x", "a/b/c !15"],
  ["https://gitlab.com/groups/a/b/-/epics/3", "a/b &3"],
  ["https://gitlab.example.com/a/b/-/work_items/15", "gitlab.example.com/a/b #15"],
  ["https://gitlab.com/a/b/-/issues", null],
  ["https://linear.app/acme/issue/WEB-12/any-slug-here", "linear.app/acme WEB-12"],
  ["https://linear.app/acme/issue/WEB-12", "linear.app/acme WEB-12"],
  ["https://linear.app/acme/inbox", null],
  ["https://xatlassian.net/browse/HEAT-42", null],
  ["https://evil.com/.atlassian.net/browse/HEAT-42", null],
  ["https://a.b.atlassian.net/browse/HEAT-42", null],
  ["https://github.com.evil.com/acme/web/issues/12", null],
];

describe("what an address names", () => {
  for (const [address, task] of TABLE) {
    test(`${address} → ${task ?? "nothing"}`, () => {
      const url = new URL(address);
      const rule = ruleFor(url.hostname, SELF_HOSTED);
      const ref = rule && taskOf(rule, url);
      expect(ref ? `${ref.scope} ${ref.taskId}` : null).toBe(task);
    });
  }
});

test("a pattern's star is one label, so look-alike hosts match nothing", () => {
  expect(matchesHost("acme.atlassian.net", "*.atlassian.net")).toBe(true);
  expect(matchesHost("atlassian.net", "*.atlassian.net")).toBe(false);
  expect(matchesHost("a.b.atlassian.net", "*.atlassian.net")).toBe(false);
});

test("an address that tries to hang the matcher is answered at once", () => {
  const rule = ruleFor("gitlab.com")!;
  const started = process.cpuUsage().user;
  taskOf(rule, new URL(`https://gitlab.com/${"a/".repeat(1900)}-/issues`));
  expect(process.cpuUsage(process.cpuUsage()).user - started).toBeLessThan(1_000_000);
});

const CUSTOM = { host: "tickets.example.com", path: "/t/{id}", parameter: "", id: "T-{id}", titleSelectors: ["h1"], idSelector: ".no" };

test("a custom tracker is a host, a template and selectors", () => {
  expect(problemsOf(CUSTOM)).toEqual([]);
  expect(taskOf(ruleOf(CUSTOM), new URL("https://tickets.example.com/t/9"))).toMatchObject({ taskId: "T-9", scope: "tickets.example.com" });
  const byParameter = { ...CUSTOM, path: "/**", parameter: "ticket", id: "{value}" };
  expect(taskOf(ruleOf(byParameter), new URL("https://tickets.example.com/x?ticket=5"))).toMatchObject({ taskId: "5" });
});

test("a custom tracker with a bad host, template or id is refused with what to do", () => {
  expect(problemsOf({ ...CUSTOM, host: "https://x" })).toHaveLength(1);
  expect(problemsOf({ ...CUSTOM, path: "/{a.*}/" })).not.toEqual([]);
  expect(problemsOf({ ...CUSTOM, id: "{nope}" })).not.toEqual([]);
  expect(isTemplate("/{a...}/{b...}")).toBe(false);
});
