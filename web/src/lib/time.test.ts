// Wall times and instants across clock changes, in zones that are not the machine's.
import { describe, expect, test } from "vitest";
import { addDays, addMonths, clockChange, instantOf, mondayOf, offsetText, timeOf, wallOf, weekdayOf } from "./time";

describe("instants of wall times", () => {
  test.each([
    ["Europe/Berlin", "2026-01-15", "09:00", "2026-01-15T08:00:00.000Z"],
    ["Europe/Berlin", "2026-07-15", "09:00", "2026-07-15T07:00:00.000Z"],
    ["Asia/Kolkata", "2026-07-15", "09:00", "2026-07-15T03:30:00.000Z"],
    ["Pacific/Kiritimati", "2026-07-15", "09:00", "2026-07-14T19:00:00.000Z"],
    ["America/New_York", "2026-03-08", "01:59", "2026-03-08T06:59:00.000Z"],
    ["America/New_York", "2026-03-08", "02:30", null], // the clocks jump from 2 to 3
    ["America/New_York", "2026-03-08", "03:00", "2026-03-08T07:00:00.000Z"],
    ["America/New_York", "2026-11-01", "01:30", "2026-11-01T05:30:00.000Z"], // comes twice: the first
    ["Australia/Lord_Howe", "2026-10-04", "02:15", null], // half an hour is skipped
    ["Asia/Beirut", "2026-03-29", "00:00", null], // the day begins at 1
    ["UTC", "2026-02-28", "23:59", "2026-02-28T23:59:00.000Z"],
  ])("%s %s %s", (zone, day, time, instant) => expect(instantOf(zone, day, time)).toBe(instant));

  test("and back", () => {
    for (const zone of ["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Apia"])
      for (let hour = 0; hour < 24 * 400; hour += 7) {
        const at = new Date(Date.UTC(2026, 0, 1, hour)).toISOString();
        const wall = wallOf(zone, at);
        const again = instantOf(zone, wall.day, wall.time)!;
        expect(wallOf(zone, again)).toEqual(wall);
        expect(Date.parse(again)).toBeLessThanOrEqual(Date.parse(at));
      }
  });
});

test("offsets are written with a true minus", () => {
  expect(offsetText("America/New_York", "2026-01-15T12:00:00Z")).toBe("UTC\u221205:00");
  expect(offsetText("Asia/Kathmandu", "2026-01-15T12:00:00Z")).toBe("UTC+05:45");
  expect(offsetText("UTC", "2026-01-15T12:00:00Z")).toBe("UTC+00:00");
});

test.each([
  ["Europe/Berlin", "2026-03-29", 60],
  ["Europe/Berlin", "2026-03-28", 0],
  ["Europe/Berlin", "2026-03-30", 0],
  ["Europe/Berlin", "2026-10-25", -60],
  ["Australia/Lord_Howe", "2026-10-04", 30],
  ["America/New_York", "2026-11-01", -60],
  ["Asia/Kolkata", "2026-03-29", 0],
])("clock change in %s on %s", (zone, day, minutes) => expect(clockChange(zone, day)).toBe(minutes));

test("days", () => {
  expect(addDays("2026-02-28", 1)).toBe("2026-03-01");
  expect(addMonths("2026-01-31", 1)).toBe("2026-02-01");
  expect(addMonths("2026-01-31", -1)).toBe("2025-12-01");
  expect(mondayOf("2026-03-01")).toBe("2026-02-23");
  expect(weekdayOf("2026-03-01")).toBe(6);
  expect(timeOf(24 * 60)).toBe("24:00");
});
