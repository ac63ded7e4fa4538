// One booking: when, with whom, what it costs, what may be done now, notes, messages and its history.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { now } from "../api/http";
import { getBookingsId, getBookingsIdMessages, patchBookingsId, postBookingsIdCompletion, postBookingsIdFeedback, postBookingsIdMessages } from "../generated/client";
import type { BookingView, Party } from "../generated/records";
import * as format from "../lib/format";
import { AreaField, FormView, saved, SelectField, SubmitButton, useForm } from "../lib/form";
import { t } from "../lib/language";
import { calendarFile, payPage } from "../lib/places";
import { changed, usePages, useResource } from "../lib/resource";
import { Link } from "../lib/router";
import { useSession, useZone } from "../lib/session";
import { Action, BookingBadge, Empty, Face, Facts, Listed, Loaded, OtherZone, PageHead, Stars, When } from "../ui/parts";
import { bookingChanged, CancelDialog, NoShowDialog, policyText, RescheduleDialog } from "./booking_dialogs";
import { otherOf, priceOf, sideOf } from "./booking_list";

type Open = "cancel" | "move" | "absence" | undefined;

function Actions({ booking, side, open }: { booking: BookingView; side: Party; open: (what: Open) => void }) {
  const begins = Date.parse(booking.startsAt);
  const isActive = booking.status === "confirmed" || booking.status === "pending";
  const begun = begins <= now();
  const absentFrom = begins + (booking.sessionDuration <= 30 ? 10 : 15) * 60_000;
  const mayBeAbsent = (booking.status === "confirmed" || (booking.status === "completed" && !booking.noShowParty)) && now() >= absentFrom && now() <= Date.parse(booking.endsAt) + 48 * 3_600_000;
  const room = booking.meeting.zoomJoinUrl ?? booking.meeting.googleMeetLink;
  return (
    <>
      {side === "customer" && booking.status === "pending" && (
        <a class="button primary" href={payPage(booking.id)}>
          {t.bookings.pay}
        </a>
      )}
      {booking.status === "confirmed" && room && (
        <a class="button primary" href={room} rel="noreferrer">
          {t.bookings.join}
        </a>
      )}
      {side === "specialist" && booking.status === "confirmed" && begun && (
        <Action kind="primary" done={t.bookings.completed} run={() => postBookingsIdCompletion(booking.id).then(bookingChanged)}>
          {t.bookings.complete}
        </Action>
      )}
      {mayBeAbsent && (
        <button type="button" class="button" onClick={() => open("absence")}>
          {side === "specialist" ? t.bookings.customerAbsent : t.bookings.specialistAbsent}
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

function Notes({ booking, side }: { booking: BookingView; side: Party }) {
  const member = side === "specialist" ? "specialistNotes" : "customerNotes";
  const form = useForm({ [member]: booking[member] ?? "" }, async (values) => {
    await patchBookingsId(booking.id, { [member]: values[member] || null });
    changed("booking");
    saved();
  });
  return (
    <section class="card">
      <h2>{t.bookings.notes}</h2>
      {side === "specialist" && booking.customerNotes && (
        <blockquote>
          <p class="pre">{booking.customerNotes}</p>
          <footer class="muted">{booking.customer?.name}</footer>
        </blockquote>
      )}
      <FormView form={form}>
        <AreaField
          path={`/${member}`}
          label={side === "specialist" ? t.bookings.specialistNotes : t.bookings.customerNotes}
          hint={side === "specialist" ? t.bookings.specialistNotesHint : t.bookings.customerNotesHint}
          maxLength={side === "specialist" ? 5000 : 2000}
        />
        <div class="buttons">
          <SubmitButton>{t.common.save}</SubmitButton>
        </div>
      </FormView>
    </section>
  );
}

function Messages({ booking, side }: { booking: BookingView; side: Party }) {
  const list = usePages(`messages:${booking.id}`, (cursor) => getBookingsIdMessages(booking.id, { limit: 100, cursor }));
  const other = otherOf(booking, side);
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
              <li key={message.id} class={message.from === side ? "mine" : ""}>
                <p class="pre">{message.text}</p>
                <footer class="muted">
                  {message.from === side ? t.common.you : other?.name} · <When at={message.createdAt} offset={false} />
                </footer>
              </li>
            ))}
          </ol>
        )}
      </Listed>
      <FormView form={form}>
        <AreaField path="/text" label={t.bookings.writeTo(other?.name ?? "")} rows={2} maxLength={5000} />
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

function Holding({ booking, side }: { booking: BookingView; side: Party }) {
  if (booking.status !== "pending" || !booking.holdExpiresAt) return null;
  return (
    <p class="notice warn">
      {side === "customer" ? t.bookings.heldForYou : t.bookings.heldForThem} <When at={booking.holdExpiresAt} offset={false} />
    </p>
  );
}

function Details({ booking, side, children }: { booking: BookingView; side: Party; children?: ComponentChildren }) {
  const other = otherOf(booking, side);
  return (
    <section class="card">
      <div class="person">
        <Face name={other?.name ?? "?"} image={other?.profileImage} large />
        <div>
          <h2>{other?.name}</h2>
          <p class="muted">{side === "specialist" ? t.roles.customer : t.roles.specialist}</p>
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
          booking.paymentId && side === "customer" && [t.payments.one, <Link to={`/payments/${booking.paymentId}`}>{t.payments.receipt}</Link>],
        ]}
      />
      {children}
    </section>
  );
}

export function BookingPage({ id }: { id: string }) {
  const { user } = useSession();
  const zone = useZone();
  const side = sideOf(user.userType);
  const [open, setOpen] = useState<Open>();
  const one = useResource(`booking:${id}`, () => getBookingsId(id));
  const close = () => setOpen(undefined);
  return (
    <Loaded of={one}>
      {(booking) => (
        <>
          <PageHead title={format.longDate(booking.startsAt, zone)} lead={<BookingBadge status={booking.status} />}>
            <Actions booking={booking} side={side} open={setOpen} />
          </PageHead>
          <Holding booking={booking} side={side} />
          <div class="columns">
            <div>
              <Details booking={booking} side={side}>
                {side === "customer" && booking.status === "completed" && !booking.feedback?.customerRating && (
                  <Link class="button primary" to={`/reviews/${booking.id}`}>
                    {t.reviews.write}
                  </Link>
                )}
              </Details>
              <Messages booking={booking} side={side} />
            </div>
            <div>
              <Notes key={booking.id} booking={booking} side={side} />
              {side === "specialist" && booking.status === "completed" && <FeedbackCard booking={booking} />}
              <History booking={booking} />
            </div>
          </div>
          {open === "cancel" && <CancelDialog booking={booking} close={close} />}
          {open === "move" && <RescheduleDialog booking={booking} side={side} close={close} />}
          {open === "absence" && <NoShowDialog booking={booking} side={side} close={close} />}
        </>
      )}
    </Loaded>
  );
}
