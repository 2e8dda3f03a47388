import { Layout, type Viewer } from '../../platform/pages/layout.js';
import type { Reader } from '../../platform/pages/moment.js';
import { Section } from '../../platform/pages/parts.js';
import { renderPage } from '../../platform/pages/render-page.js';
import { RulesTable, type RuleModel } from '../../platform/pages/rules-table.js';
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
          <RulesTable rules={rules} reader={reader} />
        </Section>
        <p class="hint">{t('invitePage.zone', { zone: reader.timeZone })}</p>
      </div>
    </Layout>
  );
}
