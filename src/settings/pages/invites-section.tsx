import type { Words } from '../../platform/locale/words.js';
import { DataTable, type Column } from '../../platform/pages/data-table.js';
import { safeHref } from '../../platform/pages/links.js';
import { Moment, type Reader } from '../../platform/pages/moment.js';
import { EmptyState, Section } from '../../platform/pages/parts.js';
import { signedDaysIn } from '../../platform/pages/words.js';
import { useWords } from '../../platform/pages/use-words.js';
import { InviteBadge } from './invite-badge.js';
import type { InviteModel, SettingsModel } from './settings-model.js';
import { WhyNoCredit } from './why-no-credit.js';

/** The people one has brought, and what came of each. */
export function InvitesSection({ model, reader }: { model: SettingsModel; reader: Reader }) {
  const t = useWords();
  const older = model.olderInvitesHref === null ? null : safeHref(model.olderInvitesHref);
  return (
    <Section id="invites" title={t('settings.titles.invites')}>
      {model.invites.length === 0 ? (
        <EmptyState title={t('invites.none')}>{t('invites.noneHint')}</EmptyState>
      ) : (
        <DataTable
          caption={t('invites.caption')}
          columns={columnsFor(reader, t)}
          rows={model.invites}
          keyOf={(invite) => invite.id}
        />
      )}
      {older ? (
        <p>
          <a href={older}>{t('invites.older')}</a>
        </p>
      ) : null}
      <WhyNoCredit />
    </Section>
  );
}

function columnsFor(reader: Reader, t: Words): Column<InviteModel>[] {
  return [
    {
      head: t('invites.friend'),
      cell: ({ id, label, why, nextStep }) => (
        <>
          <a href={`/settings/invites/${encodeURIComponent(id)}`}>{label}</a>
          {why ? <span class="block">{why}</span> : null}
          <span class="hint block">{nextStep}</span>
        </>
      ),
    },
    {
      head: t('invites.status'),
      cell: ({ status }) => <InviteBadge status={status} />,
    },
    {
      head: t('invites.joined'),
      cell: ({ invitedAt }) => <Moment at={invitedAt} reader={reader} dateOnly />,
    },
    {
      head: t('invites.firstPaid'),
      cell: ({ convertedAt }) => (convertedAt ? <Moment at={convertedAt} reader={reader} dateOnly /> : '—'),
    },
    {
      head: t('invites.earned'),
      kind: 'numeric',
      cell: ({ daysEarned }) => (Math.abs(daysEarned) < 0.005 ? '—' : signedDaysIn(t, daysEarned)),
    },
  ];
}
