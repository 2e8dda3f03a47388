import { Form, SubmitButton } from '../../../platform/ui/form.js';
import { DateTime } from '../../../platform/ui/date-time.js';
import { Banner, Section } from '../../../platform/ui/components.js';
import { useTranslate } from '../../../platform/ui/render-page.js';
import type { ReferralPageModel } from '../referral-page-loader.js';
import type { Translate } from '../../../platform/i18n/translations.js';
import { DataTable, type Column } from '../../../platform/ui/data-table.js';
import type { FraudFindingDto } from '../../../referral/index.js';
import { ActionLink } from './action-link.js';
import { evidenceText } from '../../fraud/evidence-text.js';

/** What the rules and a person say of a referral, and what can be decided. */
export function ReviewSection({ model }: { model: ReferralPageModel }) {
  const t = useTranslate();
  const { review, awaitsReview, arrivesAt } = model;
  return (
    <Section id="review" title={t('review.title')}>
      {awaitsReview ? <Banner tone="warn">{t('review.pending')}</Banner> : <ReviewStatus review={review} />}
      {model.isConverted ? null : <p>{t('review.beforePayment')}</p>}
      {arrivesAt ? (
        <p>
          {t('review.creditArrives')} <DateTime at={arrivesAt} />
        </p>
      ) : null}
      <FindingsTable findings={model.findings} email={model.referral.referred.email} />
      {model.mayChange ? <ReviewActions model={model} /> : null}
    </Section>
  );
}

function ReviewStatus({ review }: { review: ReferralPageModel['review'] }) {
  const t = useTranslate();
  if (review.scheduled === null) return <p>{t(reviewMessageKey(review))}</p>;
  return (
    <Banner tone="note">
      {t(`review.${review.scheduled.decision}`)} {t('review.takesEffect')}{' '}
      <DateTime at={review.scheduled.takesEffectAt} />.
    </Banner>
  );
}

function reviewMessageKey({ outcome, decision }: ReferralPageModel['review']): string {
  if (decision !== null) return decision === 'approved' ? 'review.approved' : 'review.rejected';
  if (outcome === 'review') return 'review.pending';
  return outcome === 'allow' ? 'review.rulesAllow' : 'review.rulesReject';
}

function ReviewActions({ model: { review, referral, viewer } }: { model: ReferralPageModel }) {
  const t = useTranslate();
  if (review.scheduled !== null)
    return (
      <Form action="/admin/review/undo" csrf={viewer.csrf} inline>
        <input type="hidden" name="referral" value={referral.id} />
        <SubmitButton tone="plain">{t('review.undo')}</SubmitButton>
      </Form>
    );
  const actions = review.decision === null ? (['approve', 'reject'] as const) : (['reopen'] as const);
  return (
    <p class="actions">
      {actions.map((action) => (
        <ActionLink key={action} id={referral.id} action={action} />
      ))}
    </p>
  );
}

/** What the rules found, with its evidence and weight. */
function FindingsTable({ findings, email }: { findings: FraudFindingDto[]; email: string | null }) {
  const t = useTranslate();
  if (findings.length === 0) return <p class="hint">{t('fraud.noHits')}</p>;
  return (
    <DataTable
      caption={t('fraud.hitsCaption')}
      columns={columnsFor(t, email)}
      rows={findings}
      keyOf={({ rule, mode, at, evidence }) => `${rule}${mode}${at.getTime()}${JSON.stringify(evidence)}`}
    />
  );
}

function columnsFor(t: Translate, email: string | null): Column<FraudFindingDto>[] {
  return [
    { head: t('fraud.date'), cell: ({ at }) => <DateTime at={at} /> },
    {
      head: t('fraud.rule'),
      cell: ({ rule, mode }) => (
        <>
          {t(`fraud.rules.${rule}`)}
          {mode === 'shadow' ? <span class="hint block">{t('fraud.shadowMode')}</span> : null}
        </>
      ),
    },
    { head: t('fraud.weight'), kind: 'numeric', cell: ({ weight }) => weight },
    { head: t('fraud.evidence'), cell: (finding) => evidenceText(t, finding, email) },
  ];
}
