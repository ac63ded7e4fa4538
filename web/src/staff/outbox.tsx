// News and effects on their way: what failed, what waits, what is done; a failed one can be tried again.
import { getAdminOutbox, postAdminOutboxIdRetry } from "../generated/client";
import type { OutboxStatus } from "../generated/records";
import * as format from "../lib/format";
import { t } from "../lib/language";
import { changed, usePages } from "../lib/resource";
import { setQuery, useLocation } from "../lib/router";
import { Action, Choices, Empty, Listed, PageHead, When } from "../ui/parts";
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
          <div class="table-box">
            <table class="table">
              <thead>
                <tr>
                  <th scope="col">{t.outbox.topic}</th>
                  <th scope="col">{t.payments.status}</th>
                  <th scope="col" class="end">{t.outbox.attempts}</th>
                  <th scope="col">{t.outbox.next}</th>
                  <th scope="col">
                    <span class="sr">{t.common.actions}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {entries.map((entry) => (
                  <tr key={entry.id}>
                    <th scope="row">
                      <code>{entry.topic}</code>
                      {entry.lastError && <small class="error">{entry.lastError}</small>}
                    </th>
                    <td data-label={t.payments.status}>
                      <span class={`badge ${tone[entry.status]}`}>{t.outbox.statuses[entry.status]}</span>
                    </td>
                    <td class="end" data-label={t.outbox.attempts}>{format.number(entry.attempts)}</td>
                    <td data-label={t.outbox.next}>
                      <When at={entry.doneAt ?? entry.nextAt} offset={false} />
                    </td>
                    <td class="end">
                      {isAdmin() && entry.status !== "done" && (
                        <Action kind="small" done={t.outbox.retried} label={`${t.outbox.retry}: ${entry.topic}`} run={() => postAdminOutboxIdRetry(entry.id).then(() => changed("outbox"))}>
                          {t.outbox.retry}
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
