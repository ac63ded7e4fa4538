// What the public sees of a specialist, what a session costs, and whether the page is published.
import { deleteSpecialistsMeImage, getSpecialistsMe, patchSpecialistsMe, putSpecialistsMeImage } from "../generated/client";
import type { OwnProfile } from "../generated/records";
import * as format from "../lib/format";
import { AreaField, CheckField, type Form, FormView, fieldProblem, NumberField, saved, SelectField, SubmitButton, TextField, useForm } from "../lib/form";
import { t } from "../lib/language";
import { profilePage } from "../lib/places";
import { changed, useResource } from "../lib/resource";
import { Picture } from "../shared/picture";
import { Told } from "../shared/told";
import { Loaded, PageHead } from "../ui/parts";

const profileChanged = () => changed("profile", "slots");

const listOf = (text: string, by = ","): string[] => text.split(by).map((word) => word.trim()).filter(Boolean);

function About({ own }: { own: OwnProfile }) {
  const form = useForm(
    {
      creatorName: own.creatorName,
      headline: own.headline ?? "",
      bio: own.bio ?? "",
      slug: own.slug,
      specialties: own.specialties.join(", "),
      languages: own.languages.join(", "),
      certifications: own.certifications.join("\n"),
      yearsOfExperience: own.yearsOfExperience,
      location: own.location ?? "",
      company: own.company ?? "",
      website: own.website ?? "",
      phone: own.phone ?? "",
    },
    async (values) => {
      await patchSpecialistsMe({
        creatorName: values.creatorName,
        slug: values.slug,
        headline: values.headline || null,
        bio: values.bio || null,
        location: values.location || null,
        company: values.company || null,
        website: values.website || null,
        phone: values.phone || null,
        yearsOfExperience: values.yearsOfExperience ?? null,
        specialties: listOf(values.specialties),
        languages: listOf(values.languages),
        certifications: listOf(values.certifications, "\n"),
      });
      profileChanged();
      saved();
    },
  );
  return (
    <section class="card">
      <h2>{t.profile.about}</h2>
      <FormView form={form}>
        <div class="pair">
          <TextField path="/creatorName" label={t.profile.name} maxLength={100} autocomplete="name" />
          <TextField path="/slug" label={t.profile.slug} hint={`${location.origin}${profilePage(form.values.slug)}`} maxLength={60} spellcheck={false} />
        </div>
        <TextField path="/headline" label={t.profile.headline} hint={t.profile.headlineHint} maxLength={200} />
        <AreaField path="/bio" label={t.profile.bio} rows={6} maxLength={5000} />
        <div class="pair">
          <TextField path="/specialties" covers label={t.profile.specialties} hint={t.profile.byComma} />
          <TextField path="/languages" covers label={t.profile.languages} hint={t.profile.byComma} />
        </div>
        <AreaField path="/certifications" covers label={t.profile.certifications} hint={t.profile.byLine} rows={2} />
        <div class="pair">
          <NumberField path="/yearsOfExperience" label={t.profile.years} min={0} max={80} />
          <TextField path="/location" label={t.profile.location} maxLength={200} />
        </div>
        <div class="pair">
          <TextField path="/company" label={t.profile.company} maxLength={200} autocomplete="organization" />
          <TextField path="/website" label={t.profile.website} type="url" placeholder="https://" />
        </div>
        <TextField path="/phone" label={t.profile.phone} hint={t.profile.phoneHint} type="tel" autocomplete="tel" maxLength={40} />
        <div class="buttons">
          <SubmitButton>{t.common.save}</SubmitButton>
          {form.isChanged && <span class="muted">{t.form.unsaved}</span>}
        </div>
      </FormView>
    </section>
  );
}

interface OfferForm {
  durations: string;
  defaultDuration: string;
  price: string;
  currency: string;
  cancellationPolicy: { refundableBefore?: number; refundPercentage?: number; tiers: { hoursBefore?: number; refundPercentage?: number }[] };
}

function Policy({ form }: { form: Form<{ consulting: OfferForm }> }) {
  const base = "/consulting/cancellationPolicy";
  const { tiers } = form.values.consulting.cancellationPolicy;
  return (
    <fieldset class="plain">
      <legend>{t.profile.policy}</legend>
      {tiers.length === 0 ? (
        <div class="pair">
          <NumberField path={`${base}/refundableBefore`} label={t.profile.refundableBefore} hint={t.profile.refundHint} min={0} max={8760} />
          <NumberField path={`${base}/refundPercentage`} label={t.profile.refundPercentage} min={0} max={100} />
        </div>
      ) : (
        <ul class="rows-edit">
          {tiers.map((_, i) => (
            <li key={i}>
              <NumberField path={`${base}/tiers/${i}/hoursBefore`} label={t.profile.hoursBefore} min={0} max={8760} />
              <NumberField path={`${base}/tiers/${i}/refundPercentage`} label={t.profile.refundPercentage} min={0} max={100} />
              <button type="button" class="button small" aria-label={t.profile.removeTier(i + 1)} onClick={() => form.set(`${base}/tiers`, tiers.filter((__, at) => at !== i))}>
                {t.common.remove}
              </button>
            </li>
          ))}
        </ul>
      )}
      <button type="button" class="button small" onClick={() => form.set(`${base}/tiers`, [...tiers, tiers.length ? { hoursBefore: 48, refundPercentage: 50 } : { ...{ hoursBefore: form.values.consulting.cancellationPolicy.refundableBefore, refundPercentage: form.values.consulting.cancellationPolicy.refundPercentage } }])}>
        {t.profile.addTier}
      </button>
    </fieldset>
  );
}

function Offer({ own }: { own: OwnProfile }) {
  const { consulting } = own;
  const form = useForm<{ consulting: OfferForm }>(
    {
      consulting: {
        durations: consulting.sessionDurations.join(", "),
        defaultDuration: String(consulting.defaultDuration),
        price: format.moneyInput(consulting.basePrice, consulting.currency),
        currency: consulting.currency,
        cancellationPolicy: consulting.cancellationPolicy,
      },
    },
    async (values) => {
      const { durations, defaultDuration, price, currency, cancellationPolicy } = values.consulting;
      const basePrice = format.moneyFrom(price, currency);
      if (Number.isNaN(basePrice)) throw fieldProblem("/consulting/basePrice", t.form.amount);
      const sessionDurations = listOf(durations).map(Number);
      if (!sessionDurations.length || sessionDurations.some(Number.isNaN)) throw fieldProblem("/consulting/sessionDurations", t.profile.durationsWrong);
      await patchSpecialistsMe({ consulting: { sessionDurations, defaultDuration: Number(defaultDuration), basePrice, currency, cancellationPolicy: cancellationPolicy as never } });
      profileChanged();
      saved();
    },
  );
  const { durations, currency, defaultDuration } = form.values.consulting;
  const lengths = [...new Set([...listOf(durations).map(Number).filter((n) => n > 0), Number(defaultDuration)])];
  const currencies = Intl.supportedValuesOf?.("currency") ?? [currency];
  return (
    <section class="card">
      <h2>{t.profile.offer}</h2>
      <FormView form={form}>
        <div class="pair">
          <MappedText form={form} path="/consulting/sessionDurations" from="/consulting/durations" label={t.profile.durations} hint={t.profile.durationsHint} />
          <SelectField path="/consulting/defaultDuration" label={t.profile.defaultDuration} options={lengths.map((n) => [String(n), format.minutes(n)] as const)} />
        </div>
        <div class="pair">
          <MappedText form={form} path="/consulting/basePrice" from="/consulting/price" label={t.profile.price} hint={t.profile.priceHint} decimal />
          <SelectField path="/consulting/currency" label={t.profile.currency} options={currencies.map((code) => [code, code] as const)} />
        </div>
        <Policy form={form} />
        <div class="buttons">
          <SubmitButton>{t.common.save}</SubmitButton>
          {form.isChanged && <span class="muted">{t.form.unsaved}</span>}
        </div>
      </FormView>
    </section>
  );
}

/** A text that is kept as typed in one place, and whose errors the server reports at another. */
function MappedText({ form, path, from, label, hint, decimal }: { form: Form<{ consulting: OfferForm }>; path: string; from: string; label: string; hint: string; decimal?: boolean }) {
  const key = from.split("/").pop() as "durations" | "price";
  const error = form.errors[path] ?? form.errors[Object.keys(form.errors).find((one) => one.startsWith(path + "/")) ?? ""];
  return (
    <div class={"field" + (error ? " wrong" : "")} data-path={path} data-covers>
      <label for={key}>{label}</label>
      <input
        id={key}
        type="text"
        inputMode={decimal ? "decimal" : undefined}
        value={form.values.consulting[key]}
        aria-invalid={error ? true : undefined}
        aria-describedby={`${key}-hint`}
        onInput={(e) => form.set(from, e.currentTarget.value)}
      />
      <p class={error ? "error" : "hint"} id={`${key}-hint`}>
        {error ?? hint}
      </p>
    </div>
  );
}

function Publish({ own }: { own: OwnProfile }) {
  const form = useForm({ availability: { isAvailable: own.availability.isAvailable } }, async (values) => {
    await patchSpecialistsMe(values);
    profileChanged();
    saved();
  });
  return (
    <section class="card">
      <h2>{t.profile.publish}</h2>
      <p>
        <span class={`badge ${own.published ? "ok" : "off"}`}>{own.published ? t.profile.isPublished : t.profile.notPublished}</span>
      </p>
      <FormView form={form}>
        <CheckField path="/availability/isAvailable" label={t.profile.accept} hint={t.profile.acceptHint} />
        <div class="buttons">
          <SubmitButton>{t.common.save}</SubmitButton>
          {own.published && <a href={profilePage(own.slug)}>{t.profile.seePublic}</a>}
        </div>
      </FormView>
    </section>
  );
}

export function Profile() {
  const profile = useResource("profile", getSpecialistsMe);
  return (
    <>
      <PageHead title={t.profile.title} lead={t.profile.lead} />
      <Loaded of={profile}>
        {(own) => (
          <div class="columns wide-left" key={own.id}>
            <div>
              <About own={own} />
              <Offer own={own} />
            </div>
            <div>
              <section class="card">
                <h2>{t.picture.title}</h2>
                <Picture name={own.creatorName} image={own.profileImage} put={putSpecialistsMeImage} remove={deleteSpecialistsMeImage} changed={profileChanged} />
              </section>
              <Publish own={own} />
              <Told preferences={own.preferences} save={patchSpecialistsMe} />
            </div>
          </div>
        )}
      </Loaded>
    </>
  );
}
