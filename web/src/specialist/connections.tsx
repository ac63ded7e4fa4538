// Which services the sessions and payouts go through, and who has set them up: said as it is.
import { getSpecialistsMe } from "../generated/client";
import { t } from "../lib/language";
import { useResource } from "../lib/resource";
import { Loaded, PageHead } from "../ui/parts";

export function Connections() {
  const profile = useResource("profile", getSpecialistsMe);
  return (
    <>
      <PageHead title={t.connections.title} lead={t.connections.lead} />
      <Loaded of={profile}>
        {(own) => (
          <ul class="cards">
            <li class="card">
              <h2>
                Stripe <span class="badge ok">{t.connections.byOperator}</span>
              </h2>
              <p>{t.connections.stripe}</p>
            </li>
            <li class="card">
              <h2>
                {t.connections.payouts}{" "}
                <span class={`badge ${own.paymentSettings.stripeAccountId ? "ok" : "off"}`}>{own.paymentSettings.stripeAccountId ? t.connections.connected : t.connections.notConnected}</span>
              </h2>
              <p>{own.paymentSettings.stripeAccountId ? t.connections.payoutsTo(own.paymentSettings.stripeAccountId) : t.connections.payoutsNone}</p>
            </li>
            <li class="card">
              <h2>
                {t.connections.calendar} <span class="badge calm">{t.connections.byFile}</span>
              </h2>
              <p>{t.connections.calendarText}</p>
            </li>
            <li class="card">
              <h2>
                {t.connections.video} <span class="badge calm">{t.connections.byOperator}</span>
              </h2>
              <p>{t.connections.videoText}</p>
            </li>
          </ul>
        )}
      </Loaded>
    </>
  );
}
