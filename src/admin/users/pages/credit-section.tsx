import { DataTable, type Column } from '../../../platform/ui/data-table.js';
import { Field, Form, SubmitButton } from '../../../platform/ui/form.js';
import { MoneyField } from '../../../platform/ui/money-field.js';
import { DateTime } from '../../../platform/ui/date-time.js';
import { EmptyState, Section } from '../../../platform/ui/components.js';
import { formatSignedDays } from '../../../platform/ui/format.js';
import type { Translate } from '../../../platform/i18n/translations.js';
import { useTranslate } from '../../../platform/ui/render-page.js';
import type { UserCreditEntryModel, UserPageModel } from '../user-page-loader.js';

/**
 * The ledger of a user. Posts `days`, `reason` and `idempotencyKey` to /admin/users/{id}/credit,
 * and `reason` to /admin/users/{id}/credit/{entryId}/revoke.
 */
export function CreditSection({ model }: { model: UserPageModel }) {
  const t = useTranslate();
  const { credit, mayChange, user } = model;
  return (
    <Section id="credit" title={t('console.credit.title')}>
      <p>
        {credit.until ? (
          <>
            {t('console.credit.until')} <DateTime at={credit.until} />
          </>
        ) : (
          t('console.credit.noCredit')
        )}
      </p>
      {credit.entries.length === 0 ? (
        <EmptyState title={t('console.credit.empty')}>{t('console.credit.emptyHint')}</EmptyState>
      ) : (
        <DataTable
          caption={t('console.credit.ledger')}
          columns={[...columns(t), ...(mayChange ? [revokeColumn(t, model)] : [])]}
          rows={credit.entries}
          keyOf={({ id }) => id}
        />
      )}
      {mayChange && user.email !== null ? <GrantForm model={model} /> : null}
    </Section>
  );
}

const columns = (t: Translate): Column<UserCreditEntryModel>[] => [
  { head: t('console.credit.when'), cell: ({ effectiveAt }) => <DateTime at={effectiveAt} /> },
  { head: t('console.credit.what'), cell: ({ kind }) => t(`console.credit.kind.${kind}`) },
  { head: t('console.credit.days'), kind: 'numeric', cell: ({ days }) => formatSignedDays(t, days) },
  { head: t('console.credit.reason'), cell: ({ reason }) => reason ?? '—' },
];

function revokeColumn(t: Translate, { user, viewer }: UserPageModel): Column<UserCreditEntryModel> {
  return {
    head: t('console.credit.revoke'),
    cell: (entry) =>
      entry.isRevocable ? (
        <Form action={`/admin/users/${user.id}/credit/${entry.id}/revoke`} csrf={viewer.csrf}>
          <Field
            id={`why-${entry.id}`}
            name="reason"
            label={t('console.credit.reason')}
            maxlength={500}
            required
          />
          <SubmitButton tone="danger">{t('console.credit.revoke')}</SubmitButton>
        </Form>
      ) : (
        '—'
      ),
  };
}

function GrantForm({ model: { user, viewer, idempotencyKey } }: { model: UserPageModel }) {
  const t = useTranslate();
  return (
    <>
      <h3>{t('console.credit.give')}</h3>
      <p class="hint">{t('console.credit.giveHint')}</p>
      <Form action={`/admin/users/${user.id}/credit`} csrf={viewer.csrf} inline>
        <input type="hidden" name="idempotencyKey" value={idempotencyKey} />
        <Field
          id="days"
          name="days"
          type="number"
          label={t('console.credit.days')}
          min={1}
          max={3_650}
          required
        />
        <Field id="reason" name="reason" label={t('console.credit.reason')} maxlength={500} required />
        <SubmitButton>{t('console.credit.give')}</SubmitButton>
      </Form>
    </>
  );
}

/**
 * The first step of giving days for money: asks /admin/users/{id}/refund-as-credit what `amount`
 * would be.
 */
export function RefundSection({ userId, currency }: { userId: string; currency: string }) {
  const t = useTranslate();
  return (
    <Section id="refund" title={t('console.refund.title')}>
      <p>{t('console.refund.intro')}</p>
      <form method="get" action={`/admin/users/${encodeURIComponent(userId)}/refund-as-credit`} class="form">
        <MoneyField
          id="refund-amount"
          name="amount"
          label={t('console.refund.amount')}
          currency={currency}
          hint={t('refund.emptyAmount')}
        />
        <SubmitButton tone="plain">{t('console.refund.show')}</SubmitButton>
      </form>
    </Section>
  );
}
