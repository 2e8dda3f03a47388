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
import { AdminNav, UserLink } from '../../pages/admin-components.js';
import { AuditSection } from '../../audit/pages/audit-section.js';
import { ReferralBadge } from './referral-list-page.js';
import type { ReferralEntryModel, ReferralPageModel } from '../referral-page-loader.js';
import { ReferralPaymentSection } from './referral-payment-section.js';
import { ReviewSection } from './review-section.js';

const notices = {
  approve: 'Referral approved. If nothing else holds the reward, it is on its way.',
  reject: 'Referral rejected. It brings no credit, and any credit it brought is taken back.',
  reopen: 'Decision undone. The rules decide again.',
  reverse: 'Referral reversed.',
  restore: 'Manual reversal lifted. You see the current credit below.',
} as const;

/** One referral: its status and why. Posts `reason` to /admin/referrals/{id}/reverse or restore. */
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
    <Section id="standing" title="Status">
      <p>
        <ReferralBadge status={referral.status} />
      </p>
      {referral.why ? <p>{referral.why}</p> : null}
      {nextStep ? <p>{nextStep}</p> : null}
      {flags ? <Banner tone="warn">{flags} This does not affect the credit.</Banner> : null}
      {model.mayChange && model.isConverted ? <ReversalForm model={model} /> : null}
    </Section>
  );
}

function ReversalForm({ model: { referral, isManuallyReversed, viewer } }: { model: ReferralPageModel }) {
  const action = isManuallyReversed ? 'restore' : 'reverse';
  return (
    <>
      <h3>{isManuallyReversed ? 'Lift the manual reversal' : 'Reverse manually'}</h3>
      <p class="hint">
        {isManuallyReversed
          ? 'The credit comes back if the payment is still valid.'
          : 'Takes back the unused credit of both sides until you lift it here.'}{' '}
        We email both people. Your reason stays in the audit log.
      </p>
      <Form action={`/admin/referrals/${referral.id}/${action}`} csrf={viewer.csrf} inline>
        <Field id="reason" name="reason" label="Reason" maxlength={500} required />
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
    <Section id="about" title="People and dates">
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
        <EmptyState title="No entry">This referral brought no credit.</EmptyState>
      ) : (
        <DataTable
          caption="Ledger entries of both sides, newest first"
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
  admin_revoke: 'Revoked by the team',
};

const columns: Column<ReferralEntryModel>[] = [
  { head: 'When', cell: ({ effectiveAt }) => <DateTime at={effectiveAt} readerSettings={defaultReader} /> },
  { head: 'Side', kind: 'short', cell: ({ side }) => side },
  { head: 'What', cell: ({ kind }) => kinds[kind] ?? kind.replaceAll('_', ' ') },
  { head: 'Days', kind: 'numeric', cell: ({ days }) => formatSignedDaysEnglish(days) },
];
