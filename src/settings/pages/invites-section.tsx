import { DataTable, type Column } from '../../platform/pages/data-table.js';
import { safeHref } from '../../platform/pages/links.js';
import { Moment, type Reader } from '../../platform/pages/moment.js';
import { EmptyState, Section } from '../../platform/pages/parts.js';
import { signedDays } from '../../platform/pages/words.js';
import { InviteBadge } from './invite-badge.js';
import type { InviteModel, SettingsModel } from './settings-model.js';
import { WhyNoCredit } from './why-no-credit.js';

/** The people one has brought, and what came of each. */
export function InvitesSection({ model, reader }: { model: SettingsModel; reader: Reader }) {
  const older = model.olderInvitesHref === null ? null : safeHref(model.olderInvitesHref);
  return (
    <Section id="invites" title="Your invites">
      {model.invites.length === 0 ? (
        <EmptyState title="Nobody yet">
          Share your link. A friend appears here as soon as they have proven their e-mail address.
        </EmptyState>
      ) : (
        <DataTable
          caption="Friends who joined with your code, newest first"
          columns={columnsFor(reader)}
          rows={model.invites}
          keyOf={(invite) => invite.id}
        />
      )}
      {older ? (
        <p>
          <a href={older}>Older invites</a>
        </p>
      ) : null}
      <WhyNoCredit />
    </Section>
  );
}

function columnsFor(reader: Reader): Column<InviteModel>[] {
  return [
    {
      head: 'Friend',
      cell: ({ id, label, why, nextStep }) => (
        <>
          <a href={`/settings/invites/${encodeURIComponent(id)}`}>{label}</a>
          {why ? <span class="block">{why}</span> : null}
          <span class="hint block">{nextStep}</span>
        </>
      ),
    },
    {
      head: 'Status',
      cell: ({ status }) => <InviteBadge status={status} />,
    },
    { head: 'Joined', cell: ({ invitedAt }) => <Moment at={invitedAt} reader={reader} dateOnly /> },
    {
      head: 'First paid',
      cell: ({ convertedAt }) => (convertedAt ? <Moment at={convertedAt} reader={reader} dateOnly /> : '—'),
    },
    {
      head: 'Earned',
      kind: 'numeric',
      cell: ({ daysEarned }) => (Math.abs(daysEarned) < 0.005 ? '—' : signedDays(daysEarned)),
    },
  ];
}
