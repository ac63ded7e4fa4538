// The own calendar: a week by the hour (a list of days on a phone), or a month; in the specialist's own zone.
import { useMemo, useState } from "preact/hooks";
import type { Day } from "../generated/records";
import * as format from "../lib/format";
import { t } from "../lib/language";
import { useResource } from "../lib/resource";
import { setQuery, useLocation } from "../lib/router";
import { useZone } from "../lib/session";
import { addDays, addMonths, firstOfMonth, mondayOf, offsetText, today } from "../lib/time";
import { Icon } from "../ui/icon";
import { Choices, Loaded, PageHead, useMedia } from "../ui/parts";
import { Agenda } from "./calendar_agenda";
import { entriesBetween, startOf } from "./calendar_entries";
import { Month } from "./calendar_month";
import { Week } from "./calendar_week";
import { NewSlotDialog, SlotDialog } from "./slot_dialogs";

export function Calendar() {
  const zone = useZone();
  const { query } = useLocation();
  const isNarrow = useMedia("(max-width: 899px)");
  const view = query.get("view") === "month" ? "month" : "week";
  const day = /^\d{4}-\d\d-\d\d$/.test(query.get("day") ?? "") ? query.get("day")! : today(zone);
  const from = view === "month" ? mondayOf(firstOfMonth(day)) : mondayOf(day);
  const to = view === "month" ? addDays(mondayOf(addDays(addMonths(day, 1), -1)), 7) : addDays(from, 7);
  const list = useResource(`slots:${zone}:${from}:${to}`, () => entriesBetween(zone, from, to));
  const [open, setOpen] = useState<string>();
  const [adding, setAdding] = useState(false);
  const days = useMemo(() => Array.from({ length: (Date.parse(to) - Date.parse(from)) / 86_400_000 }, (_, i) => addDays(from, i)), [from, to]);
  const go = (there: Day) => setQuery({ day: there });
  const step = (by: number) => go(view === "month" ? addMonths(day, by) : addDays(day, 7 * by));
  const title = view === "month" ? format.monthLong(day) : t.calendar.weekOf(format.dayMedium(from), format.dayMedium(addDays(from, 6)));
  const shown = list.data?.find((entry) => entry.id === open);
  const showDay = (there: Day) => setQuery({ view: undefined, day: there });

  return (
    <>
      <PageHead title={t.calendar.title} lead={t.calendar.zone(format.zoneName(zone), offsetText(zone, startOf(zone, from)))}>
        <button type="button" class="button primary" onClick={() => setAdding(true)}>
          <Icon name="plus" />
          {t.calendar.add}
        </button>
      </PageHead>
      <div class="calendar-bar">
        <div class="buttons">
          <button type="button" class="icon-button" aria-label={t.calendar.earlier} onClick={() => step(-1)}>
            <Icon name="left" />
          </button>
          <button type="button" class="button" onClick={() => go(today(zone))}>
            {t.calendar.today}
          </button>
          <button type="button" class="icon-button" aria-label={t.calendar.later} onClick={() => step(1)}>
            <Icon name="right" />
          </button>
        </div>
        <h2 aria-live="polite">{title}</h2>
        <Choices label={t.calendar.view} value={view} options={[["week", t.calendar.week], ["month", t.calendar.month]]} choose={(value) => setQuery({ view: value === "month" ? "month" : undefined, day })} />
      </div>
      <Loaded of={list}>
        {(entries) =>
          view === "month" ? (
            <Month month={day.slice(0, 7)} days={days} entries={entries} zone={zone} open={showDay} />
          ) : isNarrow ? (
            <Agenda days={days} entries={entries} zone={zone} open={setOpen} />
          ) : (
            <Week days={days} entries={entries} zone={zone} open={setOpen} />
          )
        }
      </Loaded>
      <ul class="legend" aria-label={t.calendar.legend}>
        {(["free", "held", "booked", "blocked"] as const).map((kind) => (
          <li key={kind}>
            <i class={`swatch ${kind}`} />
            {t.calendar.kinds[kind]}
          </li>
        ))}
      </ul>
      {shown && <SlotDialog entry={shown} close={() => setOpen(undefined)} />}
      {adding && <NewSlotDialog day={view === "week" && !days.includes(today(zone)) ? from : addDays(today(zone), 1)} close={() => setAdding(false)} />}
    </>
  );
}
