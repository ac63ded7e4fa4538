// The account itself: language, address, password, and where it is logged in.
import { deleteAuthSessionsId, getAuthSessions, postAuthChangePassword, postAuthResendVerification } from "../generated/client";
import { fieldProblem, FormView, SubmitButton, TextField, useForm } from "../lib/form";
import { choose, language, t } from "../lib/language";
import { changed, usePages } from "../lib/resource";
import { useSession } from "../lib/session";
import { announce } from "../ui/announce";
import { Action, Choices, Empty, Facts, Listed, PageHead, When } from "../ui/parts";

function Password() {
  const empty = { currentPassword: "", newPassword: "" };
  const form = useForm(empty, async (values) => {
    if (!values.currentPassword) throw fieldProblem("/currentPassword", t.form.needed);
    if (!values.newPassword) throw fieldProblem("/newPassword", t.form.needed);
    await postAuthChangePassword(values);
    form.reset(empty);
    changed("sessions");
    announce(t.account.passwordChanged);
  });
  return (
    <section class="card">
      <h2>{t.account.password}</h2>
      <FormView form={form}>
        <TextField path="/currentPassword" label={t.account.currentPassword} type="password" autocomplete="current-password" />
        <TextField path="/newPassword" label={t.account.newPassword} hint={t.account.passwordHint} type="password" autocomplete="new-password" />
        <div class="buttons">
          <SubmitButton>{t.account.changePassword}</SubmitButton>
        </div>
      </FormView>
    </section>
  );
}

function LogIns() {
  const list = usePages("sessions", (cursor) => getAuthSessions({ cursor }));
  return (
    <section class="card">
      <h2>{t.account.logIns}</h2>
      <Listed of={list} empty={<Empty title={t.account.noLogIns} />}>
        {(sessions) => (
          <ul class="rows">
            {sessions.map((one) => (
              <li key={one.id} class="row">
                <span class="row-main">
                  <b>
                    {one.userAgent ?? t.common.unknown} {one.current && <span class="badge ok">{t.account.thisOne}</span>}
                  </b>
                  <span class="muted">
                    {one.ip} · {t.account.lastSeen} <When at={one.lastSeenAt} offset={false} />
                  </span>
                </span>
                {!one.current && (
                  <Action kind="small" done={t.account.ended} run={() => deleteAuthSessionsId(one.id).then(() => changed("sessions"))}>
                    {t.account.end}
                  </Action>
                )}
              </li>
            ))}
          </ul>
        )}
      </Listed>
    </section>
  );
}

export function Account() {
  const { user } = useSession();
  return (
    <>
      <PageHead title={t.account.title} />
      <div class="columns">
        <div>
          <section class="card">
            <h2>{user.name}</h2>
            <Facts
              rows={[
                [
                  t.account.email,
                  <>
                    {user.email} <span class={`badge ${user.isVerified ? "ok" : "warn"}`}>{user.isVerified ? t.account.verified : t.account.unverified}</span>
                  </>,
                ],
                [t.account.since, <When at={user.createdAt} offset={false} />],
              ]}
            />
            {!user.isVerified && (
              <Action done={t.account.mailSent} run={() => postAuthResendVerification()}>
                {t.account.resend}
              </Action>
            )}
            <h3>{t.account.language}</h3>
            <Choices label={t.account.language} value={language()} options={[["en", "English"], ["de", "Deutsch"]]} choose={(value) => choose(value === "de" ? "de" : "en")} />
          </section>
          <Password />
        </div>
        <div>
          <LogIns />
        </div>
      </div>
    </>
  );
}
