import { Banner, Facts, Section } from '../../../platform/pages/parts.js';
import { renderPage } from '../../../platform/pages/render-page.js';
import { useWords } from '../../../platform/pages/use-words.js';
import { fieldName, fieldWords, termsFields } from '../../../referral/index.js';
import { figureText } from '../../pages/figures.js';
import { PersonLink } from '../../pages/person-link.js';
import { ChangeTable } from './change-table.js';
import { TermsLayout } from './terms-layout.js';
import { StatusBadge } from './terms-list-page.js';
import type { TermsPageModel } from './terms-models.js';
import { UtcMoment } from './utc-moment.js';

/** One version: what it says, when it is in force, what came of it, and what it changed. */
export function termsPage(model: TermsPageModel, locale: string): string {
  return renderPage(<Version model={model} />, locale);
}

function Version({ model }: { model: TermsPageModel }) {
  const { viewer, view, terms, before, justPublished } = model;
  const t = useWords();
  const name = t('terms.version', { version: view.version });
  return (
    <TermsLayout title={name} viewer={viewer}>
      {justPublished ? <Banner tone="good">{t('terms.page.published')}</Banner> : null}
      <div class="stack">
        <Section id="rules" title={t('terms.page.rules')}>
          <p>
            <StatusBadge status={view.status} />
          </p>
          <Facts
            items={termsFields.map((field) => [fieldName(t, field), fieldWords(t, field, terms[field])])}
          />
        </Section>
        <Force model={model} />
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

function Force({ model: { view } }: { model: TermsPageModel }) {
  const t = useWords();
  const { inForce, publishedAt, publishedBy, reason } = view;
  return (
    <Section id="force" title={t('terms.page.force')}>
      {inForce.length === 0 ? <p>{t('terms.page.never')}</p> : null}
      <ul>
        {inForce.map(({ from, until }) => (
          <li key={from}>
            {from === null ? t('terms.page.fromEver') : <UtcMoment at={new Date(from)} />}
            {' – '}
            {until === null ? t('terms.value.noEnd') : <UtcMoment at={new Date(until)} />}
          </li>
        ))}
      </ul>
      <p class="hint">{t('terms.page.promise')}</p>
      <Facts
        items={[
          [t('terms.page.publishedAt'), publishedAt ? <UtcMoment at={new Date(publishedAt)} /> : '—'],
          [
            t('terms.page.publishedBy'),
            publishedBy ? <PersonLink {...publishedBy} /> : t('terms.page.byOperator'),
          ],
          [t('terms.page.reason'), reason ?? '—'],
        ]}
      />
    </Section>
  );
}

function Usage({ model: { view } }: { model: TermsPageModel }) {
  const t = useWords();
  const { referrals, conversions } = view.usage;
  return (
    <Section id="usage" title={t('terms.page.usage')}>
      <Facts
        items={[
          [t('terms.list.referrals'), figureText(t, referrals)],
          [t('terms.page.good'), figureText(t, conversions.good)],
          [t('terms.page.held'), figureText(t, conversions.held)],
          [t('terms.page.suspended'), figureText(t, conversions.suspended)],
          [t('terms.page.reversed'), figureText(t, conversions.reversed)],
          [
            t('terms.page.budget'),
            view.budget === null
              ? t('terms.value.noBudget')
              : t('terms.page.budgetTaken', {
                  taken: Math.ceil(view.budget.takenDays),
                  days: view.budget.days,
                }),
          ],
        ]}
      />
    </Section>
  );
}
