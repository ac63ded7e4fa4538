// Customers who asked for a time that is not offered: who, when, in which words, and whether they have an answer.
import { now } from "../api/http";
import { getAvailabilityRequests } from "../generated/client";
import type { RequestView } from "../generated/records";
import { t } from "../lib/language";
import { usePages } from "../lib/resource";
import { Link } from "../lib/router";
import { useZone } from "../lib/session";
import { wallOf } from "../lib/time";
import { Empty, Face, Listed, OtherZone, PageHead, When } from "../ui/parts";

const sameDay = (one: RequestView, zone: string): boolean => wallOf(zone, one.from).day === wallOf(zone, one.to).day;

/** The wished times: of one day, or from a moment to another. */
function Wish({ one }: { one: RequestView }) {
  const zone = useZone();
  if (sameDay(one, zone)) return <When at={one.from} to={one.to} />;
  return (
    <>
      <When at={one.from} offset={false} /> – <When at={one.to} />
    </>
  );
}

function Row({ one }: { one: RequestView }) {
  const zone = useZone();
  return (
    <li class="row">
      <Face name={one.customer?.name ?? "?"} image={one.customer?.profileImage} />
      <div class="row-main">
        <b>{one.customer?.name ?? t.common.unknown}</b>
        <span>
          <span class="muted">{t.requests.wants}</span> <Wish one={one} />
        </span>
        {sameDay(one, zone) && <OtherZone at={one.from} to={one.to} zone={one.customer?.timezone} whose={one.customer?.name ?? ""} />}
        {one.message && <p class="pre">{one.message}</p>}
        <span class="muted">
          {t.requests.asked} <When at={one.createdAt} offset={false} />
        </span>
      </div>
      <div class="row-side">
        <span class={`badge ${one.answeredAt ? "ok" : "calm"}`}>{one.answeredAt ? t.requests.answered : t.requests.open}</span>
        {!one.answeredAt && Date.parse(one.to) > now() && (
          <Link to={`/calendar?day=${wallOf(zone, one.from).day}`}>
            {t.requests.seeDay}
            <span class="sr">: {one.customer?.name}</span>
          </Link>
        )}
      </div>
    </li>
  );
}

export function RequestRows({ requests }: { requests: RequestView[] }) {
  return (
    <ul class="rows">
      {requests.map((one) => (
        <Row key={one.id} one={one} />
      ))}
    </ul>
  );
}

export function Requests() {
  const list = usePages("requests:list", (cursor) => getAvailabilityRequests({ cursor }));
  return (
    <>
      <PageHead title={t.requests.title} lead={t.requests.lead}>
        <Link to="/bookings" class="button">
          {t.requests.toBookings}
        </Link>
      </PageHead>
      <Listed of={list} empty={<Empty title={t.requests.none} />}>
        {(requests) => <RequestRows requests={requests} />}
      </Listed>
    </>
  );
}
