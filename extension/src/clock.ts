/** Days and ids: local days as people live them, time-ordered UUIDs. */

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** UTC offset in minutes at a moment, east positive (the browser counts west). */
export const offsetAt = (moment: number): number => -new Date(moment).getTimezoneOffset() || 0;

/** Local day of a moment under an offset, `YYYY-MM-DD`. */
export const dayOf = (moment: number, offsetMin: number): string =>
  new Date(moment + offsetMin * MINUTE).toISOString().slice(0, 10);

export const today = (now: number): string => dayOf(now, offsetAt(now));

/** The day before a local day; days are dates, not 24 hours. */
export const dayBefore = (day: string): string => new Date(Date.parse(`${day}T00:00:00Z`) - DAY).toISOString().slice(0, 10);

/** The same clock time yesterday, also where a night has 23 or 25 hours. */
export function sameTimeYesterday(now: number): number {
  const moment = new Date(now);
  moment.setDate(moment.getDate() - 1);
  return moment.getTime();
}

/** A UUID of version 7: the first 48 bits are the time, so ids sort by it. */
export function uuid(now: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let index = 0; index < 6; index++) bytes[index] = Math.floor(now / 2 ** (8 * (5 - index))) % 256;
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

export const isUuid = (value: unknown): value is string =>
  typeof value === "string" && /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(value);
