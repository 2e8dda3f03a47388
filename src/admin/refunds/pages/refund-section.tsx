import { Field, SubmitButton } from '../../../platform/ui/form.js';
import { Section } from '../../../platform/ui/components.js';

/** The first step of giving days for money: asks /admin/users/{id}/refund-as-credit what `amount` would be. */
export function RefundSection({ userId }: { userId: string }) {
  return (
    <Section id="refund" title="Refund as credit">
      <p>Give days of access instead of refunding money.</p>
      <p class="hint">
        The amount is in the currency of the payment, such as 4.00. Empty: the whole remaining amount of the
        newest payment.
      </p>
      <form
        method="get"
        action={`/admin/users/${encodeURIComponent(userId)}/refund-as-credit`}
        class="form form-inline"
      >
        <Field id="refund-amount" name="amount" inputmode="decimal" label="Amount" maxLength={20} />
        <SubmitButton tone="plain">Show the days</SubmitButton>
      </form>
    </Section>
  );
}
