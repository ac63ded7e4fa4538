// What the platform does by itself: when it ran, when it will, and what went wrong.
import { getAdminJobs, postAdminJobsNameRuns } from "../generated/client";
import * as format from "../lib/format";
import { t } from "../lib/language";
import { changed, usePages } from "../lib/resource";
import { Action, Empty, Listed, PageHead, When } from "../ui/parts";
import { Table } from "../ui/table";
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
          <Table
            rows={jobs}
            keyOf={(job) => job.name}
            columns={[
              {
                head: t.jobs.name,
                cell: (job) => (
                  <>
                    <code>{job.name}</code>
                    {job.lastError && <small class="error">{job.lastError}</small>}
                  </>
                ),
              },
              { head: t.jobs.every, cell: (job) => t.jobs.seconds(format.number(job.periodSeconds)) },
              { head: t.jobs.last, cell: (job) => (job.lastRunAt ? format.relative(job.lastRunAt) : "–") },
              { head: t.jobs.next, cell: (job) => (job.nextRunAt ? <When at={job.nextRunAt} offset={false} /> : "–") },
              { head: t.jobs.runs, end: true, cell: (job) => format.number(job.runs) },
              {
                head: t.common.actions,
                unseen: true,
                end: true,
                cell: (job) =>
                  isAdmin() && (
                    <Action kind="small" done={t.jobs.done(job.name)} label={`${t.jobs.run}: ${job.name}`} run={() => run(job.name)}>
                      {t.jobs.run}
                    </Action>
                  ),
              },
            ]}
          />
        )}
      </Listed>
    </>
  );
}
