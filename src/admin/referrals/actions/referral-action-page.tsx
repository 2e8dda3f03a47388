import type { AccountAccess } from '../../../accounts/index.js';
import type { Translate } from '../../../platform/i18n/translations.js';
import { ErrorBanner, Section } from '../../../platform/ui/components.js';
import { DataTable, type Column } from '../../../platform/ui/data-table.js';
import { DateTime } from '../../../platform/ui/date-time.js';
import { Field, Form, SubmitButton } from '../../../platform/ui/form.js';
import { formatSignedDays } from '../../../platform/ui/format.js';
import { Layout } from '../../../platform/ui/layout.js';
import { renderPage, useTranslate } from '../../../platform/ui/render-page.js';
import { AdminNav, TimeZoneHint, UserLink } from '../../pages/admin-components.js';
import { rewardDays } from '../../review/decision-effect.js';
import type { ReferralActionModel } from './referral-action-page-loader.js';
import type { SideEffect } from './referral-preview.service.js';

/**
 * The page of an action about a referral. Support sees what it would do; admins do it, by a form
 * that posts `reason` to the address of the page.
 */
export function referralActionPage(model: ReferralActionModel): string {
  return renderPage(<ReferralActionPage model={model} />, model.viewer);
}

function ReferralActionPage({ model }: { model: ReferralActionModel }) {
  const t = useTranslate();
  const { action, referral, viewer, sides, problem } = model;
  const path = `/admin/referrals/${encodeURIComponent(referral.id)}`;
  return (
    <Layout
      title={t('console.titleOf', {
        title: t(`referralAction.${action}.title`),
        name: referral.referred.email ?? t('console.erasedUser'),
      })}
      viewer={viewer}
      width="wide"
      current="/admin/users"
      address={`${path}/${action}`}
    >
      <AdminNav current="referrals" />
      <h1>{t(`referralAction.${action}.title`)}</h1>
      <p>
        <a href={path}>{t('referralAction.back')}</a>
      </p>
      <p>{t(`referralAction.${action}.intro`)}</p>
      <ErrorBanner text={problem} />
      <div class="stack">
        {sides === null ? null : (
          <Section id="preview" title={t('userAction.effect')}>
            <DecisionEffect model={model} />
            <DataTable
              caption={t('referralAction.sides')}
              columns={columns(t)}
              rows={sides}
              keyOf={({ side }) => side}
            />
            {model.mayChange ? <ReasonForm model={model} path={`${path}/${action}`} /> : null}
          </Section>
        )}
        <TimeZoneHint />
      </div>
    </Layout>
  );
}

/** When a review takes effect, and what it brings about. */
function DecisionEffect({ model: { decision, referral } }: { model: ReferralActionModel }) {
  const t = useTranslate();
  if (decision === null) return null;
  return (
    <>
      <p>{t(`review.effect.${decision.effect}`, { count: 1, days: rewardDays(referral) })}</p>
      <p>{t('review.bulk.undoFor', { minutes: decision.undoMinutes })}</p>
    </>
  );
}

const columns = (t: Translate): Column<SideEffect>[] => [
  {
    head: t('referralAction.person'),
    cell: ({ side, userId, email }) => (
      <>
        <UserLink userId={userId} email={email} />
        <span class="hint block">{t(`console.referral.${side}`)}</span>
      </>
    ),
  },
  { head: t('userAction.change'), kind: 'numeric', cell: ({ days }) => formatSignedDays(t, days) },
  { head: t('referralAction.accessNow'), cell: ({ now }) => <AccessUntil access={now} /> },
  { head: t('referralAction.accessThen'), cell: ({ then }) => <AccessUntil access={then} /> },
];

function AccessUntil({ access: { active, until } }: { access: AccountAccess }) {
  const t = useTranslate();
  if (!active) return <>{t('referralAction.noAccess')}</>;
  if (until === null) return <>{t('referralAction.openEnd')}</>;
  return (
    <>
      {t('referralAction.until')} <DateTime at={until} />
    </>
  );
}

function ReasonForm({
  model: { viewer, action, reason },
  path,
}: {
  model: ReferralActionModel;
  path: string;
}) {
  const t = useTranslate();
  const isHarsh = action === 'reject' || action === 'reverse';
  return (
    <Form action={path} csrf={viewer.csrf}>
      <Field
        id="reason"
        name="reason"
        label={t('console.referral.reason')}
        value={reason}
        hint={t('console.credit.giveHint')}
        maxlength={500}
        required
      />
      <SubmitButton tone={isHarsh ? 'danger' : 'main'}>{t(`referralAction.${action}.do`)}</SubmitButton>
    </Form>
  );
}
