// What can be done to a booking, each with its consequence shown before: cancel, move, absence.
import { useState } from "preact/hooks";
import { now } from "../api/http";
import { getBookingsIdCancellation, getSlots, postBookingsIdCancellation, postBookingsIdNoShow, postBookingsIdReschedule } from "../generated/client";
import type { BookingView, PolicyTier, Slot } from "../generated/records";
import * as format from "../lib/format";
import { AreaField, FormView, SubmitButton, useForm } from "../lib/form";
import { t } from "../lib/language";
import { changed, everyPage, useResource } from "../lib/resource";
import { useZone } from "../lib/session";
import { offsetText, wallOf } from "../lib/time";
import { announce } from "../ui/announce";
import { Dialog, DialogButtons, Empty, Loaded, When } from "../ui/parts";

export const bookingChanged = (): void => changed("bookings", "booking", "slots", "payments", "payment", "earnings", "customers");

export function policyText(policy: { refundableBefore: number; refundPercentage: number; tiers: PolicyTier[] }): string {
  const tiers = policy.tiers.length ? policy.tiers : [{ hoursBefore: policy.refundableBefore, refundPercentage: policy.refundPercentage }];
  return [...tiers]
    .sort((a, b) => b.hoursBefore - a.hoursBefore)
    .map((tier) => t.bookings.policyTier(format.percent(tier.refundPercentage), tier.hoursBefore))
    .join(" ");
}

export function CancelDialog({ booking, close }: { booking: BookingView; close: () => void }) {
  const preview = useResource(`cancellation:${booking.id}`, () => getBookingsIdCancellation(booking.id));
  const form = useForm({ reason: "" }, async (values, key) => {
    await postBookingsIdCancellation(booking.id, { reason: values.reason || undefined }, { key });
    bookingChanged();
    announce(t.bookings.cancelled);
    close();
  });
  return (
    <Dialog title={t.bookings.cancelTitle} close={close}>
      <Loaded of={preview}>
        {(terms) =>
          terms.allowed ? (
            <FormView form={form}>
              <p class="figure">
                {booking.sessionPrice === 0 || booking.status === "pending" ? t.bookings.nothingToRefund : t.bookings.refundIs(format.money(terms.refundAmount, terms.currency), format.percent(terms.refundPercentage))}
              </p>
              {terms.changesAt && booking.sessionPrice > 0 && booking.status !== "pending" && (
                <p class="muted">
                  {t.bookings.refundUntil} <When at={terms.changesAt} />
                </p>
              )}
              <AreaField path="/reason" label={t.bookings.reason} hint={t.bookings.reasonHint} rows={2} maxLength={500} />
              <DialogButtons close={close} out={t.bookings.keep}>
                <SubmitButton danger>{t.bookings.cancelDo}</SubmitButton>
              </DialogButtons>
            </FormView>
          ) : (
            <p>{t.problems.too_late}</p>
          )
        }
      </Loaded>
    </Dialog>
  );
}

/** Free times of the same length and price. */
async function sameTerms(booking: BookingView): Promise<Slot[]> {
  const slots = await everyPage((cursor) => getSlots({ status: "available", from: new Date(now()).toISOString(), cursor, limit: 1000 }));
  return slots.filter(
    (slot) => slot.duration === booking.sessionDuration && slot.price === booking.sessionPrice && slot.currency === booking.currency && slot.id !== booking.slotId,
  );
}

export function RescheduleDialog({ booking, close }: { booking: BookingView; close: () => void }) {
  const zone = useZone();
  const times = useResource(`slots:same:${booking.id}`, () => sameTerms(booking));
  const [day, setDay] = useState("");
  const form = useForm({ slotId: "", reason: "" }, async (values, key) => {
    await postBookingsIdReschedule(booking.id, { slotId: values.slotId, reason: values.reason || undefined }, { key });
    bookingChanged();
    announce(t.bookings.moved);
    close();
  });
  return (
    <Dialog title={t.bookings.moveTitle} close={close}>
      <p class="muted">
        {t.bookings.now} <When at={booking.startsAt} to={booking.endsAt} />
      </p>
      <Loaded of={times}>
        {(slots) => {
          const days = [...new Set(slots.map((slot) => wallOf(zone, slot.startsAt).day))];
          const shown = days.includes(day) ? day : days[0];
          if (!shown) return <Empty title={t.bookings.noTimes} />;
          const ofDay = slots.filter((slot) => wallOf(zone, slot.startsAt).day === shown);
          return (
            <FormView form={form}>
              <div class="field">
                <label for="move-day">{t.bookings.day}</label>
                <select id="move-day" value={shown} onChange={(e) => setDay(e.currentTarget.value)}>
                  {days.map((one) => (
                    <option key={one} value={one}>
                      {format.dayLong(one)}
                    </option>
                  ))}
                </select>
              </div>
              <fieldset class="times" data-path="/slotId">
                <legend>{t.bookings.times(offsetText(zone, ofDay[0]!.startsAt))}</legend>
                {ofDay.map((slot) => (
                  <label key={slot.id} class="time">
                    <input type="radio" name="slot" checked={form.values.slotId === slot.id} onChange={() => form.set("/slotId", slot.id)} />
                    <span>{format.time(slot.startsAt, zone)}</span>
                  </label>
                ))}
              </fieldset>
              <AreaField path="/reason" label={t.bookings.reason} rows={2} maxLength={500} />
              <DialogButtons close={close} out={t.bookings.keep}>
                {form.values.slotId ? <SubmitButton>{t.bookings.moveDo}</SubmitButton> : <p class="muted">{t.bookings.chooseTime}</p>}
              </DialogButtons>
            </FormView>
          );
        }}
      </Loaded>
    </Dialog>
  );
}

export function NoShowDialog({ booking, close }: { booking: BookingView; close: () => void }) {
  const form = useForm({}, async (_, key) => {
    await postBookingsIdNoShow(booking.id, { party: "customer" }, { key });
    bookingChanged();
    announce(t.bookings.absenceNoted);
    close();
  });
  return (
    <Dialog title={t.bookings.absenceTitle} close={close}>
      <FormView form={form}>
        <p>{booking.noShowParty ? t.bookings.absenceContest : t.bookings.absentCustomer}</p>
        <DialogButtons close={close}>
          <SubmitButton danger>{t.bookings.absenceDo}</SubmitButton>
        </DialogButtons>
      </FormView>
    </Dialog>
  );
}
