import { Field, Form, SubmitButton } from '../../../platform/ui/form.js';
import { defaultReader, DateTime } from '../../../platform/ui/date-time.js';
import { Banner, Section } from '../../../platform/ui/components.js';
import { useTranslate } from '../../../platform/ui/render-page.js';
import { FindingsTable } from '../../fraud/pages/findings-table.js';
import type { ReferralPageModel } from './referral-page-model.js';

/** What the rules and a person say of a referral. Posts `reason` to /admin/referrals/{id}/approve, reject or reopen. */
export function ReviewSection({ model }: { model: ReferralPageModel }) {
  const t = useTranslate();
  const { review, awaitsReview, arrivesAt } = model;
  return (
    <Section id="review" title={t('review.title')}>
      {awaitsReview ? (
        <Banner tone="warn">{t('review.pending')}</Banner>
      ) : (
        <p>{t(reviewMessageKey(review))}</p>
      )}
      {model.isConverted ? null : <p>{t('review.beforePayment')}</p>}
      {arrivesAt ? (
        <p>
          {t('review.creditArrives')} <DateTime at={arrivesAt} readerSettings={defaultReader} />
        </p>
      ) : null}
      <FindingsTable findings={model.findings} />
      {model.mayChange ? <ReviewForms model={model} /> : null}
    </Section>
  );
}

function reviewMessageKey({ outcome, decision }: ReferralPageModel['review']): string {
  if (decision !== null) return decision === 'approved' ? 'review.approved' : 'review.rejected';
  if (outcome === 'review') return 'review.pending';
  return outcome === 'allow' ? 'review.rulesAllow' : 'review.rulesReject';
}

function ReviewForms({ model: { review, referral, viewer } }: { model: ReferralPageModel }) {
  const t = useTranslate();
  const actions = review.decision === null ? (['approve', 'reject'] as const) : (['reopen'] as const);
  return (
    <>
      <p class="hint">{t('review.notice')}</p>
      {actions.map((action) => (
        <Form key={action} action={`/admin/referrals/${referral.id}/${action}`} csrf={viewer.csrf} inline>
          <Field id={`reason-${action}`} name="reason" label={t('review.reason')} maxLength={500} required />
          <SubmitButton tone={action === 'reject' ? 'danger' : 'main'}>{t(`review.${action}`)}</SubmitButton>
        </Form>
      ))}
    </>
  );
}
