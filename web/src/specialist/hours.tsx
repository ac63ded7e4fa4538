// The rules that make slots, with the slots that they make beside them while one types.
import { patchSpecialistsMe, getSpecialistsMe } from "../generated/client";
import type { BreakTime, Day, OwnProfile } from "../generated/records";
import * as format from "../lib/format";
import { FormView, NumberField, saved, SelectField, SubmitButton, TextField, type Form, useForm } from "../lib/form";
import { t } from "../lib/language";
import { changed, useResource } from "../lib/resource";
import { addDays, today, weekdays, zones } from "../lib/time";
import { Loaded, PageHead } from "../ui/parts";
import { formOfHours, type HoursForm, hoursOf } from "./hours_form";
import { Preview } from "./preview";
import { ScheduleList } from "./schedule_list";

const usualDay = { startTime: "09:00", endTime: "17:00" };

function Weekdays({ form }: { form: Form<HoursForm> }) {
  const enable = (day: string, on: boolean) => {
    const row = form.values.workingHours[day]!;
    form.set(`/workingHours/${day}`, { ...usualDay, ...row, enabled: on });
  };
  const copy = () => {
    const monday = form.values.workingHours.monday!;
    for (const day of weekdays.slice(1, 5)) form.set(`/workingHours/${day}`, { ...monday });
  };
  return (
    <fieldset class="card">
      <legend>{t.hours.week}</legend>
      <ul class="week-rows">
        {weekdays.map((day, i) => {
          const row = form.values.workingHours[day]!;
          const path = `/workingHours/${day}`;
          return (
            <li key={day}>
              <label class="switch" data-path={path}>
                <input type="checkbox" checked={row.enabled} onChange={(e) => enable(day, e.currentTarget.checked)} />
                {format.weekdayName(i)}
              </label>
              {row.enabled ? (
                <div class="from-to">
                  <TextField path={`${path}/startTime`} quiet label={t.hours.from(format.weekdayName(i))} type="time" step={300} />
                  <span aria-hidden="true">–</span>
                  <TextField path={`${path}/endTime`} quiet label={t.hours.to(format.weekdayName(i))} type="time" step={300} />
                </div>
              ) : (
                <span class="muted">{t.hours.closed}</span>
              )}
              {form.errors[path] && <p class="error">{form.errors[path]}</p>}
            </li>
          );
        })}
      </ul>
      <button type="button" class="button small" onClick={copy}>
        {t.hours.copyMonday}
      </button>
    </fieldset>
  );
}

function Breaks({ form }: { form: Form<HoursForm> }) {
  const list = form.values.breakTimes;
  const change = (next: BreakTime[]) => form.set("/breakTimes", next);
  const days = weekdays.map((day, i) => [day, format.weekdayName(i)] as const);
  return (
    <fieldset class="card">
      <legend>{t.hours.breaks}</legend>
      {list.length === 0 && <p class="muted">{t.hours.noBreaks}</p>}
      <ul class="rows-edit">
        {list.map((row, i) => (
          <li key={i}>
            {row.recurring ? (
              <SelectField path={`/breakTimes/${i}/day`} quiet label={t.hours.breakDay} options={days} />
            ) : (
              <TextField path={`/breakTimes/${i}/day`} quiet label={t.hours.breakDay} type="date" />
            )}
            <div class="from-to">
              <TextField path={`/breakTimes/${i}/startTime`} quiet label={t.hours.breakFrom} type="time" step={300} />
              <span aria-hidden="true">–</span>
              <TextField path={`/breakTimes/${i}/endTime`} quiet label={t.hours.breakTo} type="time" step={300} />
            </div>
            <button type="button" class="button small" aria-label={t.hours.removeBreak(i + 1)} onClick={() => change(list.filter((_, at) => at !== i))}>
              {t.common.remove}
            </button>
            {form.errors[`/breakTimes/${i}`] && (
              <p class="error" data-path={`/breakTimes/${i}`}>
                {form.errors[`/breakTimes/${i}`]}
              </p>
            )}
          </li>
        ))}
      </ul>
      <div class="buttons">
        <button type="button" class="button small" onClick={() => change([...list, { day: "monday", startTime: "12:00", endTime: "13:00", recurring: true }])}>
          {t.hours.addBreak}
        </button>
        <button type="button" class="button small" onClick={() => change([...list, { day: today(form.values.timezone), startTime: "12:00", endTime: "13:00", recurring: false }])}>
          {t.hours.addDatedBreak}
        </button>
      </div>
    </fieldset>
  );
}

function DaysOff({ form }: { form: Form<HoursForm> }) {
  const list = form.values.unavailableDates;
  const change = (next: Day[]) => form.set("/unavailableDates", next);
  const next = list.length ? addDays(list[list.length - 1]!, 1) : addDays(today(form.values.timezone), 1);
  return (
    <fieldset class="card">
      <legend>{t.hours.daysOff}</legend>
      {list.length === 0 && <p class="muted">{t.hours.noDaysOff}</p>}
      <ul class="rows-edit">
        {list.map((day, i) => (
          <li key={i}>
            <TextField path={`/unavailableDates/${i}`} quiet label={t.hours.dayOff(i + 1)} type="date" />
            <button type="button" class="button small" aria-label={t.hours.removeDayOff(day)} onClick={() => change(list.filter((_, at) => at !== i))}>
              {t.common.remove}
            </button>
          </li>
        ))}
      </ul>
      <button type="button" class="button small" onClick={() => change([...list, next])}>
        {t.hours.addDayOff}
      </button>
    </fieldset>
  );
}

function Editor({ own }: { own: OwnProfile }) {
  const form = useForm(formOfHours(own.availability), async (values) => {
    await patchSpecialistsMe({ availability: { ...values, workingHours: hoursOf(values) } });
    changed("profile", "slots");
    saved();
  });
  return (
    <div class="columns wide-left">
      <FormView form={form}>
        <Weekdays form={form} />
        <Breaks form={form} />
        <DaysOff form={form} />
        <fieldset class="card">
          <legend>{t.hours.rules}</legend>
          <SelectField path="/timezone" label={t.hours.zone} hint={t.hours.zoneHint} options={zones().map((zone) => [zone, zone.replaceAll("_", " ")] as const)} />
          <div class="trio">
            <NumberField path="/minBookingNotice" label={t.hours.notice} hint={t.hours.noticeHint} min={0} max={8760} />
            <NumberField path="/maxAdvanceBooking" label={t.hours.horizon} hint={t.hours.horizonHint} min={0} max={365} />
            <NumberField path="/bufferTime" label={t.hours.buffer} hint={t.hours.bufferHint} min={0} max={480} step={5} />
          </div>
          <p class="hint">{t.hours.sessionsElsewhere}</p>
        </fieldset>
        <div class="buttons sticky">
          <SubmitButton>{t.hours.save}</SubmitButton>
          {form.isChanged && <span class="muted">{t.form.unsaved}</span>}
        </div>
      </FormView>
      <Preview hours={form.values} consulting={own.consulting} />
    </div>
  );
}

export function Hours() {
  const profile = useResource("profile", getSpecialistsMe);
  return (
    <>
      <PageHead title={t.hours.title} lead={t.hours.lead} />
      <Loaded of={profile}>{(own) => <Editor key={own.id} own={own} />}</Loaded>
      <ScheduleList />
    </>
  );
}
