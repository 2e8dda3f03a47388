import { Field, Form, SelectField, SubmitButton } from '../../../platform/ui/form.js';
import { MoneyField } from '../../../platform/ui/money-field.js';
import { Layout } from '../../../platform/ui/layout.js';
import { EmptyState, ErrorBanner, Section } from '../../../platform/ui/components.js';
import { renderPage, useTranslate } from '../../../platform/ui/render-page.js';
import type { StaffViewer } from '../../admin-forms.js';
import { AdminNav } from '../../pages/admin-components.js';

/**
 * Giving days for money, in two steps. `payments` are those that can be chosen; `currency` is that
 * of the chosen one; `amount` is what was typed, empty for all that is left, and `amountProblem`
 * why it is no amount; `preview` is what it would be, null where nothing can be given.
 */
export interface RefundPageModel {
  viewer: StaffViewer;
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
export function refundPage(model: RefundPageModel): string {
  return renderPage(<RefundPage model={model} />, model.viewer);
}

function RefundPage({ model }: { model: RefundPageModel }) {
  const { user, viewer } = model;
  const t = useTranslate();
  return (
    <Layout
      title={t('console.titleOf', {
        title: t('console.refund.title'),
        name: user.email ?? t('console.erasedUser'),
      })}
      viewer={viewer}
      width="wide"
      current="/admin/users"
      address={`/admin/users/${encodeURIComponent(user.id)}/refund-as-credit?${new URLSearchParams({ invoiceId: model.invoiceId, amount: model.amount }).toString()}`}
    >
      <AdminNav current="users" />
      <h1>{t('console.refund.title')}</h1>
      <p>
        {t('console.refund.for')}{' '}
        <a href={`/admin/users/${encodeURIComponent(user.id)}`}>{user.email ?? t('console.erasedUser')}</a>
      </p>
      <p>{t('console.refund.explanation')} </p>
      <ErrorBanner text={model.problem} />
      <div class="stack">
        <AmountForm model={model} />
        {model.preview ? <PreviewSection model={model} preview={model.preview} /> : null}
      </div>
    </Layout>
  );
}

function AmountForm({ model }: { model: RefundPageModel }) {
  const { user, payments, invoiceId, currency, amount, amountProblem } = model;
  const t = useTranslate();
  return (
    <Section id="choice" title={t('console.refund.step1')}>
      {payments.length === 0 ? (
        <EmptyState title={t('console.refund.noPayment')}>{t('console.refund.noPaymentHint')}</EmptyState>
      ) : (
        <form
          method="get"
          action={`/admin/users/${encodeURIComponent(user.id)}/refund-as-credit`}
          class="form"
        >
          <SelectField
            id="invoiceId"
            name="invoiceId"
            label={t('console.refund.payment')}
            value={invoiceId}
            options={payments.map(({ id, label }) => [id, label] as const)}
          />
          <MoneyField
            id="amount"
            name="amount"
            label={t('console.refund.amount')}
            currency={currency}
            value={amount}
            error={amountProblem}
            hint={t('refund.emptyAmount')}
          />
          <SubmitButton tone="plain">{t('console.refund.show')}</SubmitButton>
        </form>
      )}
    </Section>
  );
}

function PreviewSection({ model, preview }: { model: RefundPageModel; preview: RefundPreviewModel }) {
  const { amount, amountText, days, computed } = preview;
  const t = useTranslate();
  return (
    <Section id="preview" title={t('console.refund.step2')}>
      <p class="lead">
        {days === null ? amountText : t('console.refund.equals', { money: amountText, days })}
      </p>
      <p>
        {computed}
        {days === null ? null : <span class="hint block">{t('console.credit.giveHint')}</span>}
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
          <Field id="reason" name="reason" label={t('console.credit.reason')} maxlength={500} required />
          <SubmitButton>{t('console.refund.give', { days })}</SubmitButton>
        </Form>
      ) : null}
    </Section>
  );
}
