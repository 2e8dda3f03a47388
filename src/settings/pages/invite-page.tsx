import { DataTable, type Column } from '../../platform/pages/data-table.js';
import { Layout, type Viewer } from '../../platform/pages/layout.js';
import { Moment, type Reader } from '../../platform/pages/moment.js';
import { Badge, Section, type Tone } from '../../platform/pages/parts.js';
import { renderPage } from '../../platform/pages/render-page.js';
import { InviteBadge } from './invite-badge.js';
import type { InviteModel } from './settings-model.js';

/** One invite: each rule that was looked at, whether it holds, and what happens next. */
export interface InvitePageModel {
  viewer: Viewer;
  reader: Reader;
  invite: InviteModel;
  rules: RuleModel[];
}

/** One rule, in plain words. */
export interface RuleModel {
  rule: string;
  result: 'met' | 'missing' | 'undone';
  explanation: string;
  at: Date | null;
}

const results: Record<RuleModel['result'], { tone: Tone; text: string }> = {
  met: { tone: 'good', text: 'Met' },
  missing: { tone: 'note', text: 'Still missing' },
  undone: { tone: 'bad', text: 'Undone' },
};

/** Why an invite has, or has not yet, brought credit. */
export function invitePage({ viewer, reader, invite, rules }: InvitePageModel): string {
  return renderPage(
    <Layout title={`Your invitation of ${invite.label}`} viewer={viewer} current="/settings">
      <p>
        <a href="/settings#invites">← All invites</a>
      </p>
      <h1>Your invitation of {invite.label}</h1>
      <div class="stack">
        <Section id="next" title="Where it stands">
          <p>
            <InviteBadge status={invite.status} />
          </p>
          {invite.why ? <p>{invite.why}</p> : null}
          <p>{invite.nextStep}</p>
        </Section>
        <Section id="rules" title="The rules">
          <DataTable
            caption="In the order they are looked at"
            columns={columnsFor(reader)}
            rows={rules}
            keyOf={({ rule }) => rule}
          />
        </Section>
        <p class="hint">Times are shown in your time zone, {reader.timeZone}.</p>
      </div>
    </Layout>,
  );
}

function columnsFor(reader: Reader): Column<RuleModel>[] {
  return [
    { head: 'Rule', kind: 'short', cell: ({ rule }) => capitalised(rule) },
    {
      head: 'Result',
      cell: ({ result }) => <Badge tone={results[result].tone}>{results[result].text}</Badge>,
    },
    {
      head: 'What it says',
      cell: ({ explanation, at }) => (
        <>
          {explanation}
          {at ? (
            <span class="hint block">
              <Moment at={at} reader={reader} />
            </span>
          ) : null}
        </>
      ),
    },
  ];
}

function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
