// What went wrong, in the words of the page, and what to do about it.
import type { Problem } from "../api/http";
import { t } from "../lib/language";

export function problemText(problem: Problem): string {
  const known = t.problems[problem.code as keyof typeof t.problems];
  if (known) return known;
  if (problem.status === 0) return t.problems.offline;
  if (problem.status >= 500) return t.problems.unavailable + (problem.requestId ? ` (${problem.requestId})` : "");
  return problem.detail || t.problems.unavailable;
}

export function ProblemView({ problem, retry }: { problem: Problem; retry?: () => void }) {
  return (
    <div class="notice danger" role="alert">
      <p>{problemText(problem)}</p>
      {retry && problem.status !== 404 && problem.status !== 403 && (
        <button type="button" class="button" onClick={retry}>
          {t.common.tryAgain}
        </button>
      )}
    </div>
  );
}
