// What was paid, newest first.
import { getPayments } from "../generated/client";
import * as format from "../lib/format";
import { t } from "../lib/language";
import { usePages } from "../lib/resource";
import { Link } from "../lib/router";
import { Empty, Listed, PageHead, PaymentBadge, When } from "../ui/parts";
import { Table } from "../ui/table";

export function Payments() {
  const list = usePages("payments", (cursor) => getPayments({ cursor }));
  return (
    <>
      <PageHead title={t.payments.title} />
      <Listed of={list} empty={<Empty title={t.payments.none} />}>
        {(payments) => (
          <Table
            rows={payments}
            keyOf={(one) => one.id}
            columns={[
              { head: t.payments.date, cell: (one) => <When at={one.succeededAt ?? one.createdAt} offset={false} /> },
              { head: t.payments.to, cell: (one) => one.metadata.specialistName ?? "–" },
              {
                head: t.payments.status,
                cell: (one) => (
                  <>
                    <PaymentBadge status={one.status} />
                    {one.refund && one.status === "succeeded" && <small class="muted"> {t.payments.refunded(format.money(one.refund.refundAmount, one.currency))}</small>}
                  </>
                ),
              },
              { head: t.payments.amount, end: true, cell: (one) => format.money(one.amount, one.currency) },
              {
                head: t.payments.receipt,
                unseen: true,
                cell: (one) => (
                  <Link to={`/payments/${one.id}`}>
                    {t.payments.receipt}
                    <span class="sr">: {one.metadata.specialistName}, {format.money(one.amount, one.currency)}</span>
                  </Link>
                ),
              },
            ]}
          />
        )}
      </Listed>
    </>
  );
}
