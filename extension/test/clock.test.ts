import { expect, test } from "vitest";

import { dayBefore, dayOf, isUuid, sameTimeYesterday, uuid } from "../src/clock";

test("a day is the person's, not Greenwich's", () => {
  const moment = Date.UTC(2026, 0, 1, 23, 30);
  expect(dayOf(moment, 60)).toBe("2026-01-02");
  expect(dayOf(moment, -300)).toBe("2026-01-01");
});

test("the day before is a date, across months and leap years", () => {
  expect(dayBefore("2028-03-01")).toBe("2028-02-29");
  expect(dayBefore("2026-01-01")).toBe("2025-12-31");
});

test("yesterday is the same clock time", () => {
  const now = new Date(2026, 2, 30, 9, 15).getTime();
  expect(new Date(sameTimeYesterday(now)).getHours()).toBe(9);
  expect(new Date(sameTimeYesterday(now)).getDate()).toBe(29);
});

test("ids are UUIDs of version 7 and sort by time", () => {
  const early = uuid(1_700_000_000_000);
  const late = uuid(1_800_000_000_000);
  expect(isUuid(early)).toBe(true);
  expect(early[14]).toBe("7");
  expect(early < late).toBe(true);
  expect(new Set(Array.from({ length: 1000 }, () => uuid(1))).size).toBe(1000);
});
