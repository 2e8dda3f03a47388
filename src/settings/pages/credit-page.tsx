import type { Words } from '../../platform/locale/words.js';
import { DataTable, type Column } from '../../platform/pages/data-table.js';
import { Layout, type Viewer } from '../../platform/pages/layout.js';
import { Moment, type Reader } from '../../platform/pages/moment.js';
import { Section } from '../../platform/pages/parts.js';
import { renderPage } from '../../platform/pages/render-page.js';
import { useWords } from '../../platform/pages/use-words.js';

/** One credit, step by step. `reason` is what staff wrote about it; `covers` and `next` are whole sentences. */
export interface CreditPageModel {
  locale: string;
  viewer: Viewer;
  reader: Reader;
  reason: string | null;
  steps: CreditStepModel[];
  covers: string;
  next: string;
}

/** A step in the life of a credit. */
export interface CreditStepModel {
  entryId: string;
  kind: string;
  at: Date;
  explanation: string;
}

/** Where a credit came from, what became of it, and what happens next. */
export function creditPage(model: CreditPageModel): string {
  return renderPage(<CreditPage {...model} />, model.locale);
}

function CreditPage({ viewer, reader, reason, steps, covers, next }: CreditPageModel) {
  const t = useWords();
  return (
    <Layout title={t('creditPage.title')} viewer={viewer} current="/settings">
      <p>
        <a href="/settings#credit">← {t('creditPage.all')}</a>
      </p>
      <h1>{t('creditPage.title')}</h1>
      <div class="stack">
        <Section id="now" title={t('creditPage.now')}>
          {reason ? <p>“{reason}”</p> : null}
          <p>{covers}</p>
          <p>{next}</p>
        </Section>
        <Section id="steps" title={t('creditPage.steps')}>
          <DataTable
            caption={t('creditPage.inOrder')}
            columns={columnsFor(reader, t)}
            rows={steps}
            keyOf={({ entryId }) => entryId}
          />
        </Section>
        <p class="hint">{t('invitePage.zone', { zone: reader.timeZone })}</p>
      </div>
    </Layout>
  );
}

function columnsFor(reader: Reader, t: Words): Column<CreditStepModel>[] {
  return [
    { head: t('creditPage.when'), cell: ({ at }) => <Moment at={at} reader={reader} /> },
    {
      head: t('creditPage.what'),
      cell: ({ kind, explanation }) => (
        <>
          {t(`creditPage.kinds.${kind}`)}
          <span class="hint block">{explanation}</span>
        </>
      ),
    },
  ];
}
