// The specialist's bookings, newest first, by status; and the same as CSV.
import { downloadCsv } from "../api/http";
import { getBookings } from "../generated/client";
import type { BookingStatus } from "../generated/records";
import { t } from "../lib/language";
import { usePages } from "../lib/resource";
import { Link, setQuery, useLocation } from "../lib/router";
import { BookingRows } from "../shared/booking_rows";
import { Action, Choices, Empty, Listed, PageHead } from "../ui/parts";

const statuses: BookingStatus[] = ["pending", "confirmed", "completed", "cancelled", "no-show"];

export function BookingList() {
  const { query } = useLocation();
  const status = (statuses.find((one) => one === query.get("status")) ?? "") as BookingStatus | "";
  const list = usePages(`bookings:list:${status}`, (cursor) => getBookings({ status: status || undefined, cursor }));
  const options = [["", t.bookings.all] as const, ...statuses.map((one) => [one, t.bookingStatus[one]] as const)];
  return (
    <>
      <PageHead title={t.bookings.title}>
        <Link to="/bookings/requests" class="button">
          {t.requests.title}
        </Link>
        <Action run={() => downloadCsv("/bookings", { status }, "bookings.csv")}>{t.common.csv}</Action>
      </PageHead>
      <Choices label={t.bookings.filter} value={status} options={options} choose={(value) => setQuery({ status: value })} />
      <Listed of={list} empty={<Empty title={status ? t.bookings.noneOfStatus : t.bookings.none} />}>
        {(bookings) => <BookingRows bookings={bookings} />}
      </Listed>
    </>
  );
}
