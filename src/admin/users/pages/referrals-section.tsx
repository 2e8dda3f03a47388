import { DataTable, type Column } from '../../../platform/ui/data-table.js';
import { defaultReader, DateTime } from '../../../platform/ui/date-time.js';
import { EmptyState, Section } from '../../../platform/ui/components.js';
import type { UserPageModel } from './user-page-model.js';

type Referral = UserPageModel['referrals'][number];

/** Who brought a user, and whom they brought. */
export function ReferralsSection({ model: { referredBy, referrals } }: { model: UserPageModel }) {
  return (
    <Section id="referrals" title="Referrals">
      {referredBy ? (
        <p>
          Came by <ReferralUserLink id={referredBy.userId} label={referredBy.label} />,{' '}
          <DateTime at={referredBy.at} readerSettings={defaultReader} />.{' '}
          <a href={`/admin/referrals/${encodeURIComponent(referredBy.id)}`}>See the referral</a>
        </p>
      ) : (
        <p>Joined without an invitation.</p>
      )}
      {referrals.length === 0 ? (
        <EmptyState title="No invites yet">
          Friends appear once they have confirmed their email address.
        </EmptyState>
      ) : (
        <DataTable caption="People they invited" columns={columns} rows={referrals} keyOf={({ id }) => id} />
      )}
    </Section>
  );
}

const columns: Column<Referral>[] = [
  { head: 'Who', cell: ({ userId, label }) => <ReferralUserLink id={userId} label={label} /> },
  {
    head: 'Status',
    kind: 'short',
    cell: ({ id, status }) => <a href={`/admin/referrals/${encodeURIComponent(id)}`}>{status}</a>,
  },
  { head: 'Joined', cell: ({ at }) => <DateTime at={at} readerSettings={defaultReader} /> },
];

function ReferralUserLink({ id, label }: { id: string | null; label: string }) {
  return id === null ? <>{label}</> : <a href={`/admin/users/${encodeURIComponent(id)}`}>{label}</a>;
}
