// All payments, with their split and their refunds; and a refund of part or all of what is left.
import { useState } from "preact/hooks";
import { getAdminPayments, getPaymentsIdRefunds, postPaymentsIdRefunds } from "../generated/client";
import type { PaymentStatus, PaymentView, RefundView } from "../generated/records";
import * as format from "../lib/format";
import { AreaField, fieldProblem, FormView, saved, SubmitButton, TextField, useForm } from "../lib/form";
import { t } from "../lib/language";
import { changed, usePages, useResource } from "../lib/resource";
import { setQuery, useLocation } from "../lib/router";
import { Choices, Dialog, Empty, Facts, Listed, Loaded, PageHead, PaymentBadge, When } from "../ui/parts";
import { Table } from "../ui/table";
import { isAdmin } from "./power";

function RefundForm({ payment, refunds, close }: { payment: PaymentView; refunds: RefundView[]; close: () => void }) {
  const given = refunds.filter((one) => one.status !== "failed").reduce((sum, one) => sum + one.amount, 0);
  const left = payment.amount - given;
  const form = useForm({ amount: format.moneyInput(left, payment.currency), reason: "" }, async (values, key) => {
    const amount = format.moneyFrom(values.amount, payment.currency);
    if (amount === null || Number.isNaN(amount) || amount < 1 || amount > left) throw fieldProblem("/amount", t.staffPayments.atMost(format.money(left, payment.currency)));
    await postPaymentsIdRefunds(payment.id, { amount, reason: values.reason || undefined }, { key });
    changed("payments", "refunds");
    saved();
    close();
  });
  if (left <= 0) return <p class="muted">{t.problems.nothing_to_refund}</p>;
  return (
    <FormView form={form}>
      <TextField path="/amount" label={t.staffPayments.amount(payment.currency)} hint={t.staffPayments.atMost(format.money(left, payment.currency))} inputMode="decimal" />
      <AreaField path="/reason" label={t.staffPayments.reason} rows={2} maxLength={500} />
      <div class="buttons">
        <SubmitButton danger>{t.staffPayments.refund}</SubmitButton>
      </div>
    </FormView>
  );
}

function PaymentDialog({ payment, close }: { payment: PaymentView; close: () => void }) {
  const refunds = useResource(`refunds:${payment.id}`, () => getPaymentsIdRefunds(payment.id, { limit: 100 }));
  const { currency } = payment;
  return (
    <Dialog title={format.money(payment.amount, currency)} close={close}>
      <Facts
        rows={[
          [t.payments.status, <PaymentBadge status={payment.status} />],
          [t.payments.to, payment.metadata.specialistName],
          payment.platformFee !== undefined && [t.staffPayments.fee, `${format.money(payment.platformFee, currency)} (${format.percent(payment.platformFeePercentage ?? 0)})`],
          payment.specialistPayout !== undefined && [t.staffPayments.payout, format.money(payment.specialistPayout, currency)],
          payment.succeededAt && [t.payments.paidAt, <When at={payment.succeededAt} />],
          payment.failureMessage && [t.staffPayments.failure, payment.failureMessage],
          payment.stripePaymentIntentId && ["Stripe", <code>{payment.stripePaymentIntentId}</code>],
        ]}
      />
      <h3>{t.staffPayments.refunds}</h3>
      <Loaded of={refunds}>
        {(list) => (
          <>
            {list.items.length === 0 && <p class="muted">{t.staffPayments.noRefunds}</p>}
            <ul class="rows">
              {list.items.map((one) => (
                <li key={one.id} class="row">
                  <span class="row-main">
                    <b>{format.money(one.amount, one.currency)}</b>
                    <span class="muted">
                      <When at={one.requestedAt} offset={false} /> {one.reason && `· ${one.reason}`}
                    </span>
                  </span>
                  <span class={`badge ${one.status === "succeeded" ? "ok" : one.status === "failed" ? "bad" : "warn"}`}>{t.payments.refundStates[one.status]}</span>
                </li>
              ))}
            </ul>
            {isAdmin() && (payment.status === "succeeded" || payment.status === "refunded") && <RefundForm payment={payment} refunds={list.items} close={close} />}
          </>
        )}
      </Loaded>
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
