// Where a specialist begins: what is next, what is missing, and how things stand.
import type { ComponentChildren } from "preact";
import { getAvailabilityRequests, getSpecialistsMe } from "../generated/client";
import type { OwnProfile } from "../generated/records";
import * as format from "../lib/format";
import { t } from "../lib/language";
import { profilePage } from "../lib/places";
import { useResource } from "../lib/resource";
import { Link } from "../lib/router";
import { useSession } from "../lib/session";
import { BookingRows, upcoming } from "../shared/booking_rows";
import { Empty, Loaded, PageHead, Stars } from "../ui/parts";
import { RequestRows } from "./requests";

const shownRows = 5;

function Tile({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div class="tile">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** What still keeps people from booking, each with the page that mends it. */
function missing(profile: OwnProfile, isVerified: boolean): { text: string; to: string }[] {
  const hasHours = Object.values(profile.availability.workingHours).some((day) => day?.enabled);
  return [
    !isVerified && { text: t.overview.verify, to: "/account" },
    !hasHours && { text: t.overview.setHours, to: "/hours" },
    profile.consulting.basePrice === undefined && { text: t.overview.setPrice, to: "/profile" },
    !profile.headline && { text: t.overview.setHeadline, to: "/profile" },
    !profile.availability.isAvailable && { text: t.overview.publish, to: "/profile" },
  ].filter((one): one is { text: string; to: string } => Boolean(one));
}

export function Overview() {
  const { user } = useSession();
  const profile = useResource("profile", getSpecialistsMe);
  const next = useResource("bookings:upcoming", () => upcoming());
  const requests = useResource("requests", () => getAvailabilityRequests({ limit: shownRows }));
  return (
    <>
      <PageHead title={t.overview.hello(user.name)}>
        {profile.data?.published && (
          <a class="button" href={profilePage(profile.data.slug)}>
            {t.profile.seePublic}
          </a>
        )}
      </PageHead>
      <Loaded of={profile}>
        {(own) => {
          const steps = missing(own, user.isVerified);
          return (
            <>
              {steps.length > 0 && (
                <section class="card">
                  <h2>{t.overview.toDo}</h2>
                  <ul class="steps">
                    {steps.map((step) => (
                      <li key={step.text}>
                        <Link to={step.to}>{step.text}</Link>
                      </li>
                    ))}
                  </ul>
                </section>
              )}
              <dl class="tiles">
                <Tile name={t.overview.sessions}>{format.number(own.totalBookings)}</Tile>
                <Tile name={t.overview.earned}>{format.money(own.totalEarnings, own.consulting.currency)}</Tile>
                <Tile name={t.overview.rating}>
                  {own.reviewCount ? (
                    <>
                      {format.number(own.averageRating, 1)} <Stars rating={own.averageRating} />
                    </>
                  ) : (
                    t.overview.noRating
                  )}
                </Tile>
              </dl>
            </>
          );
        }}
      </Loaded>
      <section class="card">
        <div class="card-head">
          <h2>{t.overview.next}</h2>
          <Link to="/bookings">{t.overview.allBookings}</Link>
        </div>
        <Loaded of={next}>{(list) => (list.length ? <BookingRows bookings={list.slice(0, shownRows)} /> : <Empty title={t.overview.nothingNext} />)}</Loaded>
      </section>
      {requests.data && requests.data.items.length > 0 && (
        <section class="card">
          <div class="card-head">
            <h2>{t.requests.title}</h2>
            <Link to="/bookings/requests">{t.overview.allRequests}</Link>
          </div>
          <RequestRows requests={requests.data.items} />
        </section>
      )}
    </>
  );
}
