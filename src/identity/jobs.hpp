// What operators see of the background work, and may start of it; work/runner implements it.
#pragma once

#include "core/result.hpp"
#include "record/record.hpp"

namespace visavis::identity {

// How a job stands; for GET /admin/jobs and the metrics.
struct JobState {
    std::string name;
    std::int64_t periodSeconds = 0;
    std::optional<Instant> lastRunAt;
    std::optional<Instant> nextRunAt;
    std::optional<std::string> lastError;
    std::int64_t runs = 0;
};
RECORD(JobState, name, periodSeconds, lastRunAt, nextRunAt, lastError, runs)

class JobControl {
public:
    JobControl() = default;
    JobControl(JobControl const&) = delete;
    JobControl& operator=(JobControl const&) = delete;
    virtual ~JobControl() = default;

    // Runs one job now and waits for its end. notFound for names that there are not.
    virtual Result<void> runJob(std::string const& name) = 0;
    virtual std::vector<JobState> states() const = 0;
};

} // namespace visavis::identity
