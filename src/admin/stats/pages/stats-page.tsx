import { SubmitButton, SelectField } from '../../../platform/pages/form.js';
import { Layout } from '../../../platform/pages/layout.js';
import { Problem } from '../../../platform/pages/parts.js';
import { renderPage } from '../../../platform/pages/render-page.js';
import { useWords } from '../../../platform/pages/use-words.js';
import { AdminNav } from '../../pages/admin-nav.js';
import { bucketSizes } from '../period.js';
import { CourseSection } from './course-section.js';
import { FunnelSection } from './funnel-section.js';
import { MoneySection } from './money-section.js';
import { GrowthSection, SpeedSection } from './speed-section.js';
import type { StatsPageModel } from './stats-model.js';

/** The figures of the programme. Asks itself again with `from`, `to` (the last day, included) and `bucket`. */
export function statsPage(model: StatsPageModel, locale: string): string {
  return renderPage(<Page model={model} />, locale);
}

function Page({ model: { viewer, fields, stats, problem } }: { model: StatsPageModel }) {
  const t = useWords();
  return (
    <Layout title={t('stats.title')} viewer={viewer} width="wide" current="/admin/users">
      <AdminNav current="stats" />
      <h1>{t('stats.title')}</h1>
      <Choice fields={fields} />
      <Problem text={problem} />
      {stats === null ? null : (
        <div class="stack">
          <FunnelSection funnel={stats.funnel} />
          <CourseSection stats={stats} />
          <SpeedSection time={stats.timeToConvert} />
          <GrowthSection kFactor={stats.kFactor} />
          <MoneySection stats={stats} />
          <p class="hint">{t('stats.utc')}</p>
        </div>
      )}
    </Layout>
  );
}

function Choice({ fields }: Pick<StatsPageModel, 'fields'>) {
  const t = useWords();
  return (
    <form method="get" action="/admin/stats" class="form form-inline">
      {(['from', 'to'] as const).map((name) => (
        <div class="field" key={name}>
          <label for={name}>{t(`stats.choice.${name}`)}</label>
          <input id={name} name={name} type="date" value={fields[name]} />
        </div>
      ))}
      <SelectField
        id="bucket"
        name="bucket"
        label={t('stats.choice.bucket')}
        value={fields.bucket}
        options={bucketSizes.map((size) => [size, t(`stats.choice.${size}`)] as const)}
      />
      <SubmitButton tone="plain">{t('stats.choice.show')}</SubmitButton>
    </form>
  );
}
