// All payments, with their split and their refunds; and a refund of part or all of what is left.
import { useState } from "preact/hooks";
import { getAdminPayments } from "../generated/client";
import type { PaymentStatus, PaymentView } from "../generated/records";
import * as format from "../lib/format";
import { t } from "../lib/language";
import { usePages } from "../lib/resource";
import { setQuery, useLocation } from "../lib/router";
import { Refunds, splitOf } from "../shared/refunds";
import { Choices, Dialog, Empty, Facts, Listed, PageHead, PaymentBadge, When } from "../ui/parts";
import { Table } from "../ui/table";
import { isAdmin } from "./power";

function PaymentDialog({ payment, close }: { payment: PaymentView; close: () => void }) {
  const { currency } = payment;
  return (
    <Dialog title={format.money(payment.amount, currency)} close={close}>
      <Facts
        rows={[
          [t.payments.status, <PaymentBadge status={payment.status} />],
          [t.payments.to, payment.metadata.specialistName],
          ...splitOf(payment),
          payment.succeededAt && [t.payments.paidAt, <When at={payment.succeededAt} />],
          payment.failureMessage && [t.staffPayments.failure, payment.failureMessage],
          payment.stripePaymentIntentId && ["Stripe", <code>{payment.stripePaymentIntentId}</code>],
        ]}
      />
      <h3>{t.staffPayments.refunds}</h3>
      <Refunds payment={payment} mayRefund={isAdmin()} done={close} />
    </Dialog>
  );
}

const statuses: PaymentStatus[] = ["succeeded", "pending", "failed", "refunded", "chargeback"];

export function AllPayments() {
  const { query } = useLocation();
  const [open, setOpen] = useState<string>();
  const status = (statuses.find((one) => one === query.get("status")) ?? "") as PaymentStatus | "";
  const list = usePages(`payments:all:${status}`, (cursor) => getAdminPayments({ status: status || undefined, cursor }));
  const shown = list.data?.find((one) => one.id === open);
  return (
    <>
      <PageHead title={t.payments.title} />
      <Choices label={t.payments.status} value={status} options={[["", t.bookings.all] as const, ...statuses.map((one) => [one, t.paymentStatus[one]] as const)]} choose={(value) => setQuery({ status: value })} />
      <Listed of={list} empty={<Empty title={t.payments.noneAtAll} />}>
        {(payments) => (
          <Table
            rows={payments}
            keyOf={(one) => one.id}
            columns={[
              { head: t.payments.date, cell: (one) => <When at={one.succeededAt ?? one.createdAt} offset={false} /> },
              { head: t.payments.to, cell: (one) => one.metadata.specialistName ?? "–" },
              { head: t.payments.status, cell: (one) => <PaymentBadge status={one.status} /> },
              { head: t.payments.amount, end: true, cell: (one) => format.money(one.amount, one.currency) },
              { head: t.staffPayments.fee, end: true, cell: (one) => (one.platformFee === undefined ? "–" : format.money(one.platformFee, one.currency)) },
              {
                head: t.common.actions,
                unseen: true,
                end: true,
                cell: (one) => (
                  <button type="button" class="button small" onClick={() => setOpen(one.id)}>
                    {t.staffPayments.open}
                    <span class="sr">: {format.money(one.amount, one.currency)}, {one.metadata.specialistName}</span>
                  </button>
                ),
              },
            ]}
          />
        )}
      </Listed>
      {shown && <PaymentDialog payment={shown} close={() => setOpen(undefined)} />}
    </>
  );
}
