/** The number on the icon: what is unsent, or that somebody must sign in. */

import { browser } from "../browser";
import { readMeta } from "../store/meta";
import { countQueue } from "../store/tags";

/** Draw the badge from the store. */
export async function drawBadge(): Promise<void> {
  const { unsent, rejected } = await countQueue();
  const { problem } = await readMeta("sync");
  const needsSignIn = problem?.kind === "sign-in";
  const text = needsSignIn || rejected > 0 ? "!" : unsent > 0 ? String(Math.min(unsent, 999)) : "";
  const sentence = needsSignIn
    ? "HEAT: connect again, tags are waiting"
    : rejected > 0
      ? `HEAT: ${rejected} rejected`
      : unsent > 0
        ? `HEAT: ${unsent} not sent yet`
        : "HEAT";
  await browser.action.setBadgeText({ text });
  await browser.action.setBadgeBackgroundColor({ color: text === "!" ? "#B3261E" : "#8A5A00" });
  await browser.action.setTitle({ title: sentence });
}
