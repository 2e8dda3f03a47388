import { Layout, type Viewer } from '../../platform/ui/layout.js';
import type { ReaderSettings } from '../../platform/ui/date-time.js';
import { Section } from '../../platform/ui/components.js';
import { renderPage, useTranslate } from '../../platform/ui/render-page.js';
import { RulesTable, type RuleRow } from '../../platform/ui/rules-table.js';
import { InviteStatusBadge } from '../page/sections/invites-section.js';
import type { InviteModel } from '../page/settings-page-model.js';

/** One invite: each rule that was checked, whether it holds, and what happens next. */
export interface InvitePageModel {
  locale: string;
  viewer: Viewer;
  readerSettings: ReaderSettings;
  invite: InviteModel;
  rules: RuleRow[];
}

/** Why an invite has, or has not yet, brought credit. */
export function invitePage(model: InvitePageModel): string {
  return renderPage(<InvitePage {...model} />, model.locale);
}

function InvitePage({ viewer, readerSettings, invite, rules }: InvitePageModel) {
  const t = useTranslate();
  const title = t('invitePage.title', { label: invite.label });
  return (
    <Layout title={title} viewer={viewer} current="/settings">
      <p>
        <a href="/settings#invites">← {t('invitePage.all')}</a>
      </p>
      <h1>{title}</h1>
      <div class="stack">
        <Section id="next" title={t('invitePage.status')}>
          <p>
            <InviteStatusBadge status={invite.status} />
          </p>
          {invite.why ? <p>{invite.why}</p> : null}
          <p>{invite.nextStep}</p>
        </Section>
        <Section id="rules" title={t('invitePage.rules')}>
          <RulesTable rules={rules} readerSettings={readerSettings} />
        </Section>
        <p class="hint">{t('invitePage.timeZone', { zone: readerSettings.timeZone })}</p>
      </div>
    </Layout>
  );
}
