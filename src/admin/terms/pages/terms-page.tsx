import { formatNumber } from '../../../platform/ui/format.js';
import { Banner, DescriptionList, Section } from '../../../platform/ui/components.js';
import { renderPage, useTranslate } from '../../../platform/ui/render-page.js';
import { fieldLabel, fieldText, termsFields } from '../../../referral/index.js';
import { UserLink } from '../../pages/admin-components.js';
import { ChangeTable } from './terms-diff-page.js';
import { TermsLayout, UtcDateTime } from './terms-layout.js';
import { CountedAt, StatusBadge } from './terms-list-page.js';
import type { TermsPageModel } from '../terms-page-loader.js';

/** One version: what it says, when it is in force, what came of it, and what it changed. */
export function termsPage(model: TermsPageModel): string {
  return renderPage(<Version model={model} />, model.viewer);
}

function Version({ model }: { model: TermsPageModel }) {
  const { viewer, view, terms, before, justPublished } = model;
  const t = useTranslate();
  const name = t('terms.version', { version: view.version });
  return (
    <TermsLayout title={name} viewer={viewer}>
      {justPublished ? <Banner tone="good">{t('terms.page.published')}</Banner> : null}
      <div class="stack">
        <Section id="rules" title={t('terms.page.rules')}>
          <p>
            <StatusBadge status={view.status} />
          </p>
          <DescriptionList
            items={termsFields.map((field) => [fieldLabel(t, field), fieldText(t, field, terms[field])])}
          />
        </Section>
        <ActivePeriods model={model} />
        <Usage model={model} />
        {before ? (
          <Section id="changes" title={t('terms.page.changes')}>
            <ChangeTable
              changes={before.changes}
              from={t('terms.version', { version: before.version })}
              to={name}
            />
          </Section>
        ) : null}
        <p>
          <a href="/admin/programme">{t('terms.page.all')}</a>
        </p>
      </div>
    </TermsLayout>
  );
}

function ActivePeriods({ model: { view } }: { model: TermsPageModel }) {
  const t = useTranslate();
  const { inForce, publishedAt, publishedBy, reason } = view;
  return (
    <Section id="force" title={t('terms.page.activePeriods')}>
      {inForce.length === 0 ? <p>{t('terms.page.neverActive')}</p> : null}
      <ul>
        {inForce.map(({ from, until }) => (
          <li key={from}>
            {from === null ? t('terms.page.fromStart') : <UtcDateTime at={from} />}
            {' – '}
            {until === null ? t('terms.value.noEndDate') : <UtcDateTime at={until} />}
          </li>
        ))}
      </ul>
      <p class="hint">{t('terms.page.immutable')}</p>
      <DescriptionList
        items={[
          [t('terms.page.publishedAt'), publishedAt ? <UtcDateTime at={publishedAt} /> : '—'],
          [
            t('terms.page.publishedBy'),
            publishedBy ? <UserLink {...publishedBy} /> : t('terms.page.byOperator'),
          ],
          [t('terms.page.reason'), reason ?? '—'],
        ]}
      />
    </Section>
  );
}

function Usage({ model: { view } }: { model: TermsPageModel }) {
  const t = useTranslate();
  const count = (value: number | undefined) => (value === undefined ? '—' : formatNumber(t, value));
  const conversions = view.usage?.conversions;
  return (
    <Section id="usage" title={t('terms.page.results')}>
      <DescriptionList
        items={[
          [t('terms.list.referrals'), count(view.usage?.referrals)],
          [t('terms.page.granted'), count(conversions?.granted)],
          [t('terms.page.held'), count(conversions?.held)],
          [t('terms.page.suspended'), count(conversions?.suspended)],
          [t('terms.page.reversed'), count(conversions?.reversed)],
          [
            t('terms.page.budget'),
            view.budget === null
              ? t('terms.value.noBudget')
              : t('terms.page.budgetUsed', {
                  taken: Math.ceil(view.budget.takenDays),
                  days: view.budget.days,
                }),
          ],
        ]}
      />
      <CountedAt usage={view.usage} />
    </Section>
  );
}
