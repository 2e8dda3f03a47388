import { Field, Form, SubmitButton } from '../../../platform/pages/form.js';
import { Banner, EmptyState, Problem, Section } from '../../../platform/pages/parts.js';
import { renderPage } from '../../../platform/pages/render-page.js';
import { useWords } from '../../../platform/pages/use-words.js';
import type { Words } from '../../../platform/locale/words.js';
import { formatMoney } from '../../../platform/money.js';
import { termsInputs } from '../terms-form.js';
import { ChangeTable } from './change-table.js';
import { CostTable } from './cost-table.js';
import { TermsLayout } from './terms-layout.js';
import type { TermsPreviewModel } from './terms-models.js';

/**
 * What a draft changes and would have cost, before it is published: posts the same fields with `reason`, `basedOn` and
 * `idempotencyKey` to /admin/programme, or back to /admin/programme/edit.
 */
export function termsPreviewPage(model: TermsPreviewModel, locale: string): string {
  return renderPage(<Preview model={model} />, locale);
}

function Preview({ model }: { model: TermsPreviewModel }) {
  const { viewer, inForce, changes, superseded, problem } = model;
  const t = useWords();
  return (
    <TermsLayout title={t('terms.preview.title')} viewer={viewer}>
      <Problem text={problem} />
      <div class="stack">
        {superseded.length > 0 ? (
          <Banner tone="warn">
            {t('terms.preview.superseded', { count: superseded.length, versions: superseded.join(', ') })}
          </Banner>
        ) : null}
        <Section id="changes" title={t('terms.preview.changes')}>
          <ChangeTable
            changes={changes}
            from={t('terms.preview.inForce', { version: inForce })}
            to={t('terms.preview.draft')}
          />
        </Section>
        <Cost model={model} />
        <Publish model={model} />
      </div>
    </TermsLayout>
  );
}

function Cost({ model: { replayed, days } }: { model: TermsPreviewModel }) {
  const t = useWords();
  const { payments, draft, prices } = replayed;
  return (
    <Section id="cost" title={t('terms.cost.title')}>
      {payments === 0 ? (
        <EmptyState title={t('terms.cost.none', { days })}>{t('terms.cost.noneHint')}</EmptyState>
      ) : (
        <>
          <p>{t('terms.cost.lead', { days, payments })}</p>
          {draft.usedUpAt === null ? null : (
            <Banner tone="warn">{t('terms.cost.usedUp', { at: new Date(draft.usedUpAt) })}</Banner>
          )}
          <CostTable replayed={replayed} />
          <p class="hint">{priceWords(t, prices)}</p>
          <p class="hint">{t('terms.cost.assumes')}</p>
        </>
      )}
    </Section>
  );
}

function priceWords(t: Words, prices: TermsPreviewModel['replayed']['prices']): string {
  if (prices.length === 0) return t('terms.cost.noPrice');
  const each = prices.map(({ perDay, currency }) => formatMoney({ amount: perDay, currency }, t.locale));
  return t('terms.cost.prices', { prices: each.join(' · ') });
}

function Publish({ model }: { model: TermsPreviewModel }) {
  const { viewer, mayChange, formKey, basedOn, reason } = model;
  const t = useWords();
  return (
    <Section id="publish" title={t('terms.preview.publishTitle')}>
      <p>{t('terms.preview.promise')}</p>
      {mayChange ? (
        <Form action="/admin/programme" csrf={viewer.csrf}>
          <Kept model={model} />
          <input type="hidden" name="idempotencyKey" value={formKey} />
          <input type="hidden" name="basedOn" value={String(basedOn)} />
          <Field
            id="reason"
            name="reason"
            label={t('terms.preview.reason')}
            hint={t('terms.preview.reasonHint')}
            value={reason}
            maxLength={500}
            required
          />
          <SubmitButton>{t('terms.preview.publish')}</SubmitButton>
        </Form>
      ) : null}
      <Form action="/admin/programme/edit" csrf={viewer.csrf}>
        <Kept model={model} />
        <SubmitButton tone="plain">{t('terms.preview.edit')}</SubmitButton>
      </Form>
    </Section>
  );
}

/** What was written, on its way to the next step. */
function Kept({ model: { texts } }: { model: TermsPreviewModel }) {
  return (
    <>
      {termsInputs.map((name) => (
        <input key={name} type="hidden" name={name} value={texts[name]} />
      ))}
    </>
  );
}
