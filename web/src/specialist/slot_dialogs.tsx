// One slot: what it is, to block or change it, the booking in it; and a slot outside of the rules.
import { deleteSlotsIdBlock, getSpecialistsMe, patchSlotsId, postSlots, postSlotsIdBlock } from "../generated/client";
import type { Day, Slot } from "../generated/records";
import * as format from "../lib/format";
import { AreaField, fieldProblem, FormView, saved, SubmitButton, TextField, NumberField, useForm } from "../lib/form";
import { t } from "../lib/language";
import { changed, useResource } from "../lib/resource";
import { Link } from "../lib/router";
import { useZone } from "../lib/session";
import { instantOf, offsetText } from "../lib/time";
import { Action, BookingBadge, Dialog, DialogButtons, Facts, Loaded, When } from "../ui/parts";
import { type Entry, kindOf } from "./calendar_entries";

const slotsChanged = () => changed("slots");

function BlockForm({ slot, close }: { slot: Slot; close: () => void }) {
  const form = useForm({ reason: "" }, async (values, key) => {
    await postSlotsIdBlock(slot.id, { reason: values.reason || undefined }, { key });
    slotsChanged();
    saved();
    close();
  });
  return (
    <FormView form={form}>
      <TextField path="/reason" label={t.slot.blockReason} hint={t.slot.blockHint} maxLength={200} />
      <div class="buttons">
        <SubmitButton>{t.slot.block}</SubmitButton>
      </div>
    </FormView>
  );
}

function ChangeForm({ slot, close }: { slot: Slot; close: () => void }) {
  const initial = { price: format.moneyInput(slot.price, slot.currency), consultationType: slot.consultationType ?? "", description: slot.description ?? "" };
  const form = useForm(initial, async (values) => {
    const price = format.moneyFrom(values.price, slot.currency);
    if (price === null || Number.isNaN(price)) throw fieldProblem("/price", t.form.amount);
    await patchSlotsId(slot.id, {
      ...(price !== slot.price && { price }),
      ...(values.consultationType !== initial.consultationType && { consultationType: values.consultationType || null }),
      ...(values.description !== initial.description && { description: values.description || null }),
    });
    slotsChanged();
    saved();
    close();
  });
  return (
    <FormView form={form}>
      <TextField path="/price" label={t.slot.price(slot.currency)} inputMode="decimal" hint={t.slot.priceHint} />
      <TextField path="/consultationType" label={t.slot.type} maxLength={60} />
      <AreaField path="/description" label={t.slot.description} rows={2} maxLength={2000} />
      <div class="buttons">
        <SubmitButton>{t.common.save}</SubmitButton>
      </div>
    </FormView>
  );
}

export function SlotDialog({ entry, close }: { entry: Entry; close: () => void }) {
  const { slot, booking } = entry;
  const kind = kindOf(entry);
  return (
    <Dialog title={t.calendar.kinds[kind]} close={close}>
      <Facts
        rows={[
          [t.bookings.when, <When at={slot.startsAt} to={slot.endsAt} />],
          [t.bookings.length, format.minutes(slot.duration)],
          [t.bookings.price, slot.price === 0 ? t.common.free : format.money(slot.price, slot.currency)],
          slot.consultationType && [t.slot.type, slot.consultationType],
          slot.blockReason && [t.slot.blockReason, slot.blockReason],
          !slot.isRecurring && [t.slot.made, t.slot.oneOff],
          booking && [t.bookings.with, <><Link to={`/bookings/${booking.id}`}>{booking.customer?.name}</Link> <BookingBadge status={booking.status} /></>],
        ]}
      />
      {kind === "blocked" && (
        <Action kind="primary" done={t.slot.opened} run={() => deleteSlotsIdBlock(slot.id).then(slotsChanged).then(close)}>
          {t.slot.unblock}
        </Action>
      )}
      {kind === "buffer" && <p class="muted">{t.slot.blockedByBooking}</p>}
      {kind === "free" && (
        <>
          <details open>
            <summary>{t.slot.block}</summary>
            <BlockForm slot={slot} close={close} />
          </details>
          <details>
            <summary>{t.slot.change}</summary>
            <ChangeForm slot={slot} close={close} />
          </details>
        </>
      )}
      {booking && (
        <Link class="button primary" to={`/bookings/${booking.id}`}>
          {t.slot.toBooking}
        </Link>
      )}
    </Dialog>
  );
}

function NewSlotForm({ day, duration, currency, close }: { day: Day; duration: number; currency: string; close: () => void }) {
  const zone = useZone();
  const form = useForm({ day, time: "09:00", duration: duration as number | undefined, price: "", consultationType: "", description: "" }, async (values, key) => {
    if (!values.day) throw fieldProblem("/day", t.form.needed);
    if (!values.time) throw fieldProblem("/time", t.form.needed);
    if (!values.duration) throw fieldProblem("/duration", t.form.needed);
    const startsAt = instantOf(zone, values.day, values.time);
    if (!startsAt) throw fieldProblem("/time", t.slot.noSuchTime);
    const price = format.moneyFrom(values.price, currency);
    if (Number.isNaN(price)) throw fieldProblem("/price", t.form.amount);
    await postSlots({ startsAt, duration: values.duration, price, consultationType: values.consultationType || null, description: values.description || null }, { key });
    slotsChanged();
    saved();
    close();
  });
  const startsAt = form.values.day && form.values.time ? instantOf(zone, form.values.day, form.values.time) : null;
  return (
    <FormView form={form}>
      <div class="pair" data-path="/startsAt">
        <TextField path="/day" label={t.slot.day} type="date" required />
        <TextField path="/time" label={t.slot.time} type="time" step={300} required hint={startsAt ? offsetText(zone, startsAt) : undefined} />
      </div>
      {form.errors["/startsAt"] && <p class="error">{form.errors["/startsAt"]}</p>}
      <div class="pair">
        <NumberField path="/duration" label={t.slot.duration} min={5} max={720} step={5} />
        <TextField path="/price" label={t.slot.price(currency)} inputMode="decimal" hint={t.slot.newPriceHint} />
      </div>
      <TextField path="/consultationType" label={t.slot.type} maxLength={60} />
      <AreaField path="/description" label={t.slot.description} rows={2} maxLength={2000} />
      <DialogButtons close={close}>
        <SubmitButton>{t.slot.offer}</SubmitButton>
      </DialogButtons>
    </FormView>
  );
}

export function NewSlotDialog({ day, close }: { day: Day; close: () => void }) {
  const profile = useResource("profile", getSpecialistsMe);
  return (
    <Dialog title={t.slot.newTitle} close={close}>
      <p class="muted">{t.slot.newLead}</p>
      <Loaded of={profile}>{(own) => <NewSlotForm day={day} duration={own.consulting.defaultDuration} currency={own.consulting.currency} close={close} />}</Loaded>
    </Dialog>
  );
}
