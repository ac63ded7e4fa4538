// Looking into the machine room, and the few levers there.
#include "api/admin.hpp"

#include "identity/service.hpp"

namespace visavis::api {
namespace {

using identity::JobState;

std::vector<JobState>::const_iterator named(std::vector<JobState> const& all, std::string const& name) {
    return std::find_if(all.begin(), all.end(), [&](JobState const& job) { return job.name == name; });
}

} // namespace

// The table of jobs is short and fixed: the position in it is a name.
Result<Page<JobState>> listJobs(Call& call, identity::PageQuery const& input) {
    auto const all = call.platform.jobs ? call.platform.jobs->states() : std::vector<JobState>();
    auto from = all.begin();
    if (auto const after = input.cursor.value_or(""); !after.empty()) {
        from = named(all, after);
        if (from == all.end()) return invalid("/cursor", "format", "Must be a nextCursor of this list.");
        ++from;
    }
    Page<JobState> page;
    auto const left = static_cast<std::size_t>(all.end() - from);
    auto const count = std::min(left, identity::pageSize(input.limit));
    page.items.assign(from, from + static_cast<std::ptrdiff_t>(count));
    if (count < left) page.nextCursor = page.items.back().name;
    return page;
}

Result<JobState> runJob(Call& call, JobName const& input) {
    if (call.platform.jobs == nullptr) return unavailable("No jobs run here.");
    CHECK(call.platform.jobs->runJob(input.name));
    auto const all = call.platform.jobs->states();
    return call.transact([&](Tx& tx) -> Result<JobState> {
        CHECK(identity::auditIn(call, tx, "job.run", input.name));
        return *named(all, input.name);
    });
}

Result<Page<OutboxEntry>> listOutbox(Call& call, OutboxQuestion const& input) {
    // In the order of the words failed comes before waiting, and done before both.
    auto where = input.status ? outbox->status == *input.status : outbox->status >= OutboxStatus::failed;
    return visavis::read(call.store, [&](Reader& reader) {
        auto found = reader.find(outbox, std::move(where));
        auto sorted = input.status == OutboxStatus::done ? std::move(found).sort(desc(outbox->nextAt), desc(outbox->id))
                      : input.status                     ? std::move(found).sort(outbox->nextAt, outbox->id)
                                                         : std::move(found).sort(outbox->status, outbox->nextAt, outbox->id);
        return std::move(sorted).limit(identity::pageSize(input.limit)).page(input.cursor.value_or(""));
    });
}

Result<OutboxEntry> retryOutbox(Call& call, OutboxPath const& path) {
    return call.transact([&](Tx& tx) -> Result<OutboxEntry> {
        auto entry = tx.get(outbox, path.id);
        if (!entry) return notFound();
        if (entry->status == OutboxStatus::done) return wrongState(wordOf(entry->status));
        entry->status = OutboxStatus::waiting;
        entry->attempts = 0;
        entry->nextAt = call.now;
        entry->holder.reset(); // whoever has it in hand may not note what became of it any more
        CHECK(tx.replace(outbox, *entry));
        CHECK(identity::auditIn(call, tx, "outbox.retried", entry->id.hex()));
        tx.touch(outboxGeneration());
        return std::move(*entry);
    });
}

Result<Page<identity::AuditEntry>> listAudit(Call& call, AuditQuestion const& input) {
    auto const& entries = identity::auditEntries;
    auto where = entries->at <= call.now;
    if (input.userId) where = std::move(where) && entries->userId == *input.userId;
    return visavis::read(call.store, [&](Reader& reader) {
        return reader.find(entries, std::move(where))
            .sort(desc(entries->at), desc(entries->id))
            .limit(identity::pageSize(input.limit))
            .page(input.cursor.value_or(""));
    });
}

} // namespace visavis::api
