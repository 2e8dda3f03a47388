import type { Translate } from '../../../platform/i18n/translations.js';
import { DataTable, type Column } from '../../../platform/ui/data-table.js';
import { safeHref } from '../../../platform/ui/safe-href.js';
import { DateTime, type ReaderSettings } from '../../../platform/ui/date-time.js';
import { EmptyState, Section } from '../../../platform/ui/components.js';
import { countDays, formatSignedDays } from '../../../platform/ui/format.js';
import { useTranslate } from '../../../platform/ui/render-page.js';
import type { InviteModel, SettingsPageModel } from '../settings-page-model.js';
import { NoticeBadge } from './invitation-section.js';

/** The people the user referred, and their status. */
export function InvitesSection({
  model,
  readerSettings,
}: {
  model: SettingsPageModel;
  readerSettings: ReaderSettings;
}) {
  const t = useTranslate();
  const older = model.olderInvitesHref === null ? null : safeHref(model.olderInvitesHref);
  return (
    <Section id="invites" title={t('settings.titles.invites')}>
      {model.invites.length === 0 ? (
        <EmptyState title={t('invites.none')}>{t('invites.noneHint')}</EmptyState>
      ) : (
        <DataTable
          caption={t('invites.caption')}
          columns={inviteColumns(readerSettings, t)}
          rows={model.invites}
          keyOf={(invite) => invite.id}
        />
      )}
      {older ? (
        <p>
          <a href={older}>{t('invites.older')}</a>
        </p>
      ) : null}
      <NoCreditReasons />
    </Section>
  );
}

function inviteColumns(readerSettings: ReaderSettings, t: Translate): Column<InviteModel>[] {
  return [
    {
      head: t('invites.friend'),
      cell: ({ id, label, reward }) => (
        <>
          <a href={`/settings/invites/${encodeURIComponent(id)}`}>{label}</a>
          {reward.why ? <span class="block">{reward.why}</span> : null}
          <span class="hint block">{reward.next ?? reward.text}</span>
        </>
      ),
    },
    {
      head: t('invites.status'),
      cell: ({ reward }) => <NoticeBadge status={reward.status} />,
    },
    {
      head: t('invites.joined'),
      cell: ({ invitedAt }) => <DateTime at={invitedAt} readerSettings={readerSettings} dateOnly />,
    },
    {
      head: t('invites.firstPaid'),
      cell: ({ convertedAt }) =>
        convertedAt ? <DateTime at={convertedAt} readerSettings={readerSettings} dateOnly /> : '—',
    },
    {
      head: t('invites.earned'),
      kind: 'numeric',
      cell: ({ daysEarned }) => (countDays(daysEarned).count === 0 ? '—' : formatSignedDays(t, daysEarned)),
    },
  ];
}

const noCreditReasons = [
  'hadAccount',
  'ownLink',
  'invitedByOther',
  'notPaid',
  'paidBefore',
  'refunded',
] as const;

/** Why a shared link may not earn anything. */
export function NoCreditReasons() {
  const t = useTranslate();
  return (
    <details class="more">
      <summary>{t('noCredit.title')}</summary>
      <dl class="reasons">
        {noCreditReasons.map((reason) => (
          <div key={reason}>
            <dt>{t(`noCredit.${reason}.title`)}</dt>
            <dd>{t(`noCredit.${reason}.explanation`)}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
