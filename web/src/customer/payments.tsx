// What was paid, newest first.
import { getPayments } from "../generated/client";
import * as format from "../lib/format";
import { t } from "../lib/language";
import { usePages } from "../lib/resource";
import { Link } from "../lib/router";
import { Empty, Listed, PageHead, PaymentBadge, When } from "../ui/parts";

export function Payments() {
  const list = usePages("payments", (cursor) => getPayments({ cursor }));
  return (
    <>
      <PageHead title={t.payments.title} />
      <Listed of={list} empty={<Empty title={t.payments.none} />}>
        {(payments) => (
          <div class="table-box">
            <table class="table">
              <thead>
                <tr>
                  <th scope="col">{t.payments.date}</th>
                  <th scope="col">{t.payments.to}</th>
                  <th scope="col">{t.payments.status}</th>
                  <th scope="col" class="end">{t.payments.amount}</th>
                  <th scope="col">
                    <span class="sr">{t.payments.receipt}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {payments.map((one) => (
                  <tr key={one.id}>
                    <th scope="row">
                      <When at={one.succeededAt ?? one.createdAt} offset={false} />
                    </th>
                    <td data-label={t.payments.to}>{one.metadata.specialistName ?? "–"}</td>
                    <td data-label={t.payments.status}>
                      <PaymentBadge status={one.status} />
                      {one.refund && one.status === "succeeded" && <small class="muted"> {t.payments.refunded(format.money(one.refund.refundAmount, one.currency))}</small>}
                    </td>
                    <td class="end" data-label={t.payments.amount}>{format.money(one.amount, one.currency)}</td>
                    <td>
                      <Link to={`/payments/${one.id}`}>
                        {t.payments.receipt}
                        <span class="sr">: {one.metadata.specialistName}, {format.money(one.amount, one.currency)}</span>
                      </Link>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Listed>
    </>
  );
}
