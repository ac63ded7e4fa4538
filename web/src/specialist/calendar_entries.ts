// What stands in the calendar: slots, with the bookings in them, placed by the wall clock of the zone.
import { getBookings, getSlots } from "../generated/client";
import type { BookingView, Day, Slot } from "../generated/records";
import * as format from "../lib/format";
import { t } from "../lib/language";
import { everyPage } from "../lib/resource";
import { instantOf, wallOf } from "../lib/time";

export interface Entry {
  id: string;
  day: Day;
  /** Minutes since midnight on the wall; an entry that goes past midnight ends with the day. */
  from: number;
  to: number;
  slot: Slot;
  booking?: BookingView;
}

const mostSlots = 1000;

/** The instant at which a local day begins; days can begin later than midnight. */
export const startOf = (zone: string, day: Day): string => instantOf(zone, day, "00:00") ?? instantOf(zone, day, "01:00")!;

export async function entriesBetween(zone: string, from: Day, to: Day): Promise<Entry[]> {
  const span = { from: startOf(zone, from), to: startOf(zone, to) };
  const [slots, bookings] = await Promise.all([
    everyPage((cursor) => getSlots({ ...span, limit: mostSlots, cursor })),
    everyPage((cursor) => getBookings({ ...span, limit: 100, cursor })),
  ]);
  const byId = new Map(bookings.map((booking) => [booking.id, booking]));
  return slots
    .filter((slot) => slot.status !== "expired" || slot.bookingId)
    .map((slot) => {
      const begin = wallOf(zone, slot.startsAt);
      const end = wallOf(zone, slot.endsAt);
      return {
        id: slot.id,
        day: begin.day,
        from: begin.minutes,
        to: end.day === begin.day ? end.minutes : 24 * 60,
        slot,
        booking: slot.bookingId ? byId.get(slot.bookingId) : undefined,
      };
    })
    .sort((a, b) => a.slot.startsAt.localeCompare(b.slot.startsAt) || a.slot.duration - b.slot.duration);
}

/** What an entry is, in one word of the styles and one of the language. */
export function kindOf(entry: Entry): "free" | "booked" | "held" | "blocked" | "buffer" {
  if (entry.booking) return entry.booking.status === "pending" ? "held" : "booked";
  if (entry.slot.status === "blocked") return entry.slot.isManuallyBlocked ? "blocked" : "buffer";
  return entry.slot.status === "booked" ? "booked" : "free";
}

export function nameOf(entry: Entry, zone: string): string {
  const when = format.span(entry.slot.startsAt, entry.slot.endsAt, zone);
  const who = entry.booking?.customer?.name;
  return `${when}, ${t.calendar.kinds[kindOf(entry)]}${who ? ", " + who : ""}`;
}
