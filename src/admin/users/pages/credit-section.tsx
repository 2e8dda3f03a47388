import { DataTable, type Column } from '../../../platform/ui/data-table.js';
import { Field, Form, SubmitButton } from '../../../platform/ui/form.js';
import { MoneyField } from '../../../platform/ui/money-field.js';
import { useTranslate } from '../../../platform/ui/render-page.js';
import { defaultReader, DateTime } from '../../../platform/ui/date-time.js';
import { EmptyState, Section } from '../../../platform/ui/components.js';
import { creditKindLabel, formatSignedDaysEnglish } from '../../../platform/ui/format.js';
import type { UserCreditEntryModel, UserPageModel } from '../user-page-loader.js';

/**
 * The ledger of a user. Posts `days`, `reason` and `idempotencyKey` to /admin/users/{id}/credit,
 * and `reason` to /admin/users/{id}/credit/{entryId}/revoke.
 */
export function CreditSection({ model }: { model: UserPageModel }) {
  const { credit, mayChange, user } = model;
  return (
    <Section id="credit" title="Credit">
      <p>
        {credit.until ? (
          <>
            Until <DateTime at={credit.until} readerSettings={defaultReader} />.
          </>
        ) : (
          'None.'
        )}
      </p>
      {credit.entries.length === 0 ? (
        <EmptyState title="No entry">Credit from referrals, refunds and the team appears here.</EmptyState>
      ) : (
        <DataTable
          caption="Ledger, newest first"
          columns={mayChange ? [...columns, revokeColumn(model)] : columns}
          rows={credit.entries}
          keyOf={({ id }) => id}
        />
      )}
      {mayChange && user.email !== null ? <GrantForm model={model} /> : null}
    </Section>
  );
}

const columns: Column<UserCreditEntryModel>[] = [
  { head: 'When', cell: ({ effectiveAt }) => <DateTime at={effectiveAt} readerSettings={defaultReader} /> },
  { head: 'What', cell: ({ kind }) => creditKindLabel(kind) },
  { head: 'Days', kind: 'numeric', cell: ({ days }) => formatSignedDaysEnglish(days) },
  { head: 'Reason', cell: ({ reason }) => reason ?? '—' },
];

function revokeColumn({ user, viewer }: UserPageModel): Column<UserCreditEntryModel> {
  return {
    head: 'Revoke',
    cell: (entry) =>
      entry.isRevocable ? (
        <Form action={`/admin/users/${user.id}/credit/${entry.id}/revoke`} csrf={viewer.csrf}>
          <Field id={`why-${entry.id}`} name="reason" label="Reason" maxlength={500} required />
          <SubmitButton tone="danger">Revoke</SubmitButton>
        </Form>
      ) : (
        '—'
      ),
  };
}

function GrantForm({ model: { user, viewer, idempotencyKey } }: { model: UserPageModel }) {
  return (
    <>
      <h3>Give days</h3>
      <p class="hint">The user can read the reason.</p>
      <Form action={`/admin/users/${user.id}/credit`} csrf={viewer.csrf} inline>
        <input type="hidden" name="idempotencyKey" value={idempotencyKey} />
        <Field id="days" name="days" type="number" label="Days" min={1} max={3_650} required />
        <Field id="reason" name="reason" label="Reason" maxlength={500} required />
        <SubmitButton>Give days</SubmitButton>
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
    <Section id="refund" title="Refund as credit">
      <p>Give days of access instead of refunding money.</p>
      <form method="get" action={`/admin/users/${encodeURIComponent(userId)}/refund-as-credit`} class="form">
        <MoneyField
          id="refund-amount"
          name="amount"
          label="Amount"
          currency={currency}
          hint={t('refund.emptyAmount')}
        />
        <SubmitButton tone="plain">Show the days</SubmitButton>
      </form>
    </Section>
  );
}
