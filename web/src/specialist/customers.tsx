// Who has booked: read off the bookings, so that it holds what the specialist may know of them and no more.
import { useState } from "preact/hooks";
import { now } from "../api/http";
import { getBookings } from "../generated/client";
import type { BookingView, Id } from "../generated/records";
import * as format from "../lib/format";
import { t } from "../lib/language";
import { everyPage, useResource } from "../lib/resource";
import { Link } from "../lib/router";
import { useZone } from "../lib/session";
import { Empty, Face, Loaded, PageHead } from "../ui/parts";
import { Table } from "../ui/table";

interface CustomerRow {
  id: Id;
  name: string;
  image?: string;
  zone?: string;
  sessions: number;
  absences: number;
  next?: BookingView;
  last?: BookingView;
}

const mostPages = 20;

function rowsOf(bookings: BookingView[]): CustomerRow[] {
  const rows = new Map<Id, CustomerRow>();
  for (const booking of bookings) {
    if (!booking.customer || booking.status === "cancelled" || booking.status === "pending") continue;
    const { id, name, profileImage, timezone } = booking.customer;
    const row = rows.get(id) ?? { id, name, image: profileImage, zone: timezone, sessions: 0, absences: 0 };
    rows.set(id, row);
    ++row.sessions;
    if (booking.noShowParty === "customer") ++row.absences;
    if (Date.parse(booking.startsAt) > now()) {
      if (!row.next || booking.startsAt < row.next.startsAt) row.next = booking;
    } else if (!row.last || booking.startsAt > row.last.startsAt) row.last = booking;
  }
  return [...rows.values()].sort((a, b) => a.name.localeCompare(b.name));
}

export function Customers() {
  const zone = useZone();
  const [sought, setSought] = useState("");
  const list = useResource("customers", async () => rowsOf(await everyPage((cursor) => getBookings({ limit: 100, cursor }), mostPages)));
  return (
    <>
      <PageHead title={t.customers.title} lead={t.customers.lead} />
      <Loaded of={list}>
        {(rows) => {
          if (!rows.length) return <Empty title={t.customers.none} />;
          const shown = rows.filter((row) => row.name.toLowerCase().includes(sought.trim().toLowerCase()));
          return (
            <>
              <div class="field search">
                <label for="sought">{t.customers.search}</label>
                <input id="sought" type="search" value={sought} onInput={(e) => setSought(e.currentTarget.value)} />
              </div>
              <p class="sr" role="status">
                {t.customers.count(shown.length)}
              </p>
              <Table
                rows={shown}
                keyOf={(row) => row.id}
                columns={[
                  {
                    head: t.customers.name,
                    cell: (row) => (
                      <span class="with-face">
                        <Face name={row.name} image={row.image} />
                        <span>
                          {row.name}
                          {row.zone && <small class="muted">{format.zoneName(row.zone)}</small>}
                        </span>
                      </span>
                    ),
                  },
                  {
                    head: t.customers.sessions,
                    end: true,
                    cell: (row) => (
                      <>
                        {format.number(row.sessions)}
                        {row.absences > 0 && <small class="muted"> ({t.customers.absences(row.absences)})</small>}
                      </>
                    ),
                  },
                  { head: t.customers.next, cell: (row) => (row.next ? <Link to={`/bookings/${row.next.id}`}>{format.dateTime(row.next.startsAt, zone)}</Link> : "–") },
                  { head: t.customers.last, cell: (row) => (row.last ? <Link to={`/bookings/${row.last.id}`}>{format.dateTime(row.last.startsAt, zone)}</Link> : "–") },
                ]}
              />
            </>
          );
        }}
      </Loaded>
    </>
  );
}
