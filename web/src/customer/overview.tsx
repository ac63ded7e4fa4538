// Where a customer begins: what is next, and what waits for them.
import { t } from "../lib/language";
import { directory, ownBookings, payPage } from "../lib/places";
import { useResource } from "../lib/resource";
import { useSession } from "../lib/session";
import { BookingRows, upcoming } from "../shared/booking_rows";
import { Empty, Loaded, PageHead, When } from "../ui/parts";

export function Overview() {
  const { user } = useSession();
  const next = useResource("bookings:upcoming", () => upcoming());
  return (
    <>
      <PageHead title={t.overview.hello(user.name)}>
        <a class="button primary" href={directory}>
          {t.overview.find}
        </a>
      </PageHead>
      <Loaded of={next}>
        {(list) => (
          <>
            {list
              .filter((booking) => booking.status === "pending" && booking.holdExpiresAt)
              .map((booking) => (
                <p key={booking.id} class="notice warn">
                  {t.overview.payUntil(booking.specialist?.name ?? "")} <When at={booking.holdExpiresAt!} offset={false} />{" "}
                  <a href={payPage(booking.id)}>{t.bookings.pay}</a>
                </p>
              ))}
            <section class="card">
              <div class="card-head">
                <h2>{t.overview.next}</h2>
                <a href={ownBookings}>{t.overview.allBookings}</a>
              </div>
              {list.length ? (
                <BookingRows bookings={list} />
              ) : (
                <Empty title={t.overview.nothingNext}>
                  <a href={directory}>{t.overview.find}</a>
                </Empty>
              )}
            </section>
          </>
        )}
      </Loaded>
    </>
  );
}
