// A week by the hour. One stop of the Tab key; arrow keys go between times and days.
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Day } from "../generated/records";
import * as format from "../lib/format";
import { t } from "../lib/language";
import { clockChange, offsetText, timeOf, today } from "../lib/time";
import { type Entry, kindOf, nameOf, startOf } from "./calendar_entries";

interface Props {
  days: Day[];
  entries: Entry[];
  zone: string;
  open: (id: string) => void;
}

const hourHeight = 3.25; // rem
const usualFrom = 8;
const usualTo = 18;

interface Placed extends Entry {
  lane: number;
  lanes: number;
}

/** Entries that meet stand beside each other: each gets the first lane that is free, and all that hang together share the width. */
export function placed(entries: Entry[]): Placed[] {
  const result: Placed[] = [];
  let group: Placed[] = [];
  let groupEnd = -1;
  const flush = () => {
    const lanes = Math.max(0, ...group.map((one) => one.lane)) + 1;
    for (const one of group) one.lanes = lanes;
    result.push(...group);
    group = [];
  };
  for (const entry of entries) {
    if (entry.from >= groupEnd) {
      flush();
      groupEnd = -1;
    }
    const taken = new Set(group.filter((one) => one.to > entry.from).map((one) => one.lane));
    let lane = 0;
    while (taken.has(lane)) ++lane;
    group.push({ ...entry, lane, lanes: 1 });
    groupEnd = Math.max(groupEnd, entry.to);
  }
  flush();
  return result;
}

export function DayHead({ day, zone }: { day: Day; zone: string }) {
  const change = clockChange(zone, day);
  return (
    <>
      <span class="weekday">{format.weekdayShort(day)}</span> <span class="number">{Number(day.slice(8))}</span>
      {change !== 0 && <span class="badge warn">{change > 0 ? t.calendar.clocksForward : t.calendar.clocksBack}</span>}
    </>
  );
}

export function Week({ days, entries, zone, open }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [current, setCurrent] = useState<string>();
  const first = Math.min(usualFrom, ...entries.map((entry) => Math.floor(entry.from / 60)));
  const last = Math.max(usualTo, ...entries.map((entry) => Math.ceil(entry.to / 60)));
  const hours = Array.from({ length: last - first }, (_, i) => first + i);
  const now = today(zone);
  const stop = entries.some((entry) => entry.id === current) ? current : entries[0]?.id;
  const rem = (minutes: number) => `${(minutes / 60) * hourHeight}rem`;

  const focus = (id: string | undefined) => {
    if (!id) return;
    setCurrent(id);
    box.current?.querySelector<HTMLElement>(`[data-id="${id}"]`)?.focus();
  };

  const onKey = (event: JSX.TargetedKeyboardEvent<HTMLDivElement>) => {
    const here = entries.find((entry) => entry.id === (event.target as HTMLElement).dataset.id);
    if (!here) return;
    const inDay = entries.filter((entry) => entry.day === here.day);
    const at = inDay.indexOf(here);
    const sideways = (by: number) => {
      for (let i = days.indexOf(here.day) + by; i >= 0 && i < days.length; i += by) {
        const there = entries.filter((entry) => entry.day === days[i]);
        if (there.length) return there.reduce((best, one) => (Math.abs(one.from - here.from) < Math.abs(best.from - here.from) ? one : best)).id;
      }
      return undefined;
    };
    const target = { ArrowDown: inDay[at + 1]?.id, ArrowUp: inDay[at - 1]?.id, ArrowRight: sideways(1), ArrowLeft: sideways(-1), Home: entries[0]?.id, End: entries.at(-1)?.id };
    if (!(event.key in target)) return;
    event.preventDefault();
    focus(target[event.key as keyof typeof target]);
  };

  useEffect(() => {
    if (current && !entries.some((entry) => entry.id === current)) setCurrent(undefined);
  }, [entries]);

  return (
    <div class="week" ref={box} onKeyDown={onKey} role="group" aria-label={t.calendar.weekHelp}>
      <div class="hours" aria-hidden="true" style={{ height: rem(hours.length * 60) }}>
        {hours.map((hour) => (
          <span key={hour} style={{ top: rem((hour - first) * 60) }}>
            {format.wall(timeOf(hour * 60))}
          </span>
        ))}
      </div>
      {days.map((day) => {
        const list = placed(entries.filter((entry) => entry.day === day));
        return (
          <section key={day} class={"day" + (day === now ? " today" : "")} aria-label={`${format.dayLong(day)}, ${offsetText(zone, startOf(zone, day))}`}>
            <h3 aria-hidden="true">
              <DayHead day={day} zone={zone} />
            </h3>
            <div class="track" style={{ height: rem(hours.length * 60), backgroundSize: `100% ${hourHeight}rem` }}>
              {list.map((entry) => (
                <button
                  key={entry.id}
                  type="button"
                  data-id={entry.id}
                  class={`slot ${kindOf(entry)}`}
                  tabIndex={entry.id === stop ? 0 : -1}
                  aria-label={`${format.dayMedium(day)}, ${nameOf(entry, zone)}`}
                  style={{ top: rem(entry.from - first * 60), height: rem(entry.to - entry.from), left: `${(entry.lane / entry.lanes) * 100}%`, width: `${100 / entry.lanes}%` }}
                  onFocus={() => setCurrent(entry.id)}
                  onClick={() => open(entry.id)}
                >
                  <b>{format.time(entry.slot.startsAt, zone)}</b>
                  <span>{entry.booking?.customer?.name ?? (kindOf(entry) === "free" ? "" : t.calendar.kinds[kindOf(entry)])}</span>
                </button>
              ))}
            </div>
          </section>
        );
      })}
    </div>
  );
}
