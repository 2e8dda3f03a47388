import { formatNumber } from '../../../platform/ui/format.js';
import { Badge, EmptyState, Section } from '../../../platform/ui/components.js';
import { DateTime } from '../../../platform/ui/date-time.js';
import { Layout } from '../../../platform/ui/layout.js';
import { renderPage, useTranslate } from '../../../platform/ui/render-page.js';
import type { StaffViewer } from '../../admin-forms.js';
import { AdminNav } from '../../pages/admin-components.js';
import type { InstallationReport } from '../../installation/installation-checks.js';
import { InstallationSection } from '../../installation/pages/installation-section.js';
import type { OverviewModel, Task } from '../overview-loader.js';
import type { UnusedDays } from '../../stats/programme-stats.js';
import { Worth } from '../../stats/pages/worth.js';
import { maxCounted } from '../overview.repository.js';
import { SetUpSection } from './set-up-section.js';

/** The overview for `viewer`. */
export type OverviewPageModel = OverviewModel & {
  viewer: StaffViewer;
  installation: InstallationReport | null;
};

/** The page of /admin: what waits for staff, how the programme does, and what is left to set up. */
export function overviewPage(model: OverviewPageModel): string {
  return renderPage(<OverviewPage {...model} />, model.viewer);
}

function OverviewPage(model: OverviewPageModel) {
  const { viewer, tasks, setUp } = model;
  const t = useTranslate();
  return (
    <Layout title={t('overview.title')} viewer={viewer} width="wide" current="/admin">
      <AdminNav current="overview" />
      <h1>{t('overview.title')}</h1>
      <div class="stack">
        {setUp === null ? null : <SetUpSection {...setUp} isAdmin={viewer.role === 'admin'} />}
        <Section id="tasks" title={t('overview.tasks.title')}>
          {tasks.length === 0 ? (
            <EmptyState title={t('overview.tasks.none')}>{t('overview.tasks.noneHint')}</EmptyState>
          ) : (
            <ul class="tasks">
              {tasks.map((task) => (
                <TaskRow key={task.name} task={task} />
              ))}
            </ul>
          )}
        </Section>
        <WeekSection {...model} />
        <InstallationSection report={model.installation} />
      </div>
    </Layout>
  );
}

const calmTasks = new Set<Task['name']>(['reviews', 'parkedEvents']);

function TaskRow({ task: { name, count, isMore, href } }: { task: Task }) {
  const t = useTranslate();
  return (
    <li>
      <a href={href}>
        <Badge tone={calmTasks.has(name) ? 'warn' : 'bad'}>
          {formatNumber(t, count)}
          {isMore ? '+' : ''}
        </Badge>{' '}
        {t(`overview.tasks.${name}`, { count })}
      </a>
      <span class="hint block">{t(`overview.tasks.${name}Hint`)}</span>
    </li>
  );
}

function WeekSection({ thisWeek, lastWeek, liability }: OverviewPageModel) {
  const t = useTranslate();
  const isMore = (count: number) => count >= maxCounted;
  const rows = [
    {
      ...{ name: 'signUps', href: '/admin/users', now: thisWeek.signUps, before: lastWeek.signUps },
      ...{ isMoreNow: isMore(thisWeek.signUps), isMoreBefore: isMore(lastWeek.signUps) },
    },
    {
      ...{
        name: 'invitations',
        href: '/admin/referrals',
        now: thisWeek.invitations,
        before: lastWeek.invitations,
      },
      ...{ isMoreNow: isMore(thisWeek.invitations), isMoreBefore: isMore(lastWeek.invitations) },
    },
    {
      ...{
        name: 'conversions',
        href: '/admin/referrals?status=converted',
        now: thisWeek.conversions,
        before: lastWeek.conversions,
      },
      ...{ isMoreNow: isMore(thisWeek.conversions), isMoreBefore: isMore(lastWeek.conversions) },
    },
    {
      ...{
        name: 'creditedDays',
        href: '/admin/stats',
        now: thisWeek.creditedDays,
        before: lastWeek.creditedDays,
      },
      ...{ isMoreNow: isMore(thisWeek.entries), isMoreBefore: isMore(lastWeek.entries) },
    },
  ];
  return (
    <Section id="week" title={t('overview.week.title')}>
      <dl class="week-figures">
        {rows.map((row) => (
          <Figure key={row.name} {...row} />
        ))}
        <div>
          <dt>{t('overview.week.liability')}</dt>
          <dd>
            <UnusedDaysFigure unusedDays={liability} />
          </dd>
        </div>
      </dl>
    </Section>
  );
}

function UnusedDaysFigure({ unusedDays }: { unusedDays: UnusedDays | null }) {
  const t = useTranslate();
  if (unusedDays === null) return <span class="hint block">{t('overview.week.notStored')}</span>;
  return (
    <>
      <a class="week-figure" href="/admin/stats">
        {formatNumber(t, unusedDays.days)}
      </a>
      <span class="hint block">
        <Worth worth={unusedDays} />
      </span>
      <span class="hint block">{t('overview.week.liabilityHint', { people: unusedDays.people })}</span>
      <span class="hint block">
        {t('overview.week.asOf')} <DateTime at={unusedDays.asOf} />
      </span>
    </>
  );
}

interface FigureProps {
  name: string;
  href: string;
  now: number;
  before: number;
  isMoreNow: boolean;
  isMoreBefore: boolean;
}

function Figure({ name, href, now, before, isMoreNow, isMoreBefore }: FigureProps) {
  const t = useTranslate();
  const text = (value: number, isMore: boolean) => `${formatNumber(t, value)}${isMore ? '+' : ''}`;
  return (
    <div>
      <dt>{t(`overview.week.${name}`)}</dt>
      <dd>
        <a class="week-figure" href={href}>
          {text(now, isMoreNow)}
        </a>
        <span class="hint block">{t('overview.week.before', { count: text(before, isMoreBefore) })}</span>
      </dd>
    </div>
  );
}
