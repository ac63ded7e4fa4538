// The handlers for operators: background work, the outbox and the audit log. Support reads all but the audit log.
#pragma once

#include "api/route.hpp"
#include "identity/jobs.hpp"
#include "store/outbox.hpp"

namespace visavis::api {

struct JobName {
    std::string name;
};
RECORD(JobName, name)

struct OutboxQuestion {
    std::optional<OutboxStatus> status;
    std::optional<Bounded<1, 100>> limit;
    std::optional<std::string> cursor;
};
RECORD(OutboxQuestion, status, limit, cursor)

struct OutboxPath {
    Ref<OutboxEntry> id;
};
RECORD(OutboxPath, id)

struct AuditQuestion {
    std::optional<Ref<identity::User>> userId;
    std::optional<Bounded<1, 100>> limit;
    std::optional<std::string> cursor;
};
RECORD(AuditQuestion, userId, limit, cursor)

// GET /admin/jobs, POST /admin/jobs/{name}/runs: the job's state after it has run; a failure is its lastError.
Result<Page<identity::JobState>> listJobs(Call& call, identity::PageQuery const& input);
Result<identity::JobState> runJob(Call& call, JobName const& input);
// GET /admin/outbox: the failed ones first, then what waits, in the order of its time. Done ones by ?status=done, latest first.
Result<Page<OutboxEntry>> listOutbox(Call& call, OutboxQuestion const& input);
// POST /admin/outbox/{id}/retry: due at once, as if never tried. wrong_state when done.
Result<OutboxEntry> retryOutbox(Call& call, OutboxPath const& path);
// GET /admin/audit: newest first.
Result<Page<identity::AuditEntry>> listAudit(Call& call, AuditQuestion const& input);

} // namespace visavis::api
