import { DataTable } from '../../../platform/pages/data-table.js';
import { Section } from '../../../platform/pages/parts.js';
import { useWords } from '../../../platform/pages/use-words.js';
import type { Words } from '../../../platform/locale/words.js';
import { figureText } from '../../pages/figures.js';
import type { SeriesStep, Stats } from '../figures.js';
import { BarChart } from './bar-chart.js';

type Course = Pick<Stats, 'series' | 'bucket'>;
type Figure = Exclude<keyof SeriesStep, 'at'>;

/** What happened step by step: two pictures, and the same as a table. */
export function CourseSection({ stats }: { stats: Stats }) {
  const t = useWords();
  return (
    <Section id="course" title={t('stats.course.title')}>
      <PeopleChart {...stats} />
      <DaysChart {...stats} />
      <details class="more">
        <summary>{t('stats.course.table')}</summary>
        <StepTable {...stats} />
      </details>
    </Section>
  );
}

function PeopleChart(course: Course) {
  const t = useWords();
  const sums = (['signedUp', 'invited', 'converted'] as const).map((name) => [name, sumOf(course, name)]);
  return (
    <BarChart
      id="people"
      summary={t('stats.course.people', Object.fromEntries(sums))}
      {...endsOf(t, course)}
      rows={[
        { name: t('stats.course.signedUp'), shade: 1, figures: figuresOf(course, 'signedUp') },
        { name: t('stats.course.invited'), shade: 2, figures: figuresOf(course, 'invited') },
        { name: t('stats.course.converted'), shade: 3, figures: figuresOf(course, 'converted') },
      ]}
    />
  );
}

function DaysChart(course: Course) {
  const t = useWords();
  const given = Math.round(sumOf(course, 'daysGiven'));
  const taken = Math.round(-sumOf(course, 'daysTaken'));
  return (
    <BarChart
      id="days"
      summary={t('stats.course.days', { given, taken })}
      {...endsOf(t, course)}
      rows={[
        { name: t('stats.course.daysGiven'), shade: 2, figures: figuresOf(course, 'daysGiven') },
        { name: t('stats.course.daysTaken'), shade: 3, figures: figuresOf(course, 'daysTaken') },
      ]}
    />
  );
}

function StepTable({ series, bucket }: Course) {
  const t = useWords();
  const figures: Figure[] = ['signedUp', 'invited', 'converted', 'daysGiven', 'daysTaken'];
  return (
    <DataTable
      caption={t('stats.course.caption')}
      columns={[
        { head: t(`stats.course.${bucket}`), cell: (step) => stepName(t, step, bucket) },
        ...figures.map((name) => ({
          head: t(`stats.course.${name}`),
          kind: 'numeric' as const,
          cell: (step: SeriesStep) => figureText(t, step[name], 1),
        })),
      ]}
      rows={series}
      keyOf={({ at }) => at}
    />
  );
}

function figuresOf({ series }: Course, name: Figure): number[] {
  return series.map((step) => step[name]);
}

function sumOf(course: Course, name: Figure): number {
  return figuresOf(course, name).reduce((sum, figure) => sum + figure, 0);
}

function endsOf(t: Words, { series, bucket }: Course): { from: string; to: string } {
  const name = (step: SeriesStep | undefined) => (step === undefined ? '' : stepName(t, step, bucket));
  return { from: name(series[0]), to: name(series.at(-1)) };
}

function stepName({ locale }: Words, { at }: SeriesStep, bucket: Stats['bucket']): string {
  const day = bucket === 'month' ? {} : ({ day: 'numeric' } as const);
  const date = { ...day, month: 'short', year: 'numeric', timeZone: 'UTC' } as const;
  return new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale, date).format(new Date(at));
}
