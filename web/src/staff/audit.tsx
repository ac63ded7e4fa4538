// Who did what and when, newest first; of everybody or of one account.
import { getAdminAudit } from "../generated/client";
import { t } from "../lib/language";
import { usePages } from "../lib/resource";
import { Link, setQuery, useLocation } from "../lib/router";
import { Empty, Listed, PageHead, When } from "../ui/parts";
import { Table } from "../ui/table";

export function Audit() {
  const { query } = useLocation();
  const user = query.get("user") ?? "";
  const list = usePages(`audit:${user}`, (cursor) => getAdminAudit({ userId: user || undefined, limit: 50, cursor }));
  return (
    <>
      <PageHead title={t.audit.title} lead={t.audit.lead} />
      {user && (
        <p class="notice">
          {t.audit.ofOne} <code>{user}</code>{" "}
          <button type="button" class="button small" onClick={() => setQuery({ user: undefined })}>
            {t.audit.all}
          </button>
        </p>
      )}
      <Listed of={list} empty={<Empty title={t.audit.none} />}>
        {(entries) => (
          <Table
            rows={entries}
            keyOf={(entry) => entry.id}
            columns={[
              { head: t.audit.when, cell: (entry) => <When at={entry.at} offset={false} /> },
              {
                head: t.audit.action,
                cell: (entry) => (
                  <>
                    <code>{entry.action}</code>
                    {entry.detail && <small class="muted">{entry.detail}</small>}
                  </>
                ),
              },
              {
                head: t.audit.who,
                cell: (entry) =>
                  entry.userId ? (
                    <Link to={`/audit?user=${entry.userId}`}>
                      <code>{entry.userId.slice(-8)}</code>
                    </Link>
                  ) : (
                    "–"
                  ),
              },
              { head: t.audit.subject, cell: (entry) => (entry.subject ? <code>{entry.subject.length === 24 ? entry.subject.slice(-8) : entry.subject}</code> : "–") },
              { head: t.audit.ip, cell: (entry) => entry.ip ?? "–" },
            ]}
          />
        )}
      </Listed>
    </>
  );
}
