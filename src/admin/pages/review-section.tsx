import { Field, Form, SubmitButton } from '../../platform/pages/form.js';
import { anybody, Moment } from '../../platform/pages/moment.js';
import { Banner, Section } from '../../platform/pages/parts.js';
import { useWords } from '../../platform/pages/use-words.js';
import { FindingsTable } from './findings-table.js';
import type { ReferralPageModel } from './referral-model.js';

/** What the rules and a person say of a referral. Posts `reason` to /admin/referrals/{id}/approve, reject or reopen. */
export function ReviewSection({ model }: { model: ReferralPageModel }) {
  const t = useWords();
  const { review, waits, arrivesAt } = model;
  return (
    <Section id="review" title={t('review.title')}>
      {waits ? <Banner tone="warn">{t('review.waits')}</Banner> : <p>{t(wordsOf(review))}</p>}
      {model.converted ? null : <p>{t('review.notYetPaid')}</p>}
      {arrivesAt ? (
        <p>
          {t('review.arrives')} <Moment at={arrivesAt} reader={anybody} />
        </p>
      ) : null}
      <FindingsTable findings={model.findings} />
      {model.mayChange ? <ReviewForms model={model} /> : null}
    </Section>
  );
}

function wordsOf({ outcome, decision }: ReferralPageModel['review']): string {
  if (decision !== null) return decision === 'approved' ? 'review.wasApproved' : 'review.wasRejected';
  if (outcome === 'review') return 'review.waits';
  return outcome === 'allow' ? 'review.letThrough' : 'review.refused';
}

function ReviewForms({ model: { review, referral, viewer } }: { model: ReferralPageModel }) {
  const t = useWords();
  const deeds = review.decision === null ? (['approve', 'reject'] as const) : (['reopen'] as const);
  return (
    <>
      <p class="hint">{t('review.told')}</p>
      {deeds.map((deed) => (
        <Form key={deed} action={`/admin/referrals/${referral.id}/${deed}`} csrf={viewer.csrf} inline>
          <Field id={`reason-${deed}`} name="reason" label={t('review.reason')} maxLength={500} required />
          <SubmitButton tone={deed === 'reject' ? 'danger' : 'main'}>{t(`review.${deed}`)}</SubmitButton>
        </Form>
      ))}
    </>
  );
}
