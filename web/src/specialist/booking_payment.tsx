// The money of a booking: what was paid, what of it is the specialist's, what has gone back, and the way to give some back.
import { useState } from "preact/hooks";
import { getPaymentsId } from "../generated/client";
import type { Id } from "../generated/records";
import * as format from "../lib/format";
import { t } from "../lib/language";
import { useResource } from "../lib/resource";
import { Refunds, splitOf } from "../shared/refunds";
import { Dialog, Facts, Loaded, PaymentBadge, When } from "../ui/parts";

export function PaymentCard({ id }: { id: Id }) {
  const one = useResource(`payment:${id}`, () => getPaymentsId(id));
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <section class="card">
      <h2>{t.payments.one}</h2>
      <Loaded of={one}>
        {(payment) => (
          <>
            <Facts
              rows={[
                [t.payments.status, <PaymentBadge status={payment.status} />],
                [t.payments.amount, format.money(payment.amount, payment.currency)],
                ...splitOf(payment),
                payment.succeededAt && [t.payments.paidAt, <When at={payment.succeededAt} offset={false} />],
                payment.refund && payment.refund.refundAmount > 0 && [t.payments.refund, format.money(payment.refund.refundAmount, payment.currency)],
              ]}
            />
            {payment.succeededAt && (
              <button type="button" class="button" onClick={() => setOpen(true)}>
                {t.staffPayments.refunds}
              </button>
            )}
            {open && (
              <Dialog title={t.staffPayments.refunds} close={close}>
                <Refunds payment={payment} mayRefund done={close} />
              </Dialog>
            )}
          </>
        )}
      </Loaded>
    </section>
  );
}
