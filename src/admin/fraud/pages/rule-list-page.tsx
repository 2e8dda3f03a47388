import { formatNumber } from '../../../platform/ui/format.js';
import { DataTable, type Column } from '../../../platform/ui/data-table.js';
import { Badge, type Tone } from '../../../platform/ui/components.js';
import type { Translate } from '../../../platform/i18n/translations.js';
import { Layout } from '../../../platform/ui/layout.js';
import { renderPage, useTranslate } from '../../../platform/ui/render-page.js';
import { maxRecentHits, type RecentRule, type RuleSetting } from '../../../referral/index.js';
import { AdminNav } from '../../pages/admin-components.js';
import { judgedDays, type RuleListModel } from '../fraud-page-loader.js';

/** All fraud rules, with what became of what they hit. */
export function ruleListPage(model: RuleListModel): string {
  return renderPage(<RuleListPage model={model} />, model.viewer);
}

function RuleListPage({ model: { viewer, rules } }: { model: RuleListModel }) {
  const t = useTranslate();
  return (
    <Layout title={t('fraud.list.title')} viewer={viewer} width="wide" current="/admin/users">
      <AdminNav current="fraud" />
      <h1>{t('fraud.list.title')}</h1>
      <p>{t('fraud.list.intro')}</p>
      <DataTable
        caption={t('fraud.list.caption', { days: judgedDays, max: maxRecentHits })}
        columns={columns(t)}
        rows={rules}
        keyOf={({ name }) => name}
      />
    </Layout>
  );
}

const columns = (t: Translate): Column<RecentRule>[] => [
  {
    head: t('fraud.rule'),
    cell: ({ name }) => (
      <>
        <a href={`/admin/fraud/rules/${encodeURIComponent(name)}`}>{ruleTitle(t, name)}</a>
        <code class="hint block">{name}</code>
      </>
    ),
  },
  { head: t('fraud.mode'), kind: 'short', cell: ({ mode }) => <ModeBadge mode={mode} /> },
  { head: t('fraud.weight'), kind: 'numeric', cell: ({ weight }) => weight },
  {
    head: t('fraud.list.hits'),
    kind: 'numeric',
    cell: ({ hits }) => `${formatNumber(t, hits)}${hits >= maxRecentHits ? '+' : ''}`,
  },
  {
    head: t('fraud.list.rejected'),
    cell: ({ decided, rejected }) =>
      decided === 0
        ? '—'
        : t('fraud.list.share', { part: rejected, all: decided, share: rejected / decided }),
  },
  {
    head: t('fraud.list.refunded'),
    cell: ({ hits, refunded }) =>
      hits === 0 ? '—' : t('fraud.list.share', { part: refunded, all: hits, share: refunded / hits }),
  },
];

const tones: Record<RuleSetting['mode'], Tone> = { live: 'good', shadow: 'warn', off: 'note' };

/** What a rule may do. */
export function ModeBadge({ mode }: { mode: RuleSetting['mode'] }) {
  const t = useTranslate();
  return <Badge tone={tones[mode]}>{t(`fraud.modes.${mode}`)}</Badge>;
}

/** A rule in words. */
export function ruleTitle(t: Translate, name: string): string {
  return t(`fraud.rules.${name}`);
}
