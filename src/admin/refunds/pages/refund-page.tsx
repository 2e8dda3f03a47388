import { Field, Form, SelectField, SubmitButton } from '../../../platform/ui/form.js';
import { MoneyField } from '../../../platform/ui/money-field.js';
import { Layout, type Viewer } from '../../../platform/ui/layout.js';
import { EmptyState, ErrorBanner, Section } from '../../../platform/ui/components.js';
import { renderPage, useTranslate } from '../../../platform/ui/render-page.js';
import { plural } from '../../../platform/ui/format.js';
import { AdminNav } from '../../pages/admin-components.js';

/**
 * Giving days for money, in two steps. `payments` are those that can be chosen; `currency` is that
 * of the chosen one; `amount` is what was typed, empty for all that is left, and `amountProblem`
 * why it is no amount; `preview` is what it would be, null where nothing can be given.
 */
export interface RefundPageModel {
  viewer: Viewer;
  mayChange: boolean;
  idempotencyKey: string;
  user: { id: string; email: string | null };
  payments: { id: string; label: string }[];
  invoiceId: string;
  currency: string;
  amount: string;
  amountProblem: string | null;
  preview: RefundPreviewModel | null;
  problem: string | null;
}

/**
 * What an amount of a payment would be. `days` is null where that cannot be computed; `computed`
 * says how, or why not.
 */
export interface RefundPreviewModel {
  amount: string;
  amountText: string;
  days: number | null;
  computed: string;
}

/**
 * The page of /admin/users/{id}/refund-as-credit. It asks itself again with `invoiceId` and
 * `amount`, and posts them with the `days` that it shows, `reason` and `idempotencyKey`.
 */
export function refundPage(model: RefundPageModel, locale?: string): string {
  const { user, viewer } = model;
  return renderPage(
    <Layout title="Refund as credit" viewer={viewer} width="wide" current="/admin/users">
      <AdminNav current="users" />
      <h1>Refund as credit</h1>
      <p>
        For <a href={`/admin/users/${encodeURIComponent(user.id)}`}>{user.email ?? 'an erased user'}</a>. This
        gives days of access instead of money. Nothing is refunded at Stripe.
      </p>
      <ErrorBanner text={model.problem} />
      <div class="stack">
        <AmountForm model={model} />
        {model.preview ? <PreviewSection model={model} preview={model.preview} /> : null}
      </div>
    </Layout>,
    locale,
  );
}

function AmountForm({ model }: { model: RefundPageModel }) {
  const { user, payments, invoiceId, currency, amount, amountProblem } = model;
  const t = useTranslate();
  return (
    <Section id="choice" title="1. Amount">
      {payments.length === 0 ? (
        <EmptyState title="No payment yet">Only a payment can become credit.</EmptyState>
      ) : (
        <form
          method="get"
          action={`/admin/users/${encodeURIComponent(user.id)}/refund-as-credit`}
          class="form"
        >
          <SelectField
            id="invoiceId"
            name="invoiceId"
            label="Payment"
            value={invoiceId}
            options={payments.map(({ id, label }) => [id, label] as const)}
          />
          <MoneyField
            id="amount"
            name="amount"
            label="Amount"
            currency={currency}
            value={amount}
            error={amountProblem}
            hint={t('refund.emptyAmount')}
          />
          <SubmitButton tone="plain">Show the days</SubmitButton>
        </form>
      )}
    </Section>
  );
}

function PreviewSection({ model, preview }: { model: RefundPageModel; preview: RefundPreviewModel }) {
  const { amount, amountText, days, computed } = preview;
  return (
    <Section id="preview" title="2. Days">
      <p class="lead">
        {days === null ? amountText : `${amountText} equals ${plural(days, 'day')} of access.`}
      </p>
      <p>
        {computed}
        {days === null ? null : <span class="hint block">The user can read the reason.</span>}
      </p>
      {days !== null && model.mayChange && model.user.email !== null ? (
        <Form
          action={`/admin/users/${encodeURIComponent(model.user.id)}/refund-as-credit`}
          csrf={model.viewer.csrf}
          inline
        >
          <input type="hidden" name="idempotencyKey" value={model.idempotencyKey} />
          <input type="hidden" name="invoiceId" value={model.invoiceId} />
          <input type="hidden" name="amount" value={amount} />
          <input type="hidden" name="days" value={String(days)} />
          <Field id="reason" name="reason" label="Reason" maxlength={500} required />
          <SubmitButton>{`Give ${plural(days, 'day')}`}</SubmitButton>
        </Form>
      ) : null}
    </Section>
  );
}
