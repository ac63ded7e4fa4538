// The receipt of one payment, as it is printed.
import { getBookingsId, getPaymentsId } from "../generated/client";
import * as format from "../lib/format";
import { t } from "../lib/language";
import { ownBooking } from "../lib/places";
import { useResource } from "../lib/resource";
import { useSession } from "../lib/session";
import { Facts, Loaded, PageHead, PaymentBadge, When } from "../ui/parts";

export function Receipt({ id }: { id: string }) {
  const { user } = useSession();
  const both = useResource(`payment:${id}`, async () => {
    const payment = await getPaymentsId(id);
    return { payment, booking: await getBookingsId(payment.bookingId) };
  });
  return (
    <Loaded of={both}>
      {({ payment, booking }) => (
        <>
          <PageHead title={payment.succeededAt ? t.payments.receipt : t.payments.one} lead={<PaymentBadge status={payment.status} />}>
            <button type="button" class="button primary" onClick={() => window.print()}>
              {t.payments.print}
            </button>
            <a class="button" href={ownBooking(booking.id)}>
              {t.slot.toBooking}
            </a>
          </PageHead>
          <section class="card receipt">
            <Facts
              rows={[
                [t.payments.number, payment.receiptNumber ?? payment.id],
                [t.payments.from, `${user.name}, ${user.email}`],
                [t.payments.to, booking.specialist?.name ?? payment.metadata.specialistName],
                [t.payments.for, <>{t.payments.session(format.minutes(booking.sessionDuration))} <When at={booking.startsAt} to={booking.endsAt} /></>],
                payment.succeededAt && [t.payments.paidAt, <When at={payment.succeededAt} />],
                [t.payments.method, t.payments.methods[payment.paymentMethod]],
              ]}
            />
            <table class="sum">
              <tbody>
                <tr>
                  <th scope="row">{t.payments.amount}</th>
                  <td>{format.money(payment.amount, payment.currency)}</td>
                </tr>
                {payment.refund && payment.refund.refundAmount > 0 && (
                  <>
                    <tr>
                      <th scope="row">
                        {t.payments.refund} <span class="muted">{t.payments.refundStates[payment.refund.status]}</span>
                      </th>
                      <td>{format.money(-payment.refund.refundAmount, payment.currency)}</td>
                    </tr>
                    <tr class="total">
                      <th scope="row">{t.payments.left}</th>
                      <td>{format.money(payment.amount - payment.refund.refundAmount, payment.currency)}</td>
                    </tr>
                  </>
                )}
              </tbody>
            </table>
            {!payment.succeededAt && <p class="muted">{payment.failureMessage ?? t.payments.notPaid}</p>}
          </section>
        </>
      )}
    </Loaded>
  );
}
