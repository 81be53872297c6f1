/** The trackers HEAT knows, and how one is found for a host. */

import { matchesHost } from "./address";
import { azure } from "./azure";
import { ruleOf, type CustomTracker } from "./custom";
import { github } from "./github";
import { gitlab } from "./gitlab";
import { jira } from "./jira";
import { linear } from "./linear";
import type { Rule, TrackerName } from "./rule";

export const BUILT_IN: readonly Rule[] = [jira, azure, github, gitlab, linear];

/** A self-hosted tracker: a host the person added in the options. */
export interface ExtraHost {
  readonly host: string;
  readonly tracker: Exclude<TrackerName, "custom">;
}

/** The rule for a host: the person's own trackers first, then extra hosts, then the built-in ones. */
export function ruleFor(
  host: string,
  extra: readonly ExtraHost[] = [],
  custom: readonly CustomTracker[] = [],
): Rule | null {
  const own = custom.find((tracker) => tracker.host === host);
  if (own) return ruleOf(own);
  const added = extra.find((entry) => entry.host === host);
  if (added) return BUILT_IN.find((rule) => rule.tracker === added.tracker) ?? null;
  return BUILT_IN.find((rule) => rule.hosts.some((pattern) => matchesHost(host, pattern))) ?? null;
}
