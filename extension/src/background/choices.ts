/** The person's choices, checked field by field before they are kept. */

import { isHost, problemsOf, type CustomTracker } from "../trackers/custom";
import type { Choices, ExtraField } from "../store/meta";
import { ruleFor, type ExtraHost } from "../trackers";

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
const texts = (value: unknown): string[] => (Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : []);
const text = (value: unknown): string => (typeof value === "string" ? value.trim() : "");

const TRACKERS = ["jira", "azure-devops", "github", "gitlab", "linear"] as const;

function hostsIn(value: unknown): ExtraHost[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isRecord).slice(0, 50).map((entry) => {
    const host = text(entry.host).toLowerCase();
    const tracker = TRACKERS.find((name) => name === entry.tracker);
    if (!isHost(host) || !tracker) throw new Error(`Not a host: ${host || "(empty)"}. A name such as jira.example.com.`);
    const known = ruleFor(host)?.tracker;
    if (known && known !== tracker) throw new Error(`HEAT knows ${host} as ${known} already.`);
    return { host, tracker };
  });
}

function customIn(value: unknown): CustomTracker[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isRecord).slice(0, 20).map((entry) => {
    const custom: CustomTracker = {
      host: text(entry.host).toLowerCase(), path: text(entry.path), parameter: text(entry.parameter), id: text(entry.id),
      titleSelectors: texts(entry.titleSelectors).map((one) => one.trim()).filter(Boolean), idSelector: text(entry.idSelector),
    };
    const problems = problemsOf(custom);
    if (problems.length) throw new Error(problems.join(" "));
    if (ruleFor(custom.host)) throw new Error(`HEAT knows ${custom.host} already.`);
    return custom;
  });
}

function extrasIn(value: unknown): Choices["extras"] {
  const extras: Record<string, ExtraField> = {};
  for (const [tracker, extra] of Object.entries(isRecord(value) ? value : {})) {
    if (!isRecord(extra) || !text(extra.selector)) continue;
    if (text(extra.selector).length > 300) throw new Error("The extra selector is too long.");
    extras[tracker] = { field: extra.field === "labels" ? "labels" : "area", selector: text(extra.selector) };
  }
  return extras;
}

/** The choices in `value`. @throws Error with a sentence for the person. */
export function readChoices(value: unknown): Choices {
  const from = isRecord(value) ? value : {};
  return {
    idsOnly: from.idsOnly === true,
    corner: from.corner === "left" ? "left" : "right",
    hosts: hostsIn(from.hosts),
    custom: customIn(from.custom),
    extras: extrasIn(from.extras),
  };
}
