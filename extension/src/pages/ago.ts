/** Moments as people say them. */

import { DAY, HOUR, MINUTE } from "../clock";

/** @example ago(0, 150_000) // "2 min ago" */
export function ago(moment: number, now: number): string {
  const past = now - moment;
  if (past < MINUTE) return "just now";
  if (past < HOUR) return `${Math.floor(past / MINUTE)} min ago`;
  if (past < DAY) return `${Math.floor(past / HOUR)} h ago`;
  return `${Math.floor(past / DAY)} d ago`;
}

/** In how many minutes something is due. */
export const inMinutes = (moment: number, now: number): string => `in ${Math.max(1, Math.ceil((moment - now) / MINUTE))} min`;
