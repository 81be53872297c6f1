import { describe, expect, test } from "vitest";

import { uuid } from "../src/clock";
import { mayName, originOf, readMessage } from "../src/messages";

const OWN = { id: "heat", origin: "chrome-extension://heat" };
const PAGE = { id: "heat", url: "https://github.com/acme/web/issues/1", frameId: 0, tab: {} };

const TAG = {
  tagId: uuid(1_700_000_000_000), tracker: "github", scope: "acme/web", taskId: "#1", title: "t", workType: "Bug",
  intensity: 7, labels: ["SQL"], area: "", isYesterday: false,
};

describe("who sent a message", () => {
  test("the top frame of a page is a content script", () => expect(originOf(PAGE, OWN)).toBe("content"));
  test("an address of our own is one of our pages", () => expect(originOf({ id: "heat", url: "chrome-extension://heat/options.html", tab: {} }, OWN)).toBe("page"));
  const strangers = {
    "another extension": { ...PAGE, id: "other" },
    "a frame inside a page": { ...PAGE, frameId: 3 },
    "a page without a tab": { ...PAGE, tab: undefined },
    "nobody with an address": { id: "heat" },
    "an extension whose id begins like ours": { id: "heat", url: "chrome-extension://heat2/options.html" },
    "a file": { ...PAGE, url: "file:///tmp/x.html" },
  };
  for (const [who, sender] of Object.entries(strangers)) {
    test(`${who} is refused`, () => expect(originOf(sender, OWN)).toBeNull());
  }
});

describe("what a message may say", () => {
  test("a whole tag is taken", () => expect(readMessage({ type: "save", tag: TAG }, "content")).toMatchObject({ type: "save" }));

  const bad: Record<string, unknown> = {
    "an intensity of 11": { ...TAG, intensity: 11 },
    "half an intensity": { ...TAG, intensity: 3.5 },
    "an intensity in words": { ...TAG, intensity: "7" },
    "another kind of work": { ...TAG, workType: "Fun" },
    "no task": { ...TAG, taskId: "  " },
    "a title of 10 kB": { ...TAG, title: "x".repeat(10_000) },
    "an id of its own making": { ...TAG, tagId: "1" },
    "eleven labels": { ...TAG, labels: Array.from({ length: 11 }, String) },
    "a label that is no text": { ...TAG, labels: [{}] },
    "a field more": { ...TAG, url: "https://x" },
    "nothing": null,
    "a list": [TAG],
  };
  for (const [what, tag] of Object.entries(bad)) {
    test(`${what} is refused`, () => expect(readMessage({ type: "save", tag }, "content")).toBeNull());
  }

  for (const type of ["queue", "syncNow", "choices", "choose", "connect", "disconnect", "test", "export", "wipe", "constructor", "__proto__", "fetch"]) {
    test(`a content script may not send “${type}”`, () => {
      expect(readMessage({ type, choices: {}, url: "https://x", token: "t", code: "" }, "content")).toBeNull();
    });
  }

  test("a correction may change no id and no owner", () => {
    const tagId = TAG.tagId;
    expect(readMessage({ type: "edit", tagId, change: { intensity: 2 } }, "content")).not.toBeNull();
    expect(readMessage({ type: "edit", tagId, change: { tagId } }, "content")).toBeNull();
    expect(readMessage({ type: "edit", tagId, change: { toString: 1 } }, "content")).toBeNull();
  });
});

test("a page tags for its own tracker, or without a ticket, and for no other", () => {
  expect(mayName({ tracker: "github", scope: "a/b" }, "github")).toBe(true);
  expect(mayName({ tracker: "jira", scope: "x" }, "github")).toBe(false);
  expect(mayName({ tracker: "manual", scope: "no-ticket" }, null)).toBe(true);
});
