/**
 * Where the content script runs beyond the manifest: hosts that the person added and allowed.
 *
 * Registering succeeds without permission and then does nothing, so permissions are asked first.
 */

import { browser } from "../browser";
import type { Choices } from "../store/meta";
import { BUILT_IN } from "../trackers";
import { matchesHost } from "../trackers/address";

const SCRIPT = "heat-hosts";

/** Hosts of the manifest: always there. */
const ALWAYS: readonly string[] = BUILT_IN.filter(({ tracker }) => ["jira", "azure-devops", "github"].includes(tracker)).flatMap(({ hosts }) => hosts);

export const patternOf = (host: string): string => `https://${host}/*`;

/** All hosts a person chose that need a permission. */
export const chosenHosts = (choices: Pick<Choices, "hosts" | "custom">): string[] =>
  [...new Set([...choices.hosts, ...choices.custom].map(({ host }) => host))].filter(
    (host) => !ALWAYS.some((pattern) => matchesHost(host, pattern)),
  );

/** Register the content script for every chosen host that is allowed. */
export async function registerHosts(choices: Pick<Choices, "hosts" | "custom">): Promise<void> {
  const allowed: string[] = [];
  for (const host of chosenHosts(choices)) {
    if (await browser.permissions.contains({ origins: [patternOf(host)] })) allowed.push(patternOf(host));
  }
  const registered = await browser.scripting.getRegisteredContentScripts({ ids: [SCRIPT] });
  if (registered.length) await browser.scripting.unregisterContentScripts({ ids: [SCRIPT] });
  if (allowed.length) {
    await browser.scripting.registerContentScripts([
      { id: SCRIPT, js: ["content.js"], matches: allowed, runAt: "document_idle", persistAcrossSessions: true },
    ]);
  }
}
