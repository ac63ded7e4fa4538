// The bookings of either side, newest first or what is coming up, by status.
import { now } from "../api/http";
import { getBookings } from "../generated/client";
import type { BookingStatus, BookingView, Party } from "../generated/records";
import * as format from "../lib/format";
import { t } from "../lib/language";
import { usePages } from "../lib/resource";
import { Link, setQuery, useLocation } from "../lib/router";
import { useSession } from "../lib/session";
import { BookingBadge, Choices, Empty, Face, Listed, PageHead, When } from "../ui/parts";

export const sideOf = (userType: string | undefined): Party => (userType === "customer" ? "customer" : "specialist");
export const otherOf = (booking: BookingView, side: Party) => (side === "specialist" ? booking.customer : booking.specialist);
export const priceOf = (booking: BookingView): string =>
  booking.sessionPrice === 0 ? t.common.free : format.money(booking.sessionPrice, booking.currency);

export function BookingRow({ booking }: { booking: BookingView }) {
  const { user } = useSession();
  const other = otherOf(booking, sideOf(user.userType));
  return (
    <li>
      <Link to={`/bookings/${booking.id}`} class="row">
        <Face name={other?.name ?? "?"} image={other?.profileImage} />
        <span class="row-main">
          <b>{other?.name ?? t.common.unknown}</b>
          <span class="muted">
            <When at={booking.startsAt} to={booking.endsAt} />
          </span>
        </span>
        <span class="row-side">
          <BookingBadge status={booking.status} />
          <span class="muted">{priceOf(booking)}</span>
        </span>
      </Link>
    </li>
  );
}

export function BookingRows({ bookings }: { bookings: BookingView[] }) {
  return (
    <ul class="rows">
      {bookings.map((booking) => (
        <BookingRow key={booking.id} booking={booking} />
      ))}
    </ul>
  );
}

/** Confirmed and held sessions that have not ended, the next one first. */
export async function upcoming(limit = 100): Promise<BookingView[]> {
  const from = new Date(now() - 12 * 3_600_000).toISOString();
  const [confirmed, pending] = await Promise.all([
    getBookings({ status: "confirmed", from, limit }),
    getBookings({ status: "pending", from, limit }),
  ]);
  return [...confirmed.items, ...pending.items]
    .filter((booking) => Date.parse(booking.endsAt) > now())
    .sort((a, b) => a.startsAt.localeCompare(b.startsAt));
}

const statuses: BookingStatus[] = ["pending", "confirmed", "completed", "cancelled", "no-show"];

export function BookingList() {
  const { query } = useLocation();
  const status = (statuses.find((one) => one === query.get("status")) ?? "") as BookingStatus | "";
  const list = usePages(`bookings:list:${status}`, (cursor) => getBookings({ status: status || undefined, cursor }));
  const options = [["", t.bookings.all] as const, ...statuses.map((one) => [one, t.bookingStatus[one]] as const)];
  return (
    <>
      <PageHead title={t.bookings.title} />
      <Choices label={t.bookings.filter} value={status} options={options} choose={(value) => setQuery({ status: value })} />
      <Listed of={list} empty={<Empty title={status ? t.bookings.noneOfStatus : t.bookings.none} />}>
        {(bookings) => <BookingRows bookings={bookings} />}
      </Listed>
    </>
  );
}
