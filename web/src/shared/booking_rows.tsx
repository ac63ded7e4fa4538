// Rows of bookings, for either side: a customer's lead to their pages, a specialist's into the dashboard.
import { now } from "../api/http";
import { getBookings } from "../generated/client";
import type { ComponentChildren } from "preact";
import type { BookingView, Id } from "../generated/records";
import * as format from "../lib/format";
import { t } from "../lib/language";
import { ownBooking } from "../lib/places";
import { Link } from "../lib/router";
import { useSession } from "../lib/session";
import { BookingBadge, Face, When } from "../ui/parts";

export const priceOf = (booking: BookingView): string =>
  booking.sessionPrice === 0 ? t.common.free : format.money(booking.sessionPrice, booking.currency);

/** To the page of a booking, wherever the viewer has it. */
export function BookingLink({ id, children, ...rest }: { id: Id; children: ComponentChildren; class?: string; onClick?: () => void }) {
  const { user } = useSession();
  if (user.userType !== "customer")
    return (
      <Link to={`/bookings/${id}`} {...rest}>
        {children}
      </Link>
    );
  return (
    <a href={ownBooking(id)} {...rest}>
      {children}
    </a>
  );
}

function BookingRow({ booking }: { booking: BookingView }) {
  const { user } = useSession();
  const other = user.userType === "customer" ? booking.specialist : booking.customer;
  return (
    <li>
      <BookingLink id={booking.id} class="row">
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
      </BookingLink>
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
