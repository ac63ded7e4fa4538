// How people read money, dates and numbers, in the language of the page.
import { now } from "../api/http";
import type { Day, Instant, WallTime } from "../generated/records";
import { locale } from "./language";

/** Digits behind the point of a currency's minor unit. */
export function exponentOf(currency: string): number {
  return new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

export function money(minor: number, currency: string): string {
  return new Intl.NumberFormat(locale(), { style: "currency", currency }).format(minor / 10 ** exponentOf(currency));
}

/** Minor units as people type them, without a symbol: 9000 USD is "90.00". */
export function moneyInput(minor: number | null | undefined, currency: string): string {
  if (minor === null || minor === undefined) return "";
  const digits = exponentOf(currency);
  const text = String(minor).padStart(digits + 1, "0");
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** The other way: null for nothing typed, NaN for what is no amount. A comma is a point. */
export function moneyFrom(text: string, currency: string): number | null {
  const typed = text.trim().replace(",", ".");
  if (typed === "") return null;
  const digits = exponentOf(currency);
  const match = /^(\d{1,9})(?:\.(\d*))?$/.exec(typed);
  if (!match || (match[2] ?? "").replace(/0+$/, "").length > digits) return NaN;
  return Number(match[1]! + (match[2] ?? "").slice(0, digits).padEnd(digits, "0"));
}

function dates(options: Intl.DateTimeFormatOptions, at: number): string {
  return new Intl.DateTimeFormat(locale(), options).format(at);
}

export const time = (at: Instant, zone: string): string =>
  dates({ timeZone: zone, hour: "numeric", minute: "2-digit" }, Date.parse(at));

/** A wall time as people read it: "9:00 AM", "09:00"; the end of a day is 24:00. */
export const wall = (clock: WallTime): string => (clock === "24:00" ? clock : dates({ timeZone: "UTC", hour: "numeric", minute: "2-digit" }, Date.parse(`2024-01-01T${clock}:00Z`)));
export const date = (at: Instant, zone: string): string =>
  dates({ timeZone: zone, weekday: "short", day: "numeric", month: "short", year: "numeric" }, Date.parse(at));
export const longDate = (at: Instant, zone: string): string =>
  dates({ timeZone: zone, weekday: "long", day: "numeric", month: "long", year: "numeric" }, Date.parse(at));
export const dateTime = (at: Instant, zone: string): string => `${date(at, zone)}, ${time(at, zone)}`;
export const span = (from: Instant, to: Instant, zone: string): string => `${time(from, zone)}\u2013${time(to, zone)}`;

const ofDay = (options: Intl.DateTimeFormatOptions) => (day: Day): string =>
  dates({ timeZone: "UTC", ...options }, Date.parse(`${day}T00:00:00Z`));
export const dayLong = ofDay({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
export const dayMedium = ofDay({ weekday: "short", day: "numeric", month: "short" });
export const weekdayShort = ofDay({ weekday: "short" });
export const weekdayLong = ofDay({ weekday: "long" });
export const monthLong = ofDay({ month: "long", year: "numeric" });
export const monthShort = ofDay({ month: "short" });

/** The name of a weekday, 0 is Monday. */
export const weekdayName = (index: number): string => weekdayLong(`2024-01-0${index + 1}`);

export const number = (value: number, digits = 0): string =>
  new Intl.NumberFormat(locale(), { maximumFractionDigits: digits, minimumFractionDigits: digits }).format(value);
export const percent = (value: number): string =>
  new Intl.NumberFormat(locale(), { style: "percent" }).format(value / 100);
export const minutes = (value: number): string =>
  new Intl.NumberFormat(locale(), { style: "unit", unit: "minute", unitDisplay: "short" }).format(value);

/** "in 3 hours", "5 minutes ago". */
export function relative(at: Instant): string {
  const seconds = (Date.parse(at) - now()) / 1000;
  const steps: [Intl.RelativeTimeFormatUnit, number][] = [["day", 86_400], ["hour", 3_600], ["minute", 60]];
  const [unit, size] = steps.find(([, length]) => Math.abs(seconds) >= length) ?? ["minute", 60];
  return new Intl.RelativeTimeFormat(locale(), { numeric: "auto" }).format(Math.round(seconds / size), unit);
}

/** A zone as people say it: "New York". */
export const zoneName = (zone: string): string => (zone.split("/").pop() ?? zone).replaceAll("_", " ");
