// What somebody wants to be told, and by which way; the same for both sides.
import type { Preferences } from "../generated/records";
import { CheckField, FormView, saved, SubmitButton, useForm } from "../lib/form";
import { t } from "../lib/language";
import { changed } from "../lib/resource";

export function Told({ preferences, save }: { preferences: Preferences; save: (values: { preferences: Preferences }) => Promise<unknown> }) {
  const form = useForm({ preferences }, async (values) => {
    await save(values);
    changed("profile");
    saved();
  });
  return (
    <section class="card">
      <h2>{t.preferences.told}</h2>
      <FormView form={form}>
        <CheckField path="/preferences/emailNotifications" label={t.preferences.email} />
        <CheckField path="/preferences/smsNotifications" label={t.preferences.sms} />
        <CheckField path="/preferences/remindersEnabled" label={t.preferences.reminders} />
        <p class="hint">{t.preferences.always}</p>
        <div class="buttons">
          <SubmitButton>{t.common.save}</SubmitButton>
        </div>
      </FormView>
    </section>
  );
}
