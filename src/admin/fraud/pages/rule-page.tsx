import { DataTable, type Column } from '../../../platform/ui/data-table.js';
import { DateTime } from '../../../platform/ui/date-time.js';
import { Field, Form, SelectField, SubmitButton } from '../../../platform/ui/form.js';
import {
  Banner,
  DescriptionList,
  EmptyState,
  ErrorBanner,
  Section,
} from '../../../platform/ui/components.js';
import type { Translate } from '../../../platform/i18n/translations.js';
import { Layout } from '../../../platform/ui/layout.js';
import { safeHref } from '../../../platform/ui/safe-href.js';
import { renderPage, useTranslate } from '../../../platform/ui/render-page.js';
import { maxRecentHits } from '../../../referral/index.js';
import { AdminNav, TimeZoneHint } from '../../pages/admin-components.js';
import { evidenceText } from '../evidence-text.js';
import { judgedDays, type RulePageModel } from '../fraud-page-loader.js';
import { ruleModes } from '../rule-change.js';
import type { RuleCaseModel } from '../rule-trials.js';
import { ModeBadge, ruleTitle } from './rule-list-page.js';

/**
 * A rule, and what other settings would have done. Asks again with `mode` and `weight`; posts them
 * with `reason`, `basedOn` and `idempotencyKey` to the same address.
 */
export function rulePage(model: RulePageModel): string {
  return renderPage(<RulePage model={model} />, model.viewer);
}

function RulePage({ model }: { model: RulePageModel }) {
  const t = useTranslate();
  const { rule, viewer, isDone, problem } = model;
  const title = ruleTitle(t, rule.name);
  return (
    <Layout title={title} viewer={viewer} width="wide" current="/admin/users">
      <AdminNav current="fraud" />
      <h1>{title}</h1>
      <p>
        <a href="/admin/fraud/rules">{t('fraud.page.all')}</a>
      </p>
      {isDone ? <Banner tone="good">{t('fraud.page.changed')}</Banner> : null}
      <ErrorBanner text={problem} />
      <div class="stack">
        <SettingsSection model={model} />
        <TrySection model={model} />
        <EffectSection model={model} />
        {isOther(model) && model.mayChange ? <ChangeSection model={model} /> : null}
        <TimeZoneHint />
      </div>
    </Layout>
  );
}

function isOther({ rule, tried }: RulePageModel): boolean {
  return rule.mode !== tried.mode || rule.weight !== tried.weight;
}

function SettingsSection({ model: { rule } }: { model: RulePageModel }) {
  const t = useTranslate();
  return (
    <Section id="settings" title={t('fraud.page.settings')}>
      <DescriptionList
        items={[
          [t('fraud.page.name'), <code>{rule.name}</code>],
          [t('fraud.mode'), <ModeBadge mode={rule.mode} />],
          [t('fraud.weight'), rule.weight],
          [
            t('fraud.page.changedAt'),
            rule.changedAt === null ? t('fraud.page.asReleased') : <DateTime at={rule.changedAt} />,
          ],
        ]}
      />
      <p>{t(`fraud.page.modeHint.${rule.mode}`)}</p>
      <p>
        <a href={`/admin/audit?${new URLSearchParams({ action: 'referral.fraud_rule_changed' }).toString()}`}>
          {t('fraud.page.history')}
        </a>
      </p>
    </Section>
  );
}

function TrySection({ model: { rule, tried } }: { model: RulePageModel }) {
  const t = useTranslate();
  return (
    <Section id="try" title={t('fraud.page.try')}>
      <p class="hint">{t('fraud.page.tryHint', { days: judgedDays })}</p>
      <form
        method="get"
        action={`/admin/fraud/rules/${encodeURIComponent(rule.name)}`}
        class="form form-inline"
      >
        <SelectField
          id="mode"
          name="mode"
          label={t('fraud.mode')}
          value={tried.mode}
          options={ruleModes.map((mode) => [mode, t(`fraud.modes.${mode}`)] as const)}
        />
        <Field
          id="weight"
          name="weight"
          type="number"
          label={t('fraud.page.weightRange')}
          value={String(tried.weight)}
          min={0}
          max={100}
          required
        />
        <SubmitButton tone="plain">{t('fraud.page.preview')}</SubmitButton>
      </form>
    </Section>
  );
}

function EffectSection({ model }: { model: RulePageModel }) {
  const t = useTranslate();
  const { tried, hits, isCut, effects, cases } = model;
  const settings = { mode: t(`fraud.modes.${tried.mode}`), weight: tried.weight };
  const next = model.nextHref === null ? null : safeHref(model.nextHref);
  return (
    <Section id="effect" title={t('fraud.page.effect', settings)}>
      <p>
        {t('fraud.page.hits', { hits, days: judgedDays })}{' '}
        {isCut ? t('fraud.page.cut', { max: maxRecentHits }) : ''}
      </p>
      {effects.length === 0 ? (
        <EmptyState title={t('fraud.page.noEffect')}>{t('fraud.page.noEffectHint')}</EmptyState>
      ) : (
        <>
          <ul>
            {effects.map(({ before, after, count }) => (
              <li key={`${before}${after}`}>
                {t('fraud.page.effectCount', {
                  count,
                  before: t(`fraud.outcome.${before}`),
                  after: t(`fraud.outcome.${after}`),
                })}
              </li>
            ))}
          </ul>
          <p>
            <a href={casesHref(model)}>{t('lists.csv')}</a>
          </p>
          <DataTable
            caption={t('fraud.page.cases')}
            columns={columns(t)}
            rows={cases}
            keyOf={({ referralId }) => referralId}
          />
          {next ? (
            <p>
              <a href={next}>{t('fraud.page.more')}</a>
            </p>
          ) : null}
        </>
      )}
    </Section>
  );
}

function casesHref({ rule, tried }: RulePageModel): string {
  const query = new URLSearchParams({ mode: tried.mode, weight: String(tried.weight) });
  return `/admin/fraud/rules/${encodeURIComponent(rule.name)}/cases.csv?${query.toString()}`;
}

const columns = (t: Translate): Column<RuleCaseModel>[] => [
  {
    head: t('console.referral.friend'),
    cell: ({ referralId, referral }) => (
      <a href={`/admin/referrals/${referralId}`}>{referral?.referred.email ?? t('console.erasedUser')}</a>
    ),
  },
  { head: t('fraud.date'), cell: ({ at }) => <DateTime at={at} /> },
  {
    head: t('fraud.evidence'),
    cell: (one) => evidenceText(t, one, one.referral?.referred.email ?? null),
  },
  {
    head: t('fraud.page.wouldBe'),
    cell: ({ before, after }) =>
      t('fraud.page.change', { before: t(`fraud.outcome.${before}`), after: t(`fraud.outcome.${after}`) }),
  },
  {
    head: t('fraud.page.staff'),
    cell: ({ decision }) => (decision === null ? '—' : t(`review.decisions.${decision}`)),
  },
];

function ChangeSection({ model: { rule, tried, viewer, idempotencyKey, reason } }: { model: RulePageModel }) {
  const t = useTranslate();
  return (
    <Section id="change" title={t('fraud.page.changeTitle')}>
      <p class="hint">{t('fraud.page.changeHint')}</p>
      <Form action={`/admin/fraud/rules/${encodeURIComponent(rule.name)}`} csrf={viewer.csrf} inline>
        <input type="hidden" name="idempotencyKey" value={idempotencyKey} />
        <input type="hidden" name="basedOn" value={String(rule.changedAt?.getTime() ?? '')} />
        <input type="hidden" name="mode" value={tried.mode} />
        <input type="hidden" name="weight" value={String(tried.weight)} />
        <Field id="reason" name="reason" label={t('review.reason')} value={reason} maxlength={500} required />
        <SubmitButton>
          {t('fraud.page.apply', { mode: t(`fraud.modes.${tried.mode}`), weight: tried.weight })}
        </SubmitButton>
      </Form>
    </Section>
  );
}
