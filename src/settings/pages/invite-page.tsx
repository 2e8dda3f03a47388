import { DataTable, type Column } from '../../platform/pages/data-table.js';
import { Layout, type Viewer } from '../../platform/pages/layout.js';
import { Moment, type Reader } from '../../platform/pages/moment.js';
import { Badge, Section, type Tone } from '../../platform/pages/parts.js';
import type { Words } from '../../platform/locale/words.js';
import { renderPage } from '../../platform/pages/render-page.js';
import { useWords } from '../../platform/pages/use-words.js';
import { InviteBadge } from './invite-badge.js';
import type { InviteModel } from './settings-model.js';

/** One invite: each rule that was looked at, whether it holds, and what happens next. */
export interface InvitePageModel {
  locale: string;
  viewer: Viewer;
  reader: Reader;
  invite: InviteModel;
  rules: RuleModel[];
}

/** One rule, in plain words. `at`: when it was met; `by`: when it is decided. */
export interface RuleModel {
  rule: string;
  title: string;
  result: 'met' | 'missing' | 'waiting' | 'undone';
  explanation: string;
  at: Date | null;
  by: Date | null;
}

const tones: Record<RuleModel['result'], Tone> = {
  met: 'good',
  missing: 'note',
  waiting: 'warn',
  undone: 'bad',
};

/** Why an invite has, or has not yet, brought credit. */
export function invitePage(model: InvitePageModel): string {
  return renderPage(<InvitePage {...model} />, model.locale);
}

function InvitePage({ viewer, reader, invite, rules }: InvitePageModel) {
  const t = useWords();
  const title = t('invitePage.title', { label: invite.label });
  return (
    <Layout title={title} viewer={viewer} current="/settings">
      <p>
        <a href="/settings#invites">← {t('invitePage.all')}</a>
      </p>
      <h1>{title}</h1>
      <div class="stack">
        <Section id="next" title={t('invitePage.stands')}>
          <p>
            <InviteBadge status={invite.status} />
          </p>
          {invite.why ? <p>{invite.why}</p> : null}
          <p>{invite.nextStep}</p>
        </Section>
        <Section id="rules" title={t('invitePage.rules')}>
          <DataTable
            caption={t('invitePage.inOrder')}
            columns={columnsFor(reader, t)}
            rows={rules}
            keyOf={({ rule }) => rule}
          />
        </Section>
        <p class="hint">{t('invitePage.zone', { zone: reader.timeZone })}</p>
      </div>
    </Layout>
  );
}

function columnsFor(reader: Reader, t: Words): Column<RuleModel>[] {
  return [
    { head: t('invitePage.rule'), kind: 'short', cell: ({ title }) => title },
    {
      head: t('invitePage.result'),
      cell: ({ result }) => <Badge tone={tones[result]}>{t(`explain.results.${result}`)}</Badge>,
    },
    {
      head: t('invitePage.says'),
      cell: ({ explanation, at, by }) => (
        <>
          {explanation}
          {at ? <RuleMoment at={at} reader={reader} /> : null}
          {by ? <RuleMoment at={by} reader={reader} before={t('invitePage.by')} /> : null}
        </>
      ),
    },
  ];
}

function RuleMoment({ at, reader, before = '' }: { at: Date; reader: Reader; before?: string }) {
  return (
    <span class="hint block">
      {before} <Moment at={at} reader={reader} />
    </span>
  );
}
