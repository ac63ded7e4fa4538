// The customer's own data: name, picture, zone, address, and what they want to be told.
import { deleteCustomersMeImage, getCustomersMe, patchCustomersMe, putCustomersMeImage } from "../generated/client";
import type { Address, Customer } from "../generated/records";
import { FormView, saved, SelectField, SubmitButton, TextField, useForm } from "../lib/form";
import { t } from "../lib/language";
import { changed, useResource } from "../lib/resource";
import { ownZone, zones } from "../lib/time";
import { Picture } from "../shared/picture";
import { Told } from "../shared/told";
import { Loaded, PageHead } from "../ui/parts";

const profileChanged = () => changed("profile");

const addressMembers = ["street", "city", "state", "zipCode", "country"] as const;

function Person({ own }: { own: Customer }) {
  const initial = {
    name: own.name,
    phone: own.phone ?? "",
    company: own.company ?? "",
    role: own.role ?? "",
    timezone: own.timezone ?? ownZone(),
    language: own.language ?? "",
    address: Object.fromEntries(addressMembers.map((name) => [name, own.address?.[name] ?? ""])) as Record<keyof Address, string>,
  };
  const form = useForm(initial, async (values) => {
    const address = Object.fromEntries(Object.entries(values.address).map(([name, text]) => [name, text || null]));
    const hasAddress = Object.values(address).some(Boolean);
    await patchCustomersMe({
      name: values.name,
      phone: values.phone || null,
      company: values.company || null,
      role: values.role || null,
      timezone: values.timezone,
      language: values.language || null,
      ...((hasAddress || own.address) && { address: hasAddress ? address : null }),
    });
    profileChanged();
    saved();
  });
  const languages = [["", t.preferences.asBrowser], ["en", "English"], ["de", "Deutsch"]] as const;
  return (
    <section class="card">
      <h2>{t.preferences.person}</h2>
      <FormView form={form}>
        <div class="pair">
          <TextField path="/name" label={t.preferences.name} maxLength={100} autocomplete="name" />
          <TextField path="/phone" label={t.profile.phone} type="tel" maxLength={40} autocomplete="tel" />
        </div>
        <div class="pair">
          <TextField path="/company" label={t.profile.company} maxLength={200} autocomplete="organization" />
          <TextField path="/role" label={t.preferences.role} maxLength={100} autocomplete="organization-title" />
        </div>
        <div class="pair">
          <SelectField path="/timezone" label={t.preferences.zone} hint={t.preferences.zoneHint} options={zones().map((zone) => [zone, zone.replaceAll("_", " ")] as const)} />
          <SelectField path="/language" label={t.preferences.language} hint={t.preferences.languageHint} options={languages} />
        </div>
        <fieldset class="plain">
          <legend>{t.preferences.address}</legend>
          <TextField path="/address/street" label={t.preferences.street} maxLength={200} autocomplete="street-address" />
          <div class="pair">
            <TextField path="/address/zipCode" label={t.preferences.zipCode} maxLength={20} autocomplete="postal-code" />
            <TextField path="/address/city" label={t.preferences.city} maxLength={200} autocomplete="address-level2" />
          </div>
          <div class="pair">
            <TextField path="/address/state" label={t.preferences.state} maxLength={200} autocomplete="address-level1" />
            <TextField path="/address/country" label={t.preferences.country} maxLength={100} autocomplete="country-name" />
          </div>
        </fieldset>
        <div class="buttons">
          <SubmitButton>{t.common.save}</SubmitButton>
          {form.isChanged && <span class="muted">{t.form.unsaved}</span>}
        </div>
      </FormView>
    </section>
  );
}

export function Preferences() {
  const profile = useResource("profile", getCustomersMe);
  return (
    <>
      <PageHead title={t.preferences.title} />
      <Loaded of={profile}>
        {(own) => (
          <div class="columns wide-left" key={own.id}>
            <Person own={own} />
            <div>
              <section class="card">
                <h2>{t.picture.title}</h2>
                <Picture name={own.name} image={own.profileImage} put={putCustomersMeImage} remove={deleteCustomersMeImage} changed={profileChanged} />
              </section>
              <Told preferences={own.preferences} save={patchCustomersMe} />
            </div>
          </div>
        )}
      </Loaded>
    </>
  );
}
