// News and effects on their way: what failed, what waits, what is done; a failed one can be tried again.
import { getAdminOutbox, postAdminOutboxIdRetry } from "../generated/client";
import type { OutboxStatus } from "../generated/records";
import * as format from "../lib/format";
import { t } from "../lib/language";
import { changed, usePages } from "../lib/resource";
import { setQuery, useLocation } from "../lib/router";
import { Action, Choices, Empty, Listed, PageHead, When } from "../ui/parts";
import { Table } from "../ui/table";
import { isAdmin } from "./power";

const statuses: OutboxStatus[] = ["failed", "waiting", "done"];
const tone = { failed: "bad", waiting: "warn", done: "ok" };

export function Outbox() {
  const { query } = useLocation();
  const status = (statuses.find((one) => one === query.get("status")) ?? "") as OutboxStatus | "";
  const list = usePages(`outbox:${status}`, (cursor) => getAdminOutbox({ status: status || undefined, cursor }));
  return (
    <>
      <PageHead title={t.outbox.title} lead={t.outbox.lead}>
        <button type="button" class="button" onClick={list.reload}>
          {t.common.refresh}
        </button>
      </PageHead>
      <Choices label={t.payments.status} value={status} options={[["", t.outbox.open] as const, ...statuses.map((one) => [one, t.outbox.statuses[one]] as const)]} choose={(value) => setQuery({ status: value })} />
      <Listed of={list} empty={<Empty title={t.outbox.none} />}>
        {(entries) => (
          <Table
            rows={entries}
            keyOf={(entry) => entry.id}
            columns={[
              {
                head: t.outbox.topic,
                cell: (entry) => (
                  <>
                    <code>{entry.topic}</code>
                    {entry.lastError && <small class="error">{entry.lastError}</small>}
                  </>
                ),
              },
              { head: t.payments.status, cell: (entry) => <span class={`badge ${tone[entry.status]}`}>{t.outbox.statuses[entry.status]}</span> },
              { head: t.outbox.attempts, end: true, cell: (entry) => format.number(entry.attempts) },
              { head: t.outbox.next, cell: (entry) => <When at={entry.doneAt ?? entry.nextAt} offset={false} /> },
              {
                head: t.common.actions,
                unseen: true,
                end: true,
                cell: (entry) =>
                  isAdmin() &&
                  entry.status !== "done" && (
                    <Action kind="small" done={t.outbox.retried} label={`${t.outbox.retry}: ${entry.topic}`} run={() => postAdminOutboxIdRetry(entry.id).then(() => changed("outbox"))}>
                      {t.outbox.retry}
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
