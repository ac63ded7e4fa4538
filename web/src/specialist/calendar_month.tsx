// A month: per day how much is booked and how much is free; a day leads to its week.
import type { Day } from "../generated/records";
import * as format from "../lib/format";
import { t } from "../lib/language";
import { today } from "../lib/time";
import { type Entry, kindOf } from "./calendar_entries";

interface Props {
  /** YYYY-MM */
  month: string;
  days: Day[];
  entries: Entry[];
  zone: string;
  open: (day: Day) => void;
}

export function Month({ month, days, entries, zone, open }: Props) {
  const now = today(zone);
  const counts = new Map<Day, Record<ReturnType<typeof kindOf>, number>>();
  for (const entry of entries) {
    const count = counts.get(entry.day) ?? { free: 0, booked: 0, held: 0, blocked: 0, buffer: 0 };
    ++count[kindOf(entry)];
    counts.set(entry.day, count);
  }
  return (
    <div class="month">
      <div class="weekdays" aria-hidden="true">
        {days.slice(0, 7).map((day) => (
          <span key={day}>{format.weekdayShort(day)}</span>
        ))}
      </div>
      <ol>
        {days.map((day) => {
          const count = counts.get(day);
          const booked = (count?.booked ?? 0) + (count?.held ?? 0);
          const label = `${format.dayLong(day)}: ${t.calendar.bookedCount(booked)}, ${t.calendar.freeCount(count?.free ?? 0)}`;
          return (
            <li key={day} class={(day.startsWith(month) ? "" : "outside ") + (day === now ? "today" : "")}>
              <button type="button" aria-label={label} aria-current={day === now ? "date" : undefined} onClick={() => open(day)}>
                <span class="number">{Number(day.slice(8))}</span>
                <span class="counts">
                  {booked > 0 && <span class="mark booked">{booked}</span>}
                  {(count?.free ?? 0) > 0 && <span class="mark free">{count!.free}</span>}
                  {(count?.blocked ?? 0) > 0 && <span class="mark blocked">{count!.blocked}</span>}
                </span>
              </button>
            </li>
          );
        })}
      </ol>
    </div>
  );
}
