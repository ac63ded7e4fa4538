// A week on a narrow screen: its days one under the other, each with its times.
import type { Day } from "../generated/records";
import * as format from "../lib/format";
import { t } from "../lib/language";
import { clockChange, today } from "../lib/time";
import { type Entry, kindOf, nameOf } from "./calendar_entries";

export function Agenda({ days, entries, zone, open }: { days: Day[]; entries: Entry[]; zone: string; open: (id: string) => void }) {
  const now = today(zone);
  return (
    <div class="agenda">
      {days.map((day) => {
        const list = entries.filter((entry) => entry.day === day);
        return (
          <section key={day} class={day === now ? "today" : ""}>
            <h3>
              {format.dayLong(day)}
              {clockChange(zone, day) !== 0 && <span class="badge warn">{clockChange(zone, day) > 0 ? t.calendar.clocksForward : t.calendar.clocksBack}</span>}
            </h3>
            {list.length === 0 && <p class="muted">{t.calendar.nothing}</p>}
            <ul class="chips">
              {list.map((entry) => (
                <li key={entry.id}>
                  <button type="button" class={`chip ${kindOf(entry)}`} aria-label={nameOf(entry, zone)} onClick={() => open(entry.id)}>
                    {format.span(entry.slot.startsAt, entry.slot.endsAt, zone)}
                    {entry.booking && <small>{entry.booking.customer?.name}</small>}
                  </button>
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </div>
  );
}
