// Schedules that stand above the working hours for a time, or add days to them.
import { deleteSchedulesId, getSchedules } from "../generated/client";
import type { Schedule } from "../generated/records";
import * as format from "../lib/format";
import { t } from "../lib/language";
import { changed, usePages } from "../lib/resource";
import { Link } from "../lib/router";
import { Action, Empty, Listed } from "../ui/parts";

export function spanText(schedule: Pick<Schedule, "appliedFrom" | "appliedTo">): string {
  const { appliedFrom, appliedTo } = schedule;
  if (appliedFrom && appliedTo) return t.schedule.between(format.dayMedium(appliedFrom), format.dayMedium(appliedTo));
  if (appliedFrom) return t.schedule.fromDay(format.dayMedium(appliedFrom));
  if (appliedTo) return t.schedule.toDay(format.dayMedium(appliedTo));
  return t.schedule.always;
}

export function ScheduleList() {
  const list = usePages("schedules", (cursor) => getSchedules({ cursor }));
  const remove = (schedule: Schedule) => deleteSchedulesId(schedule.id).then(() => changed("schedules", "slots"));
  return (
    <section class="card">
      <div class="card-head">
        <h2>{t.schedule.title}</h2>
        <Link class="button" to="/hours/new">
          {t.schedule.add}
        </Link>
      </div>
      <p class="muted">{t.schedule.lead}</p>
      <Listed of={list} empty={<Empty title={t.schedule.none} />}>
        {(schedules) => (
          <ul class="rows">
            {schedules.map((one) => (
              <li key={one.id} class="row">
                <span class="row-main">
                  <b>
                    <Link to={`/hours/${one.id}`}>{t.schedule.types[one.type]}</Link>
                  </b>
                  <span class="muted">
                    {spanText(one)}
                    {one.dateExceptions.length > 0 && ` · ${t.schedule.exceptionCount(one.dateExceptions.length)}`}
                  </span>
                </span>
                <span class={`badge ${one.isActive ? "ok" : "off"}`}>{one.isActive ? t.schedule.active : t.schedule.inactive}</span>
                <Action kind="small" done={t.schedule.deleted} run={() => remove(one)} label={`${t.common.remove}: ${t.schedule.types[one.type]}, ${spanText(one)}`}>
                  {t.common.remove}
                </Action>
              </li>
            ))}
          </ul>
        )}
      </Listed>
    </section>
  );
}
