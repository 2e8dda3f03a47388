import { DataTable, type Column } from '../../platform/pages/data-table.js';
import { anybody, Moment } from '../../platform/pages/moment.js';
import { EmptyState, Section } from '../../platform/pages/parts.js';
import type { AdminUserModel } from './admin-model.js';

type Referral = AdminUserModel['referrals'][number];

/** Who brought a user, and whom they brought. */
export function ReferralsSection({ model: { referredBy, referrals } }: { model: AdminUserModel }) {
  return (
    <Section id="referrals" title="Referrals">
      {referredBy ? (
        <p>
          Came by <Person id={referredBy.userId} label={referredBy.label} />,{' '}
          <Moment at={referredBy.at} reader={anybody} />.{' '}
          <a href={`/admin/referrals/${encodeURIComponent(referredBy.id)}`}>See the referral</a>
        </p>
      ) : (
        <p>Came without an invitation.</p>
      )}
      {referrals.length === 0 ? (
        <EmptyState title="Brought nobody yet">
          Friends appear once they have proven their address.
        </EmptyState>
      ) : (
        <DataTable caption="People they brought" columns={columns} rows={referrals} keyOf={({ id }) => id} />
      )}
    </Section>
  );
}

const columns: Column<Referral>[] = [
  { head: 'Who', cell: ({ userId, label }) => <Person id={userId} label={label} /> },
  {
    head: 'Status',
    kind: 'short',
    cell: ({ id, status }) => <a href={`/admin/referrals/${encodeURIComponent(id)}`}>{status}</a>,
  },
  { head: 'Joined', cell: ({ at }) => <Moment at={at} reader={anybody} /> },
];

function Person({ id, label }: { id: string | null; label: string }) {
  return id === null ? <>{label}</> : <a href={`/admin/users/${encodeURIComponent(id)}`}>{label}</a>;
}
