// The slots that rules make before they are saved: asked of the server, which alone knows how, a moment after the last key.
import { useEffect, useState } from "preact/hooks";
import { Problem } from "../api/http";
import { postSlotsPreview } from "../generated/client";
import type { Consulting, PreviewSlot } from "../generated/records";
import type { PreviewSchedule } from "../generated/inputs";
import * as format from "../lib/format";
import { t } from "../lib/language";
import { addDays, clockChange, today } from "../lib/time";
import { problemText } from "../ui/problem";
import { type HoursForm, hoursOf } from "./hours_form";

const previewDays = 14;
const settleMs = 300;

interface Props {
  hours: HoursForm;
  consulting: Consulting;
  schedule?: PreviewSchedule;
  /** The first day shown; default: today. */
  from?: string;
}

interface Outcome {
  slots: PreviewSlot[];
  problem?: Problem;
}

export function Preview({ hours, consulting, schedule, from: wanted }: Props) {
  const [duration, setDuration] = useState(consulting.defaultDuration);
  const [outcome, setOutcome] = useState<Outcome>();
  const [waiting, setWaiting] = useState(true);
  const from = wanted ?? today(hours.timezone);
  const asked = JSON.stringify([hours, schedule, duration, from]);

  useEffect(() => {
    const abort = new AbortController();
    setWaiting(true);
    const timer = window.setTimeout(() => {
      const body = { availability: { ...hours, workingHours: hoursOf(hours) }, schedule, duration, from, to: addDays(from, previewDays - 1) };
      postSlotsPreview(body, { signal: abort.signal }).then(
        (preview) => {
          setOutcome({ slots: preview.slots });
          setWaiting(false);
        },
        (failed) => {
          if (!(failed instanceof Problem)) return; // overtaken by the next one
          setOutcome((last) => ({ slots: last?.slots ?? [], problem: failed }));
          setWaiting(false);
        },
      );
    }, settleMs);
    return () => {
      window.clearTimeout(timer);
      abort.abort();
    };
  }, [asked]);

  const days = [...new Set(outcome?.slots.map((slot) => slot.date) ?? [])];
  return (
    <aside class="card preview" aria-labelledby="preview-title" aria-busy={waiting} tabIndex={0}>
      <h2 id="preview-title">{t.preview.title}</h2>
      <p class="muted">{t.preview.lead(previewDays)}</p>
      {consulting.sessionDurations.length > 1 && (
        <div class="field">
          <label for="preview-duration">{t.preview.duration}</label>
          <select id="preview-duration" value={duration} onChange={(e) => setDuration(Number(e.currentTarget.value))}>
            {consulting.sessionDurations.map((one) => (
              <option key={one} value={one}>
                {format.minutes(one)}
              </option>
            ))}
          </select>
        </div>
      )}
      <p class="figure" role="status">
        {outcome && !outcome.problem ? t.preview.count(outcome.slots.length) : ""}
      </p>
      {outcome?.problem && <p class="error">{outcome.problem.errors[0] ? `${outcome.problem.errors[0].path.slice(1)}: ${outcome.problem.errors[0].message}` : problemText(outcome.problem)}</p>}
      {outcome && !outcome.problem && !days.length && <p>{t.preview.none}</p>}
      <ol class="preview-days">
        {days.map((day) => {
          const list = outcome!.slots.filter((slot) => slot.date === day);
          return (
            <li key={day}>
              <h3>
                {format.dayMedium(day)} <span class="offset">UTC{list[0]!.utcOffset.replace("-", "\u2212")}</span>
                {clockChange(hours.timezone, day) !== 0 && <span class="badge warn">{clockChange(hours.timezone, day) > 0 ? t.calendar.clocksForward : t.calendar.clocksBack}</span>}
              </h3>
              <p class="ticks">
                {list.map((slot) => (
                  <span key={slot.startsAt}>{format.wall(slot.startTime)}</span>
                ))}
              </p>
            </li>
          );
        })}
      </ol>
    </aside>
  );
}
