import { describe, expect, test } from "vitest";

import { readChoices } from "../src/background/choices";
import { DEFAULT_CHOICES } from "../src/store/meta";

const CUSTOM = { host: "tickets.example.com", path: "/t/{id}", parameter: "", id: "{id}", titleSelectors: ["h1"], idSelector: "" };

test("what is not said has its default", () => {
  for (const nothing of [null, {}, [], "x", { hosts: 3, custom: null, extras: "x" }]) expect(readChoices(nothing)).toEqual(DEFAULT_CHOICES);
});

test("hosts, custom trackers and extra fields are kept as they were said, tidied", () => {
  const said = { idsOnly: true, corner: "left", hosts: [{ host: " JIRA.example.com ", tracker: "jira" }], custom: [CUSTOM], extras: { jira: { field: "labels", selector: " .x " }, github: { selector: " " } } };
  expect(readChoices(said)).toEqual({
    idsOnly: true, corner: "left", hosts: [{ host: "jira.example.com", tracker: "jira" }], custom: [CUSTOM], extras: { jira: { field: "labels", selector: ".x" } },
  });
});

describe("refused with a sentence", () => {
  const bad: Record<string, unknown> = {
    "a host with a path": { hosts: [{ host: "x.example.com/y", tracker: "jira" }] },
    "a host of no tracker": { hosts: [{ host: "x.example.com", tracker: "fun" }] },
    "a host that is another tracker's": { hosts: [{ host: "github.com", tracker: "gitlab" }] },
    "a custom tracker on a host HEAT knows": { custom: [{ ...CUSTOM, host: "acme.atlassian.net" }] },
    "a custom tracker without an id": { custom: [{ ...CUSTOM, id: "" }] },
    "a selector without end": { extras: { jira: { field: "area", selector: "x".repeat(301) } } },
  };
  for (const [what, choices] of Object.entries(bad)) test(what, () => expect(() => readChoices(choices)).toThrow(/\.$/));
});
