import { DataTable, type Column } from '../../platform/pages/data-table.js';
import { Field, Form, SubmitButton } from '../../platform/pages/form.js';
import { anybody, Moment } from '../../platform/pages/moment.js';
import { EmptyState, Section } from '../../platform/pages/parts.js';
import { creditKindWords, signedDays } from '../../platform/pages/words.js';
import type { AdminEntry, AdminUserModel } from './admin-model.js';

/**
 * The ledger of a user. Posts `days`, `reason` and `idempotencyKey` to /admin/users/{id}/credit, and `reason` to
 * /admin/users/{id}/credit/{entryId}/revoke.
 */
export function CreditSection({ model }: { model: AdminUserModel }) {
  const { credit, mayChange, user } = model;
  return (
    <Section id="credit" title="Credit">
      <p>
        {credit.until ? (
          <>
            Until <Moment at={credit.until} reader={anybody} />.
          </>
        ) : (
          'None at present.'
        )}
      </p>
      {credit.entries.length === 0 ? (
        <EmptyState title="No entry">Referrals, refunds and staff write here.</EmptyState>
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

const columns: Column<AdminEntry>[] = [
  { head: 'When', cell: ({ effectiveAt }) => <Moment at={effectiveAt} reader={anybody} /> },
  { head: 'What', cell: ({ kind }) => creditKindWords(kind) },
  { head: 'Days', kind: 'numeric', cell: ({ days }) => signedDays(days) },
  { head: 'Reason', cell: ({ reason }) => reason ?? '—' },
];

function revokeColumn({ user, viewer }: AdminUserModel): Column<AdminEntry> {
  return {
    head: 'Revoke',
    cell: (entry) =>
      entry.revocable ? (
        <Form action={`/admin/users/${user.id}/credit/${entry.id}/revoke`} csrf={viewer.csrf}>
          <Field id={`why-${entry.id}`} name="reason" label="Reason" maxLength={500} required />
          <SubmitButton tone="danger">Revoke</SubmitButton>
        </Form>
      ) : (
        '—'
      ),
  };
}

function GrantForm({ model: { user, viewer, formKey } }: { model: AdminUserModel }) {
  return (
    <>
      <h3>Give days</h3>
      <p class="hint">The user can read the reason.</p>
      <Form action={`/admin/users/${user.id}/credit`} csrf={viewer.csrf} inline>
        <input type="hidden" name="idempotencyKey" value={formKey} />
        <Field id="days" name="days" type="number" label="Days" min={1} max={3_650} required />
        <Field id="reason" name="reason" label="Reason" maxLength={500} required />
        <SubmitButton>Give days</SubmitButton>
      </Form>
    </>
  );
}
