// Which services the sessions and payouts go through, and what of each is really there: as the server says.
import type { ComponentChildren } from "preact";
import { getConnections, getSpecialistsMeEarnings } from "../generated/client";
import type { Connection, ConnectionProvider, CurrencyEarnings } from "../generated/records";
import * as format from "../lib/format";
import { t } from "../lib/language";
import { useResource } from "../lib/resource";
import { Link } from "../lib/router";
import { Loaded, PageHead } from "../ui/parts";

function Card({ title, tone, state, children }: { title: string; tone: string; state: string; children: ComponentChildren }) {
  return (
    <li class="card">
      <h2>
        {title} <span class={`badge ${tone}`}>{state}</span>
      </h2>
      {children}
    </li>
  );
}

function Payouts({ stripe, earnings }: { stripe: Connection; earnings: CurrencyEarnings[] }) {
  const waiting = earnings.filter((one) => one.pendingPayout > 0).map((one) => format.money(one.pendingPayout, one.currency));
  return (
    <Card title={t.connections.payouts} tone={stripe.connected ? "ok" : "off"} state={stripe.connected ? t.connections.connected : t.connections.notConnected}>
      <p>{stripe.account ? t.connections.payoutsTo(stripe.account) : t.connections.payoutsNone}</p>
      {waiting.length > 0 && <p>{t.connections.waiting(waiting.join(", "))}</p>}
      <p>
        <Link to="/earnings">{t.earnings.title}</Link>
      </p>
    </Card>
  );
}

/** A service of rooms or calendars, whose account is the specialist's own. */
function Service({ service, title, on, off }: { service: Connection; title: string; on: string; off: string }) {
  const isOn = service.available && service.connected;
  return (
    <Card title={title} tone={isOn ? "ok" : "off"} state={isOn ? t.connections.connected : service.available ? t.connections.notConnected : t.connections.notOffered}>
      <p>{service.available ? on : off}</p>
      {!service.available && service.connected && <p class="muted">{t.connections.kept}</p>}
    </Card>
  );
}

export function Connections() {
  const all = useResource("connections", async () => {
    const [connections, earnings] = await Promise.all([getConnections(), getSpecialistsMeEarnings()]);
    const of = (provider: ConnectionProvider) => connections.items.find((one) => one.provider === provider)!;
    return { stripe: of("stripe"), zoom: of("zoom"), google: of("google"), earnings: earnings.items };
  });
  return (
    <>
      <PageHead title={t.connections.title} lead={t.connections.lead} />
      <Loaded of={all}>
        {({ stripe, zoom, google, earnings }) => (
          <ul class="cards">
            <Card title={t.connections.cards} tone={stripe.live ? "ok" : "warn"} state={stripe.live ? t.connections.live : t.connections.test}>
              <p>{stripe.live ? t.connections.cardsLive : t.connections.cardsTest}</p>
            </Card>
            <Payouts stripe={stripe} earnings={earnings} />
            <Service service={google} title={t.connections.google} on={t.connections.googleOn} off={t.connections.googleOff} />
            <Service service={zoom} title={t.connections.zoom} on={t.connections.zoomOn} off={t.connections.zoomOff} />
          </ul>
        )}
      </Loaded>
    </>
  );
}
