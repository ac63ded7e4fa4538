// One booking, as the specialist has it: when, with whom, what may be done now, its money, notes, messages and history.
import { useState } from "preact/hooks";
import { now } from "../api/http";
import { getBookingsId, getBookingsIdMessages, patchBookingsId, postBookingsIdCompletion, postBookingsIdFeedback, postBookingsIdMessages } from "../generated/client";
import type { BookingView } from "../generated/records";
import * as format from "../lib/format";
import { AreaField, FormView, saved, SelectField, SubmitButton, useForm } from "../lib/form";
import { t } from "../lib/language";
import { calendarFile } from "../lib/places";
import { changed, usePages, useResource } from "../lib/resource";
import { useZone } from "../lib/session";
import { priceOf } from "../shared/booking_rows";
import { PaymentCard } from "./booking_payment";
import { Action, BookingBadge, Empty, Face, Facts, Listed, Loaded, OtherZone, PageHead, Stars, When } from "../ui/parts";
import { bookingChanged, CancelDialog, NoShowDialog, policyText, RescheduleDialog } from "./booking_dialogs";

type Open = "cancel" | "move" | "absence" | undefined;

/** As the server has it: the absence of the other one from a while after the start on, and once as an answer to a report about oneself. */
function mayReport(booking: BookingView): boolean {
  const from = Date.parse(booking.startsAt) + (booking.sessionDuration <= 30 ? 10 : 15) * 60_000;
  const isContestable = booking.status === "no-show" && booking.noShowParty === "specialist" && !booking.noShowContest;
  const isOpen = booking.status === "confirmed" || booking.status === "completed" || isContestable;
  return isOpen && now() >= from && now() <= Date.parse(booking.endsAt) + 48 * 3_600_000;
}

function Actions({ booking, open }: { booking: BookingView; open: (what: Open) => void }) {
  const isActive = booking.status === "confirmed" || booking.status === "pending";
  const begun = Date.parse(booking.startsAt) <= now();
  const room = booking.meeting.zoomJoinUrl ?? booking.meeting.googleMeetLink;
  return (
    <>
      {booking.status === "confirmed" && room && (
        <a class="button primary" href={room} rel="noreferrer">
          {t.bookings.join}
        </a>
      )}
      {booking.status === "confirmed" && begun && (
        <Action kind="primary" done={t.bookings.completed} run={() => postBookingsIdCompletion(booking.id).then(bookingChanged)}>
          {t.bookings.complete}
        </Action>
      )}
      {mayReport(booking) && (
        <button type="button" class="button" onClick={() => open("absence")}>
          {t.bookings.customerAbsent}
        </button>
      )}
      {booking.status === "confirmed" && !begun && (
        <button type="button" class="button" onClick={() => open("move")}>
          {t.bookings.move}
        </button>
      )}
      {isActive && !begun && (
        <button type="button" class="button" onClick={() => open("cancel")}>
          {t.bookings.cancel}
        </button>
      )}
      {booking.status === "confirmed" && (
        <a class="button" href={calendarFile(booking.id)} download>
          {t.bookings.calendar}
        </a>
      )}
    </>
  );
}

function Notes({ booking }: { booking: BookingView }) {
  const form = useForm({ specialistNotes: booking.specialistNotes ?? "" }, async (values) => {
    await patchBookingsId(booking.id, { specialistNotes: values.specialistNotes || null });
    changed("booking");
    saved();
  });
  return (
    <section class="card">
      <h2>{t.bookings.notes}</h2>
      {booking.customerNotes && (
        <blockquote>
          <p class="pre">{booking.customerNotes}</p>
          <footer class="muted">{booking.customer?.name}</footer>
        </blockquote>
      )}
      <FormView form={form}>
        <AreaField path="/specialistNotes" label={t.bookings.specialistNotes} hint={t.bookings.specialistNotesHint} maxLength={5000} />
        <div class="buttons">
          <SubmitButton>{t.common.save}</SubmitButton>
        </div>
      </FormView>
    </section>
  );
}

function Messages({ booking }: { booking: BookingView }) {
  const list = usePages(`messages:${booking.id}`, (cursor) => getBookingsIdMessages(booking.id, { limit: 100, cursor }));
  const form = useForm({ text: "" }, async (values, key) => {
    await postBookingsIdMessages(booking.id, values, { key });
    form.reset({ text: "" });
    changed("messages");
  });
  return (
    <section class="card">
      <h2>{t.bookings.messages}</h2>
      <Listed of={list} empty={<Empty title={t.bookings.noMessages} />}>
        {(messages) => (
          <ol class="thread" aria-live="polite">
            {messages.map((message) => (
              <li key={message.id} class={message.from === "specialist" ? "mine" : ""}>
                <p class="pre">{message.text}</p>
                <footer class="muted">
                  {message.from === "specialist" ? t.common.you : booking.customer?.name} · <When at={message.createdAt} offset={false} />
                </footer>
              </li>
            ))}
          </ol>
        )}
      </Listed>
      <FormView form={form}>
        <AreaField path="/text" label={t.bookings.writeTo(booking.customer?.name ?? "")} rows={2} maxLength={5000} />
        <div class="buttons">
          <SubmitButton>{t.bookings.send}</SubmitButton>
        </div>
      </FormView>
    </section>
  );
}

function FeedbackCard({ booking }: { booking: BookingView }) {
  const given = booking.feedback;
  const form = useForm({ rating: "5", review: "" }, async (values, key) => {
    await postBookingsIdFeedback(booking.id, { rating: Number(values.rating), review: values.review || undefined }, { key });
    bookingChanged();
    saved();
  });
  return (
    <section class="card">
      <h2>{t.bookings.feedback}</h2>
      {given?.customerRating && (
        <p>
          <span class="muted">{t.bookings.theirReview}</span> <Stars rating={given.customerRating} /> {given.customerReview}
        </p>
      )}
      {given?.specialistRating ? (
        <p>
          <span class="muted">{t.bookings.yourFeedback}</span> <Stars rating={given.specialistRating} /> {given.specialistReview}
        </p>
      ) : (
        <FormView form={form}>
          <p class="muted">{t.bookings.feedbackHint}</p>
          <SelectField path="/rating" label={t.reviews.rating} options={["5", "4", "3", "2", "1"].map((n) => [n, t.reviews.stars(n)] as const)} />
          <AreaField path="/review" label={t.bookings.feedbackText} rows={2} maxLength={5000} />
          <div class="buttons">
            <SubmitButton>{t.common.save}</SubmitButton>
          </div>
        </FormView>
      )}
    </section>
  );
}

function History({ booking }: { booking: BookingView }) {
  return (
    <section class="card">
      <h2>{t.bookings.history}</h2>
      <ol class="history">
        {booking.statusHistory.map((change) => (
          <li key={change.changedAt}>
            <BookingBadge status={change.status} />
            <span>
              <When at={change.changedAt} offset={false} />
              {change.reason && <span class="muted"> · {t.reasons[change.reason as keyof typeof t.reasons] ?? change.reason}</span>}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Holding({ booking }: { booking: BookingView }) {
  if (booking.status !== "pending" || !booking.holdExpiresAt) return null;
  return (
    <p class="notice warn">
      {t.bookings.heldForThem} <When at={booking.holdExpiresAt} offset={false} />
    </p>
  );
}

function Details({ booking }: { booking: BookingView }) {
  const other = booking.customer;
  return (
    <section class="card">
      <div class="person">
        <Face name={other?.name ?? "?"} image={other?.profileImage} large />
        <div>
          <h2>{other?.name}</h2>
          <p class="muted">{t.roles.customer}</p>
        </div>
      </div>
      <Facts
        rows={[
          [
            t.bookings.when,
            <>
              <When at={booking.startsAt} to={booking.endsAt} />
              <br />
              <OtherZone at={booking.startsAt} to={booking.endsAt} zone={other?.timezone} whose={other?.name ?? ""} />
            </>,
          ],
          [t.bookings.length, format.minutes(booking.sessionDuration)],
          booking.consultationType && [t.bookings.type, booking.consultationType],
          [t.bookings.price, priceOf(booking)],
          booking.sessionPrice > 0 && [t.bookings.policy, policyText(booking.policy)],
          booking.noShowParty && [t.bookings.absent, t.roles[booking.noShowParty]],
        ]}
      />
    </section>
  );
}

export function BookingPage({ id }: { id: string }) {
  const zone = useZone();
  const [open, setOpen] = useState<Open>();
  const one = useResource(`booking:${id}`, () => getBookingsId(id));
  const close = () => setOpen(undefined);
  return (
    <Loaded of={one}>
      {(booking) => (
        <>
          <PageHead title={format.longDate(booking.startsAt, zone)} lead={<BookingBadge status={booking.status} />}>
            <Actions booking={booking} open={setOpen} />
          </PageHead>
          <Holding booking={booking} />
          {booking.noShowContest && !booking.noShowContest.decidedAt && <p class="notice warn">{t.bookings.contested}</p>}
          <div class="columns">
            <div>
              <Details booking={booking} />
              <Messages booking={booking} />
            </div>
            <div>
              <Notes key={booking.id} booking={booking} />
              {booking.paymentId && <PaymentCard id={booking.paymentId} />}
              {booking.status === "completed" && <FeedbackCard booking={booking} />}
              <History booking={booking} />
            </div>
          </div>
          {open === "cancel" && <CancelDialog booking={booking} close={close} />}
          {open === "move" && <RescheduleDialog booking={booking} close={close} />}
          {open === "absence" && <NoShowDialog booking={booking} close={close} />}
        </>
      )}
    </Loaded>
  );
}
