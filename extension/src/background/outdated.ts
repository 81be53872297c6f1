/** Early warning: only fallbacks matched on a tracker, many times, over days. */

import { DAY } from "../clock";
import { readMeta, writeMeta, type FallbackCounts } from "../store/meta";
import type { TrackerName } from "../trackers/rule";

const TIMES = 20;
const OVER = 2 * DAY;

type Count = FallbackCounts[TrackerName];

/** Whether a tracker's selectors look outdated. */
export const isOutdated = (count: Count): boolean => !!count && count.count >= TIMES && count.last - count.since >= OVER;

/** Count one detection; a selector that matches ends the suspicion. */
export async function countDetection(tracker: TrackerName, isFallback: boolean, now: number): Promise<void> {
  const counts = await readMeta("fallbacks");
  const before = counts[tracker];
  if (isFallback) {
    await writeMeta("fallbacks", { ...counts, [tracker]: { count: (before?.count ?? 0) + 1, since: before?.since ?? now, last: now } });
  } else if (before) {
    const { [tracker]: _, ...rest } = counts;
    await writeMeta("fallbacks", rest);
  }
}

/** The trackers whose selectors look outdated. */
export async function outdatedTrackers(): Promise<TrackerName[]> {
  const counts = await readMeta("fallbacks");
  return (Object.keys(counts) as TrackerName[]).filter((tracker) => isOutdated(counts[tracker]));
}
