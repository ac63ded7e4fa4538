// The pages of staff. Support reads, administrators act; the audit log is for administrators alone.
import { t } from "../lib/language";
import type { Role } from "../shell/shell";
import { Account } from "../shared/account";
import { Notifications } from "../shared/notifications";
import { Audit } from "./audit";
import { Jobs } from "./jobs";
import { Outbox } from "./outbox";
import { AllPayments } from "./payments";
import { setAdmin } from "./power";
import { Specialists } from "./specialists";
import { Users } from "./users";

export function staff(isAdmin: boolean): Role {
  setAdmin(isAdmin);
  return {
    name: isAdmin ? t.roles.admin : t.roles.support,
    menu: [
      { to: "/", icon: "people", text: t.users.title },
      { to: "/specialists", icon: "shield", text: t.staffSpecialists.title },
      { to: "/payments", icon: "card", text: t.payments.title },
      { to: "/jobs", icon: "work", text: t.jobs.title },
      { to: "/outbox", icon: "outbox", text: t.outbox.title },
      ...(isAdmin ? [{ to: "/audit", icon: "list" as const, text: t.audit.title }] : []),
    ],
    pages: [
      { path: "/", page: Users },
      { path: "/specialists", page: Specialists },
      { path: "/payments", page: AllPayments },
      { path: "/jobs", page: Jobs },
      { path: "/outbox", page: Outbox },
      { path: "/notifications", page: Notifications },
      { path: "/account", page: Account },
      ...(isAdmin ? [{ path: "/audit", page: Audit }] : []),
    ],
  };
}
