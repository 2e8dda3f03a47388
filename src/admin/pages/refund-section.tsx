import { Field, SubmitButton } from '../../platform/pages/form.js';
import { Section } from '../../platform/pages/parts.js';

/** The first step of giving days for money: asks /admin/users/{id}/refund-as-credit what `amount` would be. */
export function RefundSection({ userId }: { userId: string }) {
  return (
    <Section id="refund" title="Refund as credit">
      <p>Instead of money that would go back, give the days of access that it paid for.</p>
      <p class="hint">
        The amount is in the smallest unit, such as cents. Empty: all that is left of the newest payment.
      </p>
      <form
        method="get"
        action={`/admin/users/${encodeURIComponent(userId)}/refund-as-credit`}
        class="form form-inline"
      >
        <Field id="refund-amount" name="amount" type="number" label="Amount" min={1} />
        <SubmitButton tone="plain">Show the days</SubmitButton>
      </form>
    </Section>
  );
}
