import { DataTable, type Column } from '../../../platform/ui/data-table.js';
import { Field, Form, SubmitButton } from '../../../platform/ui/form.js';
import { Layout } from '../../../platform/ui/layout.js';
import { defaultReader, DateTime } from '../../../platform/ui/date-time.js';
import {
  Banner,
  EmptyState,
  DescriptionList,
  ErrorBanner,
  Section,
} from '../../../platform/ui/components.js';
import { RulesTable } from '../../../platform/ui/rules-table.js';
import { renderPage } from '../../../platform/ui/render-page.js';
import { plural, formatSignedDaysEnglish } from '../../../platform/ui/format.js';
import { AdminNav } from '../../pages/admin-nav.js';
import { AuditSection } from '../../audit/pages/audit-section.js';
import { UserLink } from '../../users/pages/user-link.js';
import { ReferralBadge } from './referral-badge.js';
import type { ReferralEntryModel, ReferralPageModel } from './referral-page-model.js';
import { ReferralPaymentSection } from './referral-payment-section.js';
import { ReviewSection } from './review-section.js';

const notices = {
  approve: 'The referral is approved. What waited only for that is on its way.',
  reject: 'The referral is rejected. Nothing is credited for it, and what was is taken back.',
  reopen: 'The decision is taken back: the rules count again.',
  reverse: 'The referral is reversed by hand.',
  restore: 'The reversal by hand is lifted. Whether the credit is back stands below.',
} as const;

/** One referral: whether it stands and why. Posts `reason` to /admin/referrals/{id}/reverse or restore. */
export function referralPage(model: ReferralPageModel): string {
  return renderPage(
    <Layout title="Referral" viewer={model.viewer} width="wide" current="/admin/users">
      <AdminNav current="referrals" />
      <h1>Referral</h1>
      {model.notice ? <Banner tone="good">{notices[model.notice]}</Banner> : null}
      <ErrorBanner text={model.problem} />
      <div class="stack">
        <StatusSection model={model} />
        <ReviewSection model={model} />
        <Section id="rules" title="Rules">
          <RulesTable rules={model.rules} readerSettings={defaultReader} />
        </Section>
        <AboutSection model={model} />
        <ReferralPaymentSection payment={model.payment} />
        <EntriesSection entries={model.entries} />
        <AuditSection audit={model.audit} />
        <p class="hint">Times are in UTC.</p>
      </div>
    </Layout>,
  );
}

function StatusSection({ model }: { model: ReferralPageModel }) {
  const { referral, nextStep, flags } = model;
  return (
    <Section id="standing" title="Where it stands">
      <p>
        <ReferralBadge status={referral.status} />
      </p>
      {referral.why ? <p>{referral.why}</p> : null}
      {nextStep ? <p>{nextStep}</p> : null}
      {flags ? <Banner tone="warn">{flags} Nothing was taken for that.</Banner> : null}
      {model.mayChange && model.isConverted ? <ReversalForm model={model} /> : null}
    </Section>
  );
}

function ReversalForm({ model: { referral, isManuallyReversed, viewer } }: { model: ReferralPageModel }) {
  const action = isManuallyReversed ? 'restore' : 'reverse';
  return (
    <>
      <h3>{isManuallyReversed ? 'Lift the reversal by hand' : 'Reverse by hand'}</h3>
      <p class="hint">
        {isManuallyReversed
          ? 'The credit comes back unless something else speaks against the payment.'
          : 'Takes back what both sides have not used yet, until it is lifted here.'}{' '}
        Both are told by mail; the reason stays in the audit.
      </p>
      <Form action={`/admin/referrals/${referral.id}/${action}`} csrf={viewer.csrf} inline>
        <Field id="reason" name="reason" label="Reason" maxLength={500} required />
        <SubmitButton tone={isManuallyReversed ? 'main' : 'danger'}>
          {isManuallyReversed ? 'Lift it' : 'Reverse'}
        </SubmitButton>
      </Form>
    </>
  );
}

function AboutSection({ model: { referral, code, days, creditedAt } }: { model: ReferralPageModel }) {
  const { referrer, referred, linkedAt, convertedAt } = referral;
  const dateTime = (at: Date | null) => (at ? <DateTime at={at} readerSettings={defaultReader} /> : '—');
  return (
    <Section id="about" title="Who and when">
      <DescriptionList
        items={[
          ['Referrer', <UserLink userId={referrer?.userId ?? null} email={referrer?.email ?? null} />],
          ['Friend', <UserLink {...referred} />],
          ['Code', <code>{code}</code>],
          ['Promised', `${plural(days.referrer, 'day')} and ${plural(days.referred, 'day')}`],
          ['Joined', dateTime(linkedAt)],
          ['First payment processed', dateTime(convertedAt)],
          ['First credited', dateTime(creditedAt)],
        ]}
      />
    </Section>
  );
}

function EntriesSection({ entries }: { entries: ReferralEntryModel[] }) {
  return (
    <Section id="entries" title="Credit">
      {entries.length === 0 ? (
        <EmptyState title="No entry">Nothing was credited for this referral.</EmptyState>
      ) : (
        <DataTable
          caption="Ledger lines of both sides, newest first"
          columns={columns}
          rows={entries}
          keyOf={({ id }) => id}
        />
      )}
    </Section>
  );
}

/** The kinds that one side of a referral can have. */
const kinds: Record<string, string> = {
  referral_referrer: 'Reward',
  referral_referred: 'Reward',
  reversal: 'Taken back',
  restoration: 'Given back',
  admin_revoke: 'Revoked by staff',
};

const columns: Column<ReferralEntryModel>[] = [
  { head: 'When', cell: ({ effectiveAt }) => <DateTime at={effectiveAt} readerSettings={defaultReader} /> },
  { head: 'Side', kind: 'short', cell: ({ side }) => side },
  { head: 'What', cell: ({ kind }) => kinds[kind] ?? kind.replaceAll('_', ' ') },
  { head: 'Days', kind: 'numeric', cell: ({ days }) => formatSignedDaysEnglish(days) },
];
