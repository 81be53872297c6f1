import { describe, expect, test } from "vitest";

import { draftOf, emptyDraft, hint, labelsIn, missing, newTag, NO_TASK, strokeOf, type FormTask } from "../src/panel/draft";
import { bandName } from "../src/panel/today";
import { ago, inMinutes } from "../src/pages/ago";
import { sentences } from "../src/popup/queue";
import { FRESH_SYNC } from "../src/store/meta";
import { isOutdated } from "../src/background/outdated";
import { DAY, HOUR, MINUTE } from "../src/clock";

const TASK: FormTask = { tracker: "jira", scope: "acme.atlassian.net", taskId: "HEAT-42", title: "Fix it" };
const press = (key: string, over: Partial<KeyboardEvent> = {}, isTyping = false) =>
  strokeOf({ key, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...over }, isTyping);

describe("what a key means", () => {
  for (const [key, workType] of Object.entries({ f: "Feature", B: "Bug", k: "Blocker", s: "Support", c: "Config", R: "Research" })) {
    test(`${key} is ${workType}`, () => expect(press(key)).toEqual({ do: "type", workType }));
  }
  for (const [key, value] of Object.entries({ 1: 1, 9: 9, 0: 10 })) {
    test(`${key} is ${value}`, () => expect(press(key)).toEqual({ do: "intensity", value }));
  }
  test("arrows go one up or down", () => {
    expect(press("ArrowRight")).toEqual({ do: "step", by: 1 });
    expect(press("ArrowDown")).toEqual({ do: "step", by: -1 });
  });
  test("Enter saves, with Shift it goes on", () => {
    expect(press("Enter")).toEqual({ do: "save", isContinue: false });
    expect(press("Enter", { shiftKey: true })).toEqual({ do: "save", isContinue: true });
  });
  test("in a text field letters and numbers are text, Enter and Escape still work", () => {
    expect(press("b", {}, true)).toBeNull();
    expect(press("7", {}, true)).toBeNull();
    expect(press("Enter", {}, true)).toEqual({ do: "save", isContinue: false });
    expect(press("Escape", {}, true)).toEqual({ do: "close" });
  });
  test("the browser's own shortcuts stay the browser's", () => {
    for (const modifier of ["ctrlKey", "metaKey", "altKey"]) expect(press("c", { [modifier]: true })).toBeNull();
  });
});

test("a draft says what is missing, in the order of the form", () => {
  const draft = emptyDraft(NO_TASK);
  expect(missing(draft)).toMatch(/task/);
  expect(missing({ ...draft, task: TASK })).toMatch(/kind of work/);
  expect(missing({ ...draft, task: TASK, workType: "Bug" })).toMatch(/intense/);
  expect(missing({ ...draft, task: TASK, workType: "Bug", intensity: 7 })).toBeNull();
});

test("an unusual number for a kind of work is asked about and never refused", () => {
  const draft = { ...emptyDraft(TASK), workType: "Blocker" as const };
  expect(hint({ ...draft, intensity: 2 })).toMatch(/usually 6–10/);
  expect(hint({ ...draft, intensity: 8 })).not.toMatch(/usually/);
  expect(missing({ ...draft, intensity: 2 })).toBeNull();
});

test("labels are words between commas, each once, as the API takes them", () => {
  expect(labelsIn(" SQL, API ;SQL,, ")).toEqual(["SQL", "API"]);
  expect(labelsIn("x".repeat(50))[0]).toHaveLength(32);
  expect(labelsIn(Array.from({ length: 20 }, (_, n) => `l${n}`).join(","))).toHaveLength(10);
});

test("trying the same draft again is the same tag", () => {
  const draft = { ...emptyDraft(TASK), workType: "Bug" as const, intensity: 7, tagId: "0190" };
  expect(newTag(draft, 1).tagId).toBe(newTag(draft, 2).tagId);
});

test("a saved tag opens for a change with everything it says", () => {
  const draft = draftOf({ tagId: "x", taskId: "HEAT-1", title: "t", workType: "Bug", intensity: 3, labels: ["UI"], area: "web", state: "sent" }, false);
  expect(draft).toMatchObject({ editing: "x", workType: "Bug", intensity: 3, labels: ["UI"], area: "web" });
});

test("a day's band changes at the limits, upwards", () => {
  const bands = { coolBelow: 5, normalBelow: 15, warmBelow: 30 };
  expect([4, 5, 14, 15, 29, 30].map((total) => bandName(total, bands))).toEqual(["cool", "normal", "normal", "warm", "warm", "critical"]);
});

test("selectors look outdated after 20 fallbacks over two days, not before", () => {
  expect(isOutdated({ count: 20, since: 0, last: 2 * DAY })).toBe(true);
  expect(isOutdated({ count: 19, since: 0, last: 9 * DAY })).toBe(false);
  expect(isOutdated({ count: 99, since: 0, last: DAY })).toBe(false);
});

test("the queue speaks in sentences", () => {
  const now = 10 * DAY;
  const report = { unsent: 3, foreign: 0, rejected: [], outdated: [], connection: { url: "https://x", userId: "ann", displayName: "Ann" }, sync: { ...FRESH_SYNC, lastSuccess: now - 2 * HOUR } };
  expect(sentences(report, now)).toEqual(["3 tags wait to be sent", "Last sync 2 h ago"]);
  expect(sentences({ ...report, unsent: 0, connection: null }, now)[1]).toMatch(/options/);
  const problem = { kind: "offline" as const, text: "The server could not be reached." };
  expect(sentences({ ...report, sync: { ...report.sync, problem, nextAt: now + 4 * MINUTE } }, now)[1]).toMatch(/Next try in 4 min/);
  expect([ago(now - 30_000, now), ago(now - 5 * MINUTE, now), ago(now - 3 * DAY, now), inMinutes(now + 1, now)]).toEqual(["just now", "5 min ago", "3 d ago", "in 1 min"]);
});
