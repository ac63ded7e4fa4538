// What the platform does by itself: when it ran, when it will, and what went wrong.
import { getAdminJobs, postAdminJobsNameRuns } from "../generated/client";
import * as format from "../lib/format";
import { t } from "../lib/language";
import { changed, usePages } from "../lib/resource";
import { Action, Empty, Listed, PageHead, When } from "../ui/parts";
import { isAdmin } from "./power";

export function Jobs() {
  const list = usePages("jobs", (cursor) => getAdminJobs({ limit: 100, cursor }));
  const run = async (name: string) => {
    await postAdminJobsNameRuns(name);
    changed("jobs");
  };
  return (
    <>
      <PageHead title={t.jobs.title} lead={t.jobs.lead}>
        <button type="button" class="button" onClick={list.reload}>
          {t.common.refresh}
        </button>
      </PageHead>
      <Listed of={list} empty={<Empty title={t.jobs.none} />}>
        {(jobs) => (
          <div class="table-box">
            <table class="table">
              <thead>
                <tr>
                  <th scope="col">{t.jobs.name}</th>
                  <th scope="col">{t.jobs.every}</th>
                  <th scope="col">{t.jobs.last}</th>
                  <th scope="col">{t.jobs.next}</th>
                  <th scope="col" class="end">{t.jobs.runs}</th>
                  <th scope="col">
                    <span class="sr">{t.common.actions}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {jobs.map((job) => (
                  <tr key={job.name}>
                    <th scope="row">
                      <code>{job.name}</code>
                      {job.lastError && <small class="error">{job.lastError}</small>}
                    </th>
                    <td data-label={t.jobs.every}>{t.jobs.seconds(format.number(job.periodSeconds))}</td>
                    <td data-label={t.jobs.last}>{job.lastRunAt ? format.relative(job.lastRunAt) : "–"}</td>
                    <td data-label={t.jobs.next}>{job.nextRunAt ? <When at={job.nextRunAt} offset={false} /> : "–"}</td>
                    <td class="end" data-label={t.jobs.runs}>{format.number(job.runs)}</td>
                    <td class="end">
                      {isAdmin() && (
                        <Action kind="small" done={t.jobs.done(job.name)} label={`${t.jobs.run}: ${job.name}`} run={() => run(job.name)}>
                          {t.jobs.run}
                        </Action>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Listed>
    </>
  );
}
