// The dashboard begins: language, then who is logged in, then the pages of their role alone.
import { render } from "preact";
import { Problem } from "./api/http";
import { getAuthMe, getCustomersMe, getSpecialistsMe } from "./generated/client";
import type { UserView } from "./generated/records";
import { loadLanguage, t } from "./lib/language";
import type { Session } from "./lib/session";
import { ownZone } from "./lib/time";
import { Shell, type Role } from "./shell/shell";
import "../assets/tokens.css";
import "./styles/base.css";
import "./styles/parts.css";
import "./styles/forms.css";
import "./styles/calendar.css";
import "./styles/pages.css";
import { problemText } from "./ui/problem";

async function roleOf(user: UserView): Promise<{ role: Role; zone?: string }> {
  if (user.userType === "specialist") {
    const [role, profile] = await Promise.all([import("./specialist"), getSpecialistsMe()]);
    return { role: role.specialist, zone: profile.availability.timezone };
  }
  if (user.userType === "customer") {
    const [role, profile] = await Promise.all([import("./customer"), getCustomersMe()]);
    return { role: role.customer, zone: profile.timezone };
  }
  return { role: (await import("./staff")).staff(user.roles.includes("admin")) };
}

async function begin(into: HTMLElement): Promise<void> {
  await loadLanguage();
  try {
    const { user } = await getAuthMe();
    const { role, zone } = await roleOf(user);
    const session: Session = { user, zone: zone ?? ownZone() };
    render(<Shell role={role} session={session} />, into);
  } catch (failed) {
    if (failed instanceof Problem && failed.code === "unauthenticated") return; // on the way to the log-in
    const problem = failed instanceof Problem ? failed : new Problem(0, "broken", String(failed));
    render(
      <main class="alone">
        <h1>{t.problems.cannotStart}</h1>
        <p>{problemText(problem)}</p>
        <button type="button" class="button primary" onClick={() => location.reload()}>
          {t.common.tryAgain}
        </button>
      </main>,
      into,
    );
  }
}

void begin(document.getElementById("app")!);
