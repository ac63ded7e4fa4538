// Completed sessions that have no review yet, and the form to write one.
import { getBookings, getBookingsId, postBookingsIdReview } from "../generated/client";
import type { Aspects, BookingView } from "../generated/records";
import { AreaField, CheckField, FormView, SelectField, SubmitButton, useForm } from "../lib/form";
import { t } from "../lib/language";
import { ownBooking } from "../lib/places";
import { changed, everyPage, useResource } from "../lib/resource";
import { Link } from "../lib/router";
import { Empty, Face, Loaded, PageHead, When } from "../ui/parts";

const mostPages = 5;

export function ReviewsToWrite() {
  const list = useResource("bookings:completed", () => everyPage((cursor) => getBookings({ status: "completed", limit: 100, cursor }), mostPages));
  return (
    <>
      <PageHead title={t.reviews.toWrite} lead={t.reviews.toWriteLead} />
      <Loaded of={list}>
        {(bookings) => {
          const open = bookings.filter((booking) => !booking.feedback?.customerRating);
          if (!open.length) return <Empty title={t.reviews.nothingToWrite} />;
          return (
            <ul class="rows">
              {open.map((booking) => (
                <li key={booking.id} class="row">
                  <Face name={booking.specialist?.name ?? "?"} image={booking.specialist?.profileImage} />
                  <span class="row-main">
                    <b>{booking.specialist?.name}</b>
                    <span class="muted">
                      <When at={booking.startsAt} to={booking.endsAt} />
                    </span>
                  </span>
                  <Link class="button" to={`/reviews/${booking.id}`}>
                    {t.reviews.write}
                    <span class="sr">: {booking.specialist?.name}</span>
                  </Link>
                </li>
              ))}
            </ul>
          );
        }}
      </Loaded>
    </>
  );
}

const aspectNames = ["professionalism", "expertise", "communication", "valueForMoney"] as const;

function Write({ booking }: { booking: BookingView }) {
  const none = Object.fromEntries(aspectNames.map((name) => [name, ""])) as Record<(typeof aspectNames)[number], string>;
  const form = useForm({ rating: 0, reviewText: "", aspects: none, isPublic: true }, async (values, key) => {
    const aspects = Object.fromEntries(Object.entries(values.aspects).filter(([, n]) => n).map(([name, n]) => [name, Number(n)])) as Aspects;
    await postBookingsIdReview(booking.id, { rating: values.rating, reviewText: values.reviewText || null, aspects: Object.keys(aspects).length ? aspects : null, isPublic: values.isPublic }, { key });
    changed("bookings", "booking");
    location.assign(ownBooking(booking.id) + "?done=reviewed");
  });
  const grades = [["", t.reviews.noGrade] as const, ...["5", "4", "3", "2", "1"].map((n) => [n, t.reviews.stars(n)] as const)];
  return (
    <section class="card narrow">
      <div class="person">
        <Face name={booking.specialist?.name ?? "?"} image={booking.specialist?.profileImage} large />
        <div>
          <h2>{booking.specialist?.name}</h2>
          <p class="muted">
            <When at={booking.startsAt} to={booking.endsAt} />
          </p>
        </div>
      </div>
      <FormView form={form}>
        <fieldset class={"star-input" + (form.errors["/rating"] ? " wrong" : "")} data-path="/rating">
          <legend>{t.reviews.rating}</legend>
          {[1, 2, 3, 4, 5].map((n) => (
            <label key={n} class={n <= form.values.rating ? "lit" : ""}>
              <input type="radio" name="rating" checked={form.values.rating === n} onChange={() => form.set("/rating", n)} aria-invalid={form.errors["/rating"] ? true : undefined} />
              <span aria-hidden="true">★</span>
              <span class="sr">{t.reviews.stars(String(n))}</span>
            </label>
          ))}
          {form.errors["/rating"] && <p class="error">{form.errors["/rating"]}</p>}
        </fieldset>
        <AreaField path="/reviewText" label={t.reviews.text} rows={5} maxLength={5000} />
        <div class="pair">
          {aspectNames.map((name) => (
            <SelectField key={name} path={`/aspects/${name}`} label={t.reviews.aspects[name]} options={grades} />
          ))}
        </div>
        <CheckField path="/isPublic" label={t.reviews.isPublic} hint={t.reviews.isPublicHint} />
        <div class="buttons">
          <SubmitButton>{t.reviews.publish}</SubmitButton>
          <Link class="button" to="/reviews">
            {t.common.cancel}
          </Link>
        </div>
      </FormView>
    </section>
  );
}

export function ReviewPage({ id }: { id: string }) {
  const booking = useResource(`booking:${id}`, () => getBookingsId(id));
  return (
    <>
      <PageHead title={t.reviews.write} />
      <Loaded of={booking}>{(one) => (one.feedback?.customerRating ? <Empty title={t.problems.already_reviewed} /> : <Write booking={one} />)}</Loaded>
    </>
  );
}
