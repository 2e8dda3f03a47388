import { DataTable, type Column } from '../../../platform/ui/data-table.js';
import type { Translate } from '../../../platform/i18n/translations.js';
import { Layout } from '../../../platform/ui/layout.js';
import { DateTime } from '../../../platform/ui/date-time.js';
import { Banner, EmptyState, DescriptionList, Section } from '../../../platform/ui/components.js';
import { RulesTable } from '../../../platform/ui/rules-table.js';
import { renderPage, usePageReader, useTranslate } from '../../../platform/ui/render-page.js';
import { formatSignedDays } from '../../../platform/ui/format.js';
import { AdminNav, TimeZoneHint, UserLink } from '../../pages/admin-components.js';
import { AuditSection } from '../../audit/pages/audit-section.js';
import { ReferralBadge } from './referral-list-page.js';
import type { ReferralEntryModel, ReferralPageModel } from '../referral-page-loader.js';
import { ReferralPaymentSection } from './referral-payment-section.js';
import { ActionLink } from './action-link.js';
import { ReviewSection } from './review-section.js';

/** Where the notice of each action stands: reviews have words of their own. */
const noticeKeys = {
  approve: 'review.done.approve',
  reject: 'review.done.reject',
  reopen: 'review.done.reopen',
  reverse: 'console.referral.done.reverse',
  restore: 'console.referral.done.restore',
} as const;

/** One referral: its status and why. Each action leads to a page that shows what it would do. */
export function referralPage(model: ReferralPageModel): string {
  return renderPage(<ReferralPage model={model} />, model.viewer);
}

function ReferralPage({ model }: { model: ReferralPageModel }) {
  const t = useTranslate();
  return (
    <Layout
      title={t('console.titleOf', {
        title: t('console.referral.title'),
        name: model.referral.referred.email ?? t('console.erasedUser'),
      })}
      viewer={model.viewer}
      width="wide"
      current="/admin/users"
    >
      <AdminNav current="referrals" />
      <h1>{t('console.referral.title')}</h1>
      {model.notice ? <Banner tone="good">{t(noticeKeys[model.notice])}</Banner> : null}
      <div class="stack">
        <StatusSection model={model} />
        <ReviewSection model={model} />
        <Section id="rules" title={t('review.rules')}>
          <RulesTable rules={model.rules} readerSettings={usePageReader()} />
        </Section>
        <AboutSection model={model} />
        <ReferralPaymentSection model={model} />
        <EntriesSection entries={model.entries} />
        <AuditSection audit={model.audit} />
        <TimeZoneHint />
      </div>
    </Layout>
  );
}

function StatusSection({ model }: { model: ReferralPageModel }) {
  const t = useTranslate();
  const { referral, nextStep, flags } = model;
  return (
    <Section id="standing" title={t('console.referral.status')}>
      <p>
        <ReferralBadge status={referral.status} />
      </p>
      {referral.why ? <p>{referral.why}</p> : null}
      {nextStep ? <p>{nextStep}</p> : null}
      {flags ? (
        <Banner tone="warn">
          {flags} {t('console.referral.flagHint')}
        </Banner>
      ) : null}
      {model.mayChange && model.isConverted ? (
        <p class="actions">
          <ActionLink id={referral.id} action={model.isManuallyReversed ? 'restore' : 'reverse'} />
        </p>
      ) : null}
    </Section>
  );
}

function AboutSection({ model: { referral, code, days, creditedAt } }: { model: ReferralPageModel }) {
  const t = useTranslate();
  const { referrer, referred, linkedAt, convertedAt } = referral;
  const dateTime = (at: Date | null) => (at ? <DateTime at={at} /> : '—');
  return (
    <Section id="about" title={t('console.referral.about')}>
      <DescriptionList
        items={[
          [
            t('console.referral.referrer'),
            <UserLink userId={referrer?.userId ?? null} email={referrer?.email ?? null} />,
          ],
          [t('console.referral.friend'), <UserLink {...referred} />],
          [t('console.referral.code'), <code>{code}</code>],
          [t('console.referral.promised'), t('console.referral.promisedDays', days)],
          [t('console.referral.joined'), dateTime(linkedAt)],
          [t('console.referral.converted'), dateTime(convertedAt)],
          [t('console.referral.credited'), dateTime(creditedAt)],
        ]}
      />
    </Section>
  );
}

function EntriesSection({ entries }: { entries: ReferralEntryModel[] }) {
  const t = useTranslate();
  return (
    <Section id="entries" title={t('console.credit.title')}>
      {entries.length === 0 ? (
        <EmptyState title={t('console.credit.empty')}>{t('console.referral.noEntry')}</EmptyState>
      ) : (
        <DataTable
          caption={t('console.referral.entries')}
          columns={columns(t)}
          rows={entries}
          keyOf={({ id }) => id}
        />
      )}
    </Section>
  );
}

const columns = (t: Translate): Column<ReferralEntryModel>[] => [
  { head: t('console.credit.when'), cell: ({ effectiveAt }) => <DateTime at={effectiveAt} /> },
  { head: t('console.referral.side'), cell: ({ side }) => t(`console.referral.${side}`) },
  { head: t('console.credit.what'), cell: ({ kind }) => t(`console.credit.kind.${kind}`) },
  { head: t('console.credit.days'), kind: 'numeric', cell: ({ days }) => formatSignedDays(t, days) },
];
