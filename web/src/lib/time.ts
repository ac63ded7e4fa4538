// Instants, days and wall times in named zones, by Intl alone. Days are "YYYY-MM-DD", wall times "HH:MM", instants RFC 3339.
import { now } from "../api/http";
import type { Day, Instant, WallTime } from "../generated/records";

const minute = 60_000;
const formats = new Map<string, Intl.DateTimeFormat>();

function wallFormat(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
    });
    formats.set(zone, format);
  }
  return format;
}

export interface Wall {
  day: Day;
  time: WallTime;
  /** Minutes since midnight on the wall. */
  minutes: number;
}

export function wallOf(zone: string, at: Instant | number): Wall {
  const parts: Record<string, string> = {};
  for (const part of wallFormat(zone).formatToParts(typeof at === "number" ? at : Date.parse(at))) parts[part.type] = part.value;
  const time = `${parts.hour}:${parts.minute}`;
  return { day: `${parts.year}-${parts.month}-${parts.day}`, time, minutes: minutesOf(time) };
}

export const minutesOf = (time: WallTime): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
export const timeOf = (minutes: number): WallTime =>
  `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;

/** Minutes that the zone is ahead of UTC at that instant. */
export function offsetMinutes(zone: string, at: number): number {
  const wall = wallOf(zone, at);
  const asIfUtc = Date.parse(`${wall.day}T${wall.time}:00Z`);
  return Math.round((asIfUtc - Math.floor(at / minute) * minute) / minute);
}

/** "UTC+01:00". */
export function offsetText(zone: string, at: Instant | number): string {
  const minutes = offsetMinutes(zone, typeof at === "number" ? at : Date.parse(at));
  const sign = minutes < 0 ? "\u2212" : "+";
  return `UTC${sign}${timeOf(Math.abs(minutes))}`;
}

/** The instant of a wall time, or null where the clocks jump over it. Of a time that comes twice, the first. */
export function instantOf(zone: string, day: Day, time: WallTime): Instant | null {
  const asIfUtc = Date.parse(`${day}T${time}:00Z`);
  const before = offsetMinutes(zone, asIfUtc - 86_400_000);
  const after = offsetMinutes(zone, asIfUtc + 86_400_000);
  for (const offset of [Math.max(before, after), Math.min(before, after)]) {
    const at = asIfUtc - offset * minute;
    const wall = wallOf(zone, at);
    if (wall.day === day && wall.time === time) return new Date(at).toISOString();
  }
  return null;
}

/** The clocks change within that day: by how many minutes, or 0. */
export function clockChange(zone: string, day: Day): number {
  const noon = Date.parse(`${day}T12:00:00Z`);
  const start = noon - 12 * 60 * minute - offsetMinutes(zone, noon - 86_400_000) * minute;
  const end = noon + 12 * 60 * minute - offsetMinutes(zone, noon + 86_400_000) * minute;
  return offsetMinutes(zone, end) - offsetMinutes(zone, start);
}

export function addDays(day: Day, days: number): Day {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** 0 is Monday. */
export const weekdayOf = (day: Day): number => (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
export const mondayOf = (day: Day): Day => addDays(day, -weekdayOf(day));
export const firstOfMonth = (day: Day): Day => day.slice(0, 8) + "01";

export function addMonths(day: Day, months: number): Day {
  const date = new Date(`${firstOfMonth(day)}T00:00:00Z`);
  date.setUTCMonth(date.getUTCMonth() + months);
  return date.toISOString().slice(0, 10);
}

export const today = (zone: string): Day => wallOf(zone, now()).day;
export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

export function zones(): string[] {
  const list = Intl.supportedValuesOf?.("timeZone") ?? [ownZone()];
  return list.includes("UTC") ? list : [...list, "UTC"];
}

export const weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;
export type Weekday = (typeof weekdays)[number];
