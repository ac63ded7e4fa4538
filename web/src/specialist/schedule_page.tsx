// One schedule: weekly, monthly, or a list of dates; each with windows, and days that are different.
import { getSchedulesId, getSpecialistsMe, postSchedules, putSchedulesId } from "../generated/client";
import type { DateException, MonthlyRow, OwnProfile, Schedule, ScheduleDay, ScheduleType, ScheduleWindow } from "../generated/records";
import * as format from "../lib/format";
import { CheckField, type Form, FormView, NumberField, saved, SelectField, SubmitButton, TextField, useForm, valueAt } from "../lib/form";
import { t } from "../lib/language";
import { changed, useResource } from "../lib/resource";
import { navigate } from "../lib/router";
import { addDays, today, weekdays } from "../lib/time";
import { Loaded, PageHead } from "../ui/parts";
import { formOfHours } from "./hours_form";
import { Preview } from "./preview";

interface ScheduleForm {
  type: ScheduleType;
  weeklyPattern: Record<string, ScheduleDay>;
  monthlyPattern: MonthlyRow[];
  dateExceptions: DateException[];
  isActive: boolean;
  appliedFrom: string;
  appliedTo: string;
}

const newWindow = (): ScheduleWindow => ({ startTime: "09:00", endTime: "12:00" });
const types: ScheduleType[] = ["weekly", "monthly", "custom"];

function formOf(schedule?: Schedule): ScheduleForm {
  const pattern = schedule?.weeklyPattern ?? {};
  return {
    type: schedule?.type ?? "weekly",
    weeklyPattern: Object.fromEntries(weekdays.map((day) => [day, pattern[day] ?? { enabled: false, slots: [] }])),
    monthlyPattern: schedule?.monthlyPattern ?? [],
    dateExceptions: schedule?.dateExceptions ?? [],
    isActive: schedule?.isActive ?? true,
    appliedFrom: schedule?.appliedFrom ?? "",
    appliedTo: schedule?.appliedTo ?? "",
  };
}

function bodyOf(values: ScheduleForm) {
  const { type, dateExceptions, isActive } = values;
  return {
    type,
    isActive,
    dateExceptions,
    ...(type === "weekly" && { weeklyPattern: values.weeklyPattern }),
    ...(type === "monthly" && { monthlyPattern: values.monthlyPattern }),
    appliedFrom: values.appliedFrom || null,
    appliedTo: values.appliedTo || null,
  };
}

/** Windows of one day: from, to, and the length of a session in them. */
function Windows({ form, path, whose }: { form: Form<ScheduleForm>; path: string; whose: string }) {
  const list = valueAt(form.values, path) as ScheduleWindow[];
  return (
    <div class="windows" role="group" aria-label={t.schedule.windowsOf(whose)}>
      {list.map((_, i) => (
        <div key={i} class="window">
          <div class="from-to">
            <TextField path={`${path}/${i}/startTime`} quiet label={t.hours.from(whose)} type="time" step={300} />
            <span aria-hidden="true">–</span>
            <TextField path={`${path}/${i}/endTime`} quiet label={t.hours.to(whose)} type="time" step={300} />
          </div>
          <NumberField path={`${path}/${i}/slotDuration`} quiet label={t.schedule.slotDuration(whose)} placeholder={t.schedule.minutes} min={5} max={720} step={5} />
          <button type="button" class="button small" aria-label={t.schedule.removeWindow(whose, i + 1)} onClick={() => form.set(path, list.filter((__, at) => at !== i))}>
            {t.common.remove}
          </button>
        </div>
      ))}
      <button type="button" class="button small" onClick={() => form.set(path, [...list, newWindow()])}>
        {t.schedule.addWindow}
        <span class="sr">: {whose}</span>
      </button>
    </div>
  );
}

function Weekly({ form }: { form: Form<ScheduleForm> }) {
  const enable = (day: string, on: boolean) => {
    const row = form.values.weeklyPattern[day]!;
    form.set(`/weeklyPattern/${day}`, { enabled: on, slots: on && !row.slots.length ? [newWindow()] : row.slots });
  };
  return (
    <ul class="week-rows tall">
      {weekdays.map((day, i) => (
        <li key={day}>
          <label class="switch">
            <input type="checkbox" checked={form.values.weeklyPattern[day]!.enabled} onChange={(e) => enable(day, e.currentTarget.checked)} />
            {format.weekdayName(i)}
          </label>
          {form.values.weeklyPattern[day]!.enabled ? <Windows form={form} path={`/weeklyPattern/${day}/slots`} whose={format.weekdayName(i)} /> : <span class="muted">{t.hours.closed}</span>}
        </li>
      ))}
    </ul>
  );
}

function Monthly({ form }: { form: Form<ScheduleForm> }) {
  const rows = form.values.monthlyPattern;
  const change = (next: MonthlyRow[]) => form.set("/monthlyPattern", next);
  const weekOptions = [1, 2, 3, 4, 5, -1].map((n) => [String(n), t.schedule.weeks[String(n) as keyof typeof t.schedule.weeks]] as const);
  return (
    <>
      <ul class="rows-edit tall">
        {rows.map((row, i) => {
          const name = t.schedule.rowName(i + 1);
          return (
            <li key={i} data-path={`/monthlyPattern/${i}`}>
              {row.dayOfMonth !== undefined ? (
                <NumberField path={`/monthlyPattern/${i}/dayOfMonth`} label={t.schedule.dayOfMonth} hint={t.schedule.dayOfMonthHint} min={-1} max={31} />
              ) : (
                <div class="pair">
                  <div class="field">
                    <label for={`week-${i}`}>{t.schedule.whichWeek}</label>
                    <select id={`week-${i}`} value={String(row.week)} onChange={(e) => form.set(`/monthlyPattern/${i}/week`, Number(e.currentTarget.value))}>
                      {weekOptions.map(([value, text]) => (
                        <option key={value} value={value}>
                          {text}
                        </option>
                      ))}
                    </select>
                  </div>
                  <SelectField path={`/monthlyPattern/${i}/day`} label={t.schedule.weekday} options={weekdays.map((day, at) => [day, format.weekdayName(at)] as const)} />
                </div>
              )}
              <Windows form={form} path={`/monthlyPattern/${i}/slots`} whose={name} />
              <button type="button" class="button small" aria-label={`${t.common.remove}: ${name}`} onClick={() => change(rows.filter((_, at) => at !== i))}>
                {t.schedule.removeRow}
              </button>
              {form.errors[`/monthlyPattern/${i}`] && <p class="error">{form.errors[`/monthlyPattern/${i}`]}</p>}
            </li>
          );
        })}
      </ul>
      <div class="buttons">
        <button type="button" class="button small" onClick={() => change([...rows, { week: 1, day: "monday", slots: [newWindow()] }])}>
          {t.schedule.addByWeekday}
        </button>
        <button type="button" class="button small" onClick={() => change([...rows, { dayOfMonth: 1, slots: [newWindow()] }])}>
          {t.schedule.addByDate}
        </button>
      </div>
    </>
  );
}

function Exceptions({ form, zone }: { form: Form<ScheduleForm>; zone: string }) {
  const rows = form.values.dateExceptions;
  const change = (next: DateException[]) => form.set("/dateExceptions", next);
  const nextDay = addDays(rows.at(-1)?.date || today(zone), 1);
  return (
    <fieldset class="card">
      <legend>{form.values.type === "custom" ? t.schedule.dates : t.schedule.exceptions}</legend>
      {rows.length === 0 && <p class="muted">{t.schedule.noExceptions}</p>}
      <ul class="rows-edit tall">
        {rows.map((row, i) => (
          <li key={i}>
            <TextField path={`/dateExceptions/${i}/date`} label={t.schedule.date} type="date" />
            <CheckField path={`/dateExceptions/${i}/isAvailable`} label={t.schedule.available} />
            {row.isAvailable && <Windows form={form} path={`/dateExceptions/${i}/slots`} whose={row.date ? format.dayMedium(row.date) : t.schedule.rowName(i + 1)} />}
            <button type="button" class="button small" aria-label={`${t.common.remove}: ${row.date}`} onClick={() => change(rows.filter((_, at) => at !== i))}>
              {t.schedule.removeRow}
            </button>
          </li>
        ))}
      </ul>
      <div class="buttons">
        <button type="button" class="button small" onClick={() => change([...rows, { date: nextDay, isAvailable: true, slots: [newWindow()] }])}>
          {t.schedule.addOpenDay}
        </button>
        <button type="button" class="button small" onClick={() => change([...rows, { date: nextDay, isAvailable: false, slots: [] }])}>
          {t.schedule.addClosedDay}
        </button>
      </div>
    </fieldset>
  );
}

function Editor({ schedule, own }: { schedule?: Schedule; own: OwnProfile }) {
  const zone = own.availability.timezone ?? "UTC";
  const form = useForm(formOf(schedule), async (values, key) => {
    await (schedule ? putSchedulesId(schedule.id, bodyOf(values)) : postSchedules(bodyOf(values), { key }));
    changed("schedules", "schedule", "slots");
    saved();
    navigate("/hours");
  });
  const { type } = form.values;
  const hours = formOfHours(own.availability);
  const schedulePreview = { ...(type === "weekly" && { weeklyPattern: form.values.weeklyPattern }), dateExceptions: form.values.dateExceptions.filter((row) => row.date) };
  return (
    <div class="columns wide-left">
      <FormView form={form}>
        <fieldset class="card">
          <legend>{t.schedule.kind}</legend>
          <div class="radio-cards">
            {types.map((one) => (
              <label key={one}>
                <input type="radio" name="type" checked={type === one} onChange={() => form.set("/type", one)} />
                <span>
                  <b>{t.schedule.types[one]}</b>
                  <small>{t.schedule.typeHints[one]}</small>
                </span>
              </label>
            ))}
          </div>
          <div class="pair">
            <TextField path="/appliedFrom" label={t.schedule.appliedFrom} type="date" hint={t.schedule.openEnd} />
            <TextField path="/appliedTo" label={t.schedule.appliedTo} type="date" hint={t.schedule.openEnd} />
          </div>
          <CheckField path="/isActive" label={t.schedule.active} hint={t.schedule.activeHint} />
        </fieldset>
        {type === "weekly" && (
          <fieldset class="card">
            <legend>{t.schedule.types.weekly}</legend>
            <Weekly form={form} />
          </fieldset>
        )}
        {type === "monthly" && (
          <fieldset class="card">
            <legend>{t.schedule.types.monthly}</legend>
            <Monthly form={form} />
          </fieldset>
        )}
        <Exceptions form={form} zone={zone} />
        <div class="buttons sticky">
          <SubmitButton>{t.common.save}</SubmitButton>
          <button type="button" class="button" onClick={() => navigate("/hours")}>
            {t.common.cancel}
          </button>
        </div>
      </FormView>
      {type === "monthly" ? (
        <aside class="card preview">
          <h2>{t.preview.title}</h2>
          <p class="muted">{t.preview.notMonthly}</p>
        </aside>
      ) : (
        <Preview hours={hours} consulting={own.consulting} schedule={schedulePreview} from={form.values.appliedFrom > today(zone) ? form.values.appliedFrom : undefined} />
      )}
    </div>
  );
}

export function SchedulePage({ id }: { id: string }) {
  const profile = useResource("profile", getSpecialistsMe);
  const schedule = useResource(`schedule:${id}`, async () => (id === "new" ? null : getSchedulesId(id)));
  return (
    <>
      <PageHead title={id === "new" ? t.schedule.newTitle : t.schedule.one} lead={t.schedule.lead} />
      <Loaded of={schedule}>{(one) => <Loaded of={profile}>{(own) => <Editor schedule={one ?? undefined} own={own} />}</Loaded>}</Loaded>
    </>
  );
}
