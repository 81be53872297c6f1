/** The browser's extension interface under one name, and one way to send a message. */

import type { Answers, Message, Reply } from "./messages";

/** `browser` in Firefox, `chrome` in Chromium; both answer with promises under Manifest V3. */
const here = globalThis as unknown as { browser?: typeof chrome; chrome: typeof chrome };
export const browser: typeof chrome = here.browser ?? here.chrome;

/** The extension was updated or removed under an open page. */
export class Outdated extends Error {}

/** A message was refused, with a sentence that says why. */
export class Refused extends Error {}

const isCutOff = (error: unknown): boolean => /context invalidated|runtime\.id|undefined \(reading/i.test(String(error));

/**
 * Ask the background. Safe to repeat: a worker that ended in between is started and asked again.
 *
 * @throws Outdated if this page must be reloaded.
 * @throws Refused if the background says no.
 */
export async function ask<M extends Message>(message: M): Promise<Answers[M["type"]]> {
  let reply: Reply<Answers[M["type"]]> | undefined;
  for (let attempt = 0; !reply; attempt++) {
    if (!browser.runtime?.id) throw new Outdated();
    try {
      reply = (await browser.runtime.sendMessage(message)) as typeof reply;
    } catch (error) {
      if (isCutOff(error)) throw new Outdated();
      if (attempt >= 2) throw error;
    }
    if (!reply && attempt >= 2) throw new Refused("HEAT did not answer. Try again.");
    if (!reply) await new Promise((resolve) => setTimeout(resolve, 50 * (attempt + 1)));
  }
  if (!reply.ok) throw new Refused(reply.error);
  return reply.value;
}
