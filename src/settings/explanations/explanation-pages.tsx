import type { Translate } from '../../platform/i18n/translations.js';
import { Section } from '../../platform/ui/components.js';
import { DataTable, type Column } from '../../platform/ui/data-table.js';
import { DateTime, type ReaderSettings } from '../../platform/ui/date-time.js';
import { Layout, type Viewer } from '../../platform/ui/layout.js';
import { renderPage, useTranslate } from '../../platform/ui/render-page.js';
import { RulesTable, type RuleRow } from '../../platform/ui/rules-table.js';
import { NoticeBadge } from '../page/sections/invitation-section.js';
import type { InviteDto } from '../../referral/index.js';

/**
 * One credit, step by step. `reason` is what staff wrote about it; `why` it was taken back,
 * `covers` and `next` are whole sentences.
 */
export interface CreditPageModel {
  locale: string;
  viewer: Viewer;
  readerSettings: ReaderSettings;
  reason: string | null;
  why: string | null;
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

/** Where a credit came from, what happened to it, and what happens next. */
export function creditPage(model: CreditPageModel): string {
  return renderPage(<CreditPage {...model} />, model.locale);
}

function CreditPage({ viewer, readerSettings, reason, why, steps, covers, next }: CreditPageModel) {
  const t = useTranslate();
  return (
    <Layout title={t('creditPage.title')} viewer={viewer} current="/settings">
      <p>
        <a href="/settings#credit">← {t('creditPage.all')}</a>
      </p>
      <h1>{t('creditPage.title')}</h1>
      <div class="stack">
        <Section id="now" title={t('creditPage.remaining')}>
          {reason ? <p>“{reason}”</p> : null}
          {why ? <p>{why}</p> : null}
          <p>{covers}</p>
          <p>{next}</p>
        </Section>
        <Section id="steps" title={t('creditPage.history')}>
          <DataTable
            caption={t('creditPage.historyCaption')}
            columns={columnsFor(readerSettings, t)}
            rows={steps}
            keyOf={({ entryId }) => entryId}
          />
        </Section>
        <p class="hint">{t('invitePage.timeZone', { zone: readerSettings.timeZone })}</p>
      </div>
    </Layout>
  );
}

function columnsFor(readerSettings: ReaderSettings, t: Translate): Column<CreditStepModel>[] {
  return [
    { head: t('creditPage.date'), cell: ({ at }) => <DateTime at={at} readerSettings={readerSettings} /> },
    {
      head: t('creditPage.event'),
      cell: ({ kind, explanation }) => (
        <>
          {t(`creditPage.kinds.${kind}`)}
          <span class="hint block">{explanation}</span>
        </>
      ),
    },
  ];
}

/** One invite: each rule that was checked, whether it holds, and what happens next. */
export interface InvitePageModel {
  locale: string;
  viewer: Viewer;
  readerSettings: ReaderSettings;
  invite: Pick<InviteDto, 'label' | 'reward'>;
  rules: RuleRow[];
}

/** Why an invite has, or has not yet, earned credit. */
export function invitePage(model: InvitePageModel): string {
  return renderPage(<InvitePage {...model} />, model.locale);
}

function InvitePage({ viewer, readerSettings, invite, rules }: InvitePageModel) {
  const t = useTranslate();
  const title = t('invitePage.title', { label: invite.label });
  return (
    <Layout title={title} viewer={viewer} current="/invite">
      <p>
        <a href="/invite#invites">← {t('invitePage.all')}</a>
      </p>
      <h1>{title}</h1>
      <div class="stack">
        <Section id="next" title={t('invitePage.status')}>
          <p>
            <NoticeBadge status={invite.reward.status} />
          </p>
          <p>{invite.reward.text}</p>
          {invite.reward.why ? <p>{invite.reward.why}</p> : null}
          {invite.reward.next ? <p>{invite.reward.next}</p> : null}
        </Section>
        <Section id="rules" title={t('invitePage.rules')}>
          <RulesTable rules={rules} readerSettings={readerSettings} />
        </Section>
        <p class="hint">{t('invitePage.timeZone', { zone: readerSettings.timeZone })}</p>
      </div>
    </Layout>
  );
}
