// Accounts: found by address, type and state; suspended with a reason, and lifted.
import { useState } from "preact/hooks";
import { deleteAdminUsersIdSuspension, getAdminUsers, postAdminUsersIdSuspension } from "../generated/client";
import type { AdminUser, UserType } from "../generated/records";
import { AreaField, FormView, saved, SubmitButton, useForm } from "../lib/form";
import { t } from "../lib/language";
import { changed, usePages } from "../lib/resource";
import { Link, setQuery, useLocation } from "../lib/router";
import { useSession } from "../lib/session";
import { Action, Choices, Dialog, DialogButtons, Empty, Face, Listed, PageHead, When } from "../ui/parts";
import { Table } from "../ui/table";
import { isAdmin } from "./power";

const usersChanged = () => changed("users");

function SuspendDialog({ user, close }: { user: AdminUser; close: () => void }) {
  const form = useForm({ reason: "" }, async (values, key) => {
    await postAdminUsersIdSuspension(user.id, { reason: values.reason || undefined }, { key });
    usersChanged();
    saved();
    close();
  });
  return (
    <Dialog title={t.users.suspendTitle(user.name)} close={close}>
      <p>{user.userType === "specialist" ? t.users.suspendSpecialist : user.userType === "customer" ? t.users.suspendCustomer : t.users.suspendStaff}</p>
      <FormView form={form}>
        <AreaField path="/reason" label={t.users.reason} hint={t.users.reasonHint} rows={2} maxLength={500} />
        <DialogButtons close={close}>
          <SubmitButton danger>{t.users.suspend}</SubmitButton>
        </DialogButtons>
      </FormView>
    </Dialog>
  );
}

function typeText(user: AdminUser): string {
  if (user.userType) return t.roles[user.userType];
  return user.roles.map((role) => t.roles[role]).join(", ") || "–";
}

function Powers({ user, suspend }: { user: AdminUser; suspend: () => void }) {
  const { user: self } = useSession();
  if (!isAdmin()) return null;
  return (
    <>
      <Link class="button small" to={`/audit?user=${user.id}`}>{t.audit.title}<span class="sr">: {user.name}</span></Link>
      {user.id !== self.id && (user.isActive ? (
        <button type="button" class="button small" aria-label={`${t.users.suspend}: ${user.name}`} onClick={suspend}>
          {t.users.suspend}
        </button>
      ) : (
        <Action kind="small" done={t.users.lifted} label={`${t.users.lift}: ${user.name}`} run={() => deleteAdminUsersIdSuspension(user.id).then(usersChanged)}>
          {t.users.lift}
        </Action>
      ))}
    </>
  );
}

export function Users() {
  const { query } = useLocation();
  const [suspending, setSuspending] = useState<AdminUser>();
  const email = query.get("email") ?? "";
  const type = (query.get("type") ?? "") as UserType | "";
  const state = query.get("state") ?? "";
  const list = usePages(`users:${email}:${type}:${state}`, (cursor) =>
    getAdminUsers({ email: email || undefined, userType: type || undefined, isActive: state ? state === "active" : undefined, cursor }),
  );
  const find = (event: Event) => {
    event.preventDefault();
    setQuery({ email: String(new FormData(event.currentTarget as HTMLFormElement).get("email") ?? "").trim() });
  };
  return (
    <>
      <PageHead title={t.users.title} />
      <div class="filters">
        <form class="field search" role="search" onSubmit={find}>
          <label for="email">{t.users.byEmail}</label>
          <div class="joined">
            <input id="email" name="email" type="email" defaultValue={email} />
            <button type="submit" class="button">
              {t.users.find}
            </button>
          </div>
        </form>
        <Choices label={t.users.type} value={type} options={[["", t.users.everybody], ["specialist", t.roles.specialist], ["customer", t.roles.customer]]} choose={(value) => setQuery({ type: value })} />
        <Choices label={t.users.state} value={state} options={[["", t.users.anyState], ["active", t.users.active], ["suspended", t.users.suspended]]} choose={(value) => setQuery({ state: value })} />
      </div>
      <Listed of={list} empty={<Empty title={t.users.none} />}>
        {(users) => (
          <Table
            rows={users}
            keyOf={(user) => user.id}
            columns={[
              {
                head: t.users.name,
                cell: (user) => (
                  <span class="with-face">
                    <Face name={user.name} image={user.profileImage} />
                    <span>
                      {user.name}
                      <small class="muted">{user.email}</small>
                    </span>
                  </span>
                ),
              },
              { head: t.users.type, cell: typeText },
              {
                head: t.users.state,
                cell: (user) => (
                  <>
                    <span class={`badge ${user.isActive ? "ok" : "bad"}`}>{user.isActive ? t.users.active : t.users.suspended}</span>
                    {!user.isVerified && <span class="badge warn">{t.account.unverified}</span>}
                  </>
                ),
              },
              { head: t.users.lastLogin, cell: (user) => (user.lastLogin ? <When at={user.lastLogin} offset={false} /> : "–") },
              { head: t.common.actions, unseen: true, end: true, cell: (user) => <Powers user={user} suspend={() => setSuspending(user)} /> },
            ]}
          />
        )}
      </Listed>
      {suspending && <SuspendDialog user={suspending} close={() => setSuspending(undefined)} />}
    </>
  );
}
