// The refunds of a payment, and one more of part or all of what is left: for its specialist and for staff.
import { getPaymentsIdRefunds, postPaymentsIdRefunds } from "../generated/client";
import type { PaymentView, RefundView } from "../generated/records";
import * as format from "../lib/format";
import { AreaField, fieldProblem, FormView, saved, SubmitButton, TextField, useForm } from "../lib/form";
import { t } from "../lib/language";
import { changed, useResource } from "../lib/resource";
import { Loaded, When } from "../ui/parts";

function RefundForm({ payment, refunds, done }: { payment: PaymentView; refunds: RefundView[]; done: () => void }) {
  const given = refunds.filter((one) => one.status !== "failed").reduce((sum, one) => sum + one.amount, 0);
  const left = payment.amount - given;
  const form = useForm({ amount: format.moneyInput(left, payment.currency), reason: "" }, async (values, key) => {
    const amount = format.moneyFrom(values.amount, payment.currency);
    if (amount === null || Number.isNaN(amount) || amount < 1 || amount > left) throw fieldProblem("/amount", t.staffPayments.atMost(format.money(left, payment.currency)));
    await postPaymentsIdRefunds(payment.id, { amount, reason: values.reason || undefined }, { key });
    changed("payments", "payment", "refunds", "earnings");
    saved();
    done();
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

const tones = { succeeded: "ok", failed: "bad" } as Record<string, string>;

export function Refunds({ payment, mayRefund, done }: { payment: PaymentView; mayRefund: boolean; done: () => void }) {
  const refunds = useResource(`refunds:${payment.id}`, () => getPaymentsIdRefunds(payment.id, { limit: 100 }));
  return (
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
                <span class={`badge ${tones[one.status] ?? "warn"}`}>{t.payments.refundStates[one.status]}</span>
              </li>
            ))}
          </ul>
          {mayRefund && (payment.status === "succeeded" || payment.status === "refunded") && <RefundForm key={list.items.length} payment={payment} refunds={list.items} done={done} />}
        </>
      )}
    </Loaded>
  );
}

/** What of a payment is whose, as far as the viewer may know. */
export const splitOf = (payment: PaymentView) =>
  [
    payment.platformFee !== undefined && ([t.staffPayments.fee, `${format.money(payment.platformFee, payment.currency)} (${format.percent(payment.platformFeePercentage ?? 0)})`] as const),
    payment.specialistPayout !== undefined && ([t.staffPayments.payout, format.money(payment.specialistPayout, payment.currency)] as const),
  ];
