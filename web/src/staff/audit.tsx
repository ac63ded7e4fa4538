// Who did what and when, newest first; of everybody or of one account.
import { getAdminAudit } from "../generated/client";
import { t } from "../lib/language";
import { usePages } from "../lib/resource";
import { Link, setQuery, useLocation } from "../lib/router";
import { Empty, Listed, PageHead, When } from "../ui/parts";

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
          <div class="table-box">
            <table class="table">
              <thead>
                <tr>
                  <th scope="col">{t.audit.when}</th>
                  <th scope="col">{t.audit.action}</th>
                  <th scope="col">{t.audit.who}</th>
                  <th scope="col">{t.audit.subject}</th>
                  <th scope="col">{t.audit.ip}</th>
                </tr>
              </thead>
              <tbody>
                {entries.map((entry) => (
                  <tr key={entry.id}>
                    <th scope="row">
                      <When at={entry.at} offset={false} />
                    </th>
                    <td data-label={t.audit.action}>
                      <code>{entry.action}</code>
                      {entry.detail && <small class="muted">{entry.detail}</small>}
                    </td>
                    <td data-label={t.audit.who}>
                      {entry.userId ? (
                        <Link to={`/audit?user=${entry.userId}`}>
                          <code>{entry.userId.slice(-8)}</code>
                        </Link>
                      ) : (
                        "–"
                      )}
                    </td>
                    <td data-label={t.audit.subject}>{entry.subject ? <code>{entry.subject.length === 24 ? entry.subject.slice(-8) : entry.subject}</code> : "–"}</td>
                    <td data-label={t.audit.ip}>{entry.ip ?? "–"}</td>
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
