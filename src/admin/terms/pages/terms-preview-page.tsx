import { formatNumber } from '../../../platform/ui/format.js';
import { Field, Form, SubmitButton } from '../../../platform/ui/form.js';
import { Banner, EmptyState, ErrorBanner, Section } from '../../../platform/ui/components.js';
import { renderPage, useTranslate } from '../../../platform/ui/render-page.js';
import type { Translate } from '../../../platform/i18n/translations.js';
import { formatMoney } from '../../../platform/money.js';
import { draftAddress, toFormFields } from '../terms-form.js';
import { ChangeTable } from './terms-diff-page.js';
import { TermsLayout } from './terms-layout.js';
import type { TermsPreviewModel } from '../terms-page-loader.js';
import { DataTable } from '../../../platform/ui/data-table.js';
import type { SimulationResult } from '../simulation/terms-simulation.js';
import type { OutcomeDto } from '../terms-preview.dto.js';

/**
 * What a draft changes and would have cost, before it is published: posts the same fields with
 * `reason`, `basedOn` and `idempotencyKey` to /admin/programme, or back to /admin/programme/edit.
 */
export function termsPreviewPage(model: TermsPreviewModel): string {
  return renderPage(<Preview model={model} />, model.viewer);
}

function Preview({ model }: { model: TermsPreviewModel }) {
  const { viewer, inForce, changes, superseded, problem } = model;
  const t = useTranslate();
  const address = draftAddress('preview', model.values) ?? '/admin/programme/new';
  return (
    <TermsLayout title={t('terms.preview.title')} viewer={viewer} address={address}>
      <ErrorBanner text={problem} />
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

function Cost({ model: { simulation, days } }: { model: TermsPreviewModel }) {
  const t = useTranslate();
  const { payments, draft, prices } = simulation;
  return (
    <Section id="cost" title={t('terms.cost.title')}>
      {payments === 0 ? (
        <EmptyState title={t('terms.cost.none', { days })}>{t('terms.cost.noneHint')}</EmptyState>
      ) : (
        <>
          <p>{t('terms.cost.intro', { days, payments })}</p>
          {draft.usedUpAt === null ? null : (
            <Banner tone="warn">{t('terms.cost.usedUp', { at: draft.usedUpAt })}</Banner>
          )}
          <CostTable simulationResult={simulation} />
          <p class="hint">{pricesText(t, prices)}</p>
          <p class="hint">{t('terms.cost.assumptions')}</p>
        </>
      )}
    </Section>
  );
}

function pricesText(t: Translate, prices: TermsPreviewModel['simulation']['prices']): string {
  if (prices.length === 0) return t('terms.cost.noPrice');
  const each = prices.map(({ perDay, currency }) => formatMoney({ amount: perDay, currency }, t.locale));
  return t('terms.cost.prices', { prices: each.join(' · ') });
}

function Publish({ model }: { model: TermsPreviewModel }) {
  const { viewer, mayChange, idempotencyKey, basedOn, reason } = model;
  const t = useTranslate();
  return (
    <Section id="publish" title={t('terms.preview.publishTitle')}>
      <p>{t('terms.preview.immutable')}</p>
      {mayChange ? (
        <Form action="/admin/programme" csrf={viewer.csrf}>
          <HiddenFields model={model} />
          <input type="hidden" name="idempotencyKey" value={idempotencyKey} />
          <input type="hidden" name="basedOn" value={String(basedOn)} />
          <Field
            id="reason"
            name="reason"
            label={t('terms.preview.reason')}
            hint={t('terms.preview.reasonHint')}
            value={reason}
            maxlength={500}
            required
          />
          <SubmitButton>{t('terms.preview.publish')}</SubmitButton>
        </Form>
      ) : null}
      <Form action="/admin/programme/edit" csrf={viewer.csrf}>
        <HiddenFields model={model} />
        <SubmitButton tone="plain">{t('terms.preview.edit')}</SubmitButton>
      </Form>
    </Section>
  );
}

/** What was written, on its way to the next step. */
function HiddenFields({ model: { values } }: { model: TermsPreviewModel }) {
  return (
    <>
      {toFormFields(values).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
    </>
  );
}

type CostFormatter = (outcome: OutcomeDto) => string;

/** What payments really cost, beside what they would have cost under a draft. */
export function CostTable({ simulationResult: { actual, draft } }: { simulationResult: SimulationResult }) {
  const t = useTranslate();
  return (
    <DataTable
      caption={t('terms.cost.caption')}
      columns={[
        { head: t('terms.cost.item'), cell: ({ name }) => t(`terms.cost.${name}`) },
        { head: t('terms.cost.actual'), kind: 'numeric', cell: ({ format }) => format(actual) },
        {
          head: t('terms.cost.draft'),
          kind: 'numeric',
          cell: ({ format }) => <strong>{format(draft)}</strong>,
        },
      ]}
      rows={costRows(t)}
      keyOf={({ name }) => name}
    />
  );
}

function costRows(t: Translate): { name: string; format: CostFormatter }[] {
  const figure = (of: (outcome: OutcomeDto) => number): CostFormatter => {
    return (outcome) => formatNumber(t, of(outcome));
  };
  return [
    { name: 'rewarded', format: figure((own) => own.rewarded) },
    { name: 'held', format: figure((own) => own.held) },
    { name: 'capped', format: figure((own) => own.capped) },
    {
      name: 'notEligible',
      format: figure(({ unmet }) => unmet.amount + unmet.currency + unmet.price + unmet.other),
    },
    { name: 'budgetExhausted', format: figure((own) => own.budgetExhausted) },
    { name: 'notGranted', format: figure((own) => own.notGranted) },
    { name: 'referrerDays', format: figure(({ days }) => days.referrer) },
    { name: 'referredDays', format: figure(({ days }) => days.referred) },
    { name: 'milestoneDays', format: figure(({ days }) => days.milestones) },
    { name: 'totalDays', format: figure(({ days }) => days.total) },
    { name: 'money', format: ({ money }) => moneyText(t, money) },
  ];
}

/** Amounts of several currencies in a line. */
export function moneyText(t: Translate, money: OutcomeDto['money']): string {
  if (money.length === 0) return '—';
  return money.map((own) => formatMoney(own, t.locale)).join(' · ');
}
