// A customer's bookings have pages of their own, outside the dashboard: old links to here lead there.
import { useEffect } from "preact/hooks";
import { t } from "../lib/language";
import { ownBooking, ownBookings } from "../lib/places";
import { PageHead } from "../ui/parts";

export function ToBookings({ id }: { id: string }) {
  const there = id ? ownBooking(id) : ownBookings;
  useEffect(() => location.replace(there), [there]);
  return (
    <PageHead title={t.bookings.title}>
      <a class="button" href={there}>
        {t.bookings.title}
      </a>
    </PageHead>
  );
}
