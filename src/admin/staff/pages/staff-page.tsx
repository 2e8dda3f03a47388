import type { OpenInvitation, StaffMember, StaffSession } from '../../../auth/index.js';
import { deviceName } from '../../../platform/device-name.js';
import { textField, type FormFields } from '../../../platform/http/form-fields.js';
import { Badge, Banner, EmptyState, ErrorBanner, Section } from '../../../platform/ui/components.js';
import { DataTable, type Column } from '../../../platform/ui/data-table.js';
import { DateTime } from '../../../platform/ui/date-time.js';
import { Field, Form, SelectField, SubmitButton } from '../../../platform/ui/form.js';
import { Layout } from '../../../platform/ui/layout.js';
import { renderPage, useTranslate } from '../../../platform/ui/render-page.js';
import type { StaffViewer } from '../../admin-forms.js';
import { AdminNav, TimeZoneHint, UserLink } from '../../pages/admin-components.js';

/** The page of the staff. `fields`: what was typed; `nextHref`: more sessions, null on the last. */
export interface StaffPageModel {
  viewer: StaffViewer;
  mayChange: boolean;
  idempotencyKey: string;
  currentSessionId: string;
  members: StaffMember[];
  sessions: StaffSession[];
  nextHref: string | null;
  invitations: OpenInvitation[];
  notice: 'invited' | 'revoked' | 'ended' | null;
  problem: string | null;
  fields: FormFields;
}

/**
 * Members, sessions and invitations. Posts to /admin/staff/invitations, to its {id}/revoke, and to
 * /admin/staff/sessions/{id}/end.
 */
export function staffPage(model: StaffPageModel): string {
  return renderPage(<StaffPage {...model} />, model.viewer);
}

function StaffPage(model: StaffPageModel) {
  const t = useTranslate();
  return (
    <Layout title={t('staff.title')} viewer={model.viewer} width="wide" current="/admin/users">
      <AdminNav current="staff" />
      <h1>{t('staff.title')}</h1>
      {model.notice ? <Banner tone="good">{t(`staff.done.${model.notice}`)}</Banner> : null}
      <ErrorBanner text={model.problem} />
      <div class="stack">
        <MembersSection {...model} />
        <SessionsSection {...model} />
        <InvitationsSection {...model} />
        {model.mayChange ? <InviteSection {...model} /> : null}
        <TimeZoneHint />
      </div>
    </Layout>
  );
}

function MembersSection({ members }: StaffPageModel) {
  const t = useTranslate();
  const columns: Column<StaffMember>[] = [
    { head: t('staff.column.person'), cell: ({ id, email }) => <UserLink userId={id} email={email} /> },
    { head: t('staff.column.role'), cell: ({ role }) => t(`console.role.${role}`) },
    {
      head: t('staff.column.secondFactor'),
      cell: ({ hasSecondFactor }) => (
        <Badge tone={hasSecondFactor ? 'good' : 'warn'}>
          {t(hasSecondFactor ? 'staff.secondFactor.yes' : 'staff.secondFactor.no')}
        </Badge>
      ),
    },
  ];
  return (
    <Section id="members" title={t('staff.members')}>
      <DataTable
        caption={t('staff.membersCaption')}
        columns={columns}
        rows={members}
        keyOf={({ id }) => id}
      />
    </Section>
  );
}

function SessionsSection({ viewer, mayChange, sessions, currentSessionId, nextHref }: StaffPageModel) {
  const t = useTranslate();
  const columns: Column<StaffSession>[] = [
    {
      head: t('staff.column.person'),
      cell: ({ userId, email }) => <UserLink userId={userId} email={email} />,
    },
    {
      head: t('staff.column.device'),
      cell: ({ id, userAgent }) => (
        <>
          {deviceName(userAgent)}{' '}
          {id === currentSessionId ? <Badge tone="good">{t('devices.thisDevice')}</Badge> : null}
        </>
      ),
    },
    { head: t('staff.column.since'), cell: ({ createdAt }) => <DateTime at={createdAt} /> },
    { head: t('staff.column.seen'), cell: ({ seenAt }) => <DateTime at={seenAt} /> },
    ...(mayChange
      ? [
          {
            head: t('staff.column.actions'),
            cell: ({ id, email, userAgent }: StaffSession) => (
              <Form action={`/admin/staff/sessions/${id}/end`} csrf={viewer.csrf} inline>
                <button
                  type="submit"
                  class="btn"
                  data-tone="danger"
                  aria-label={t('staff.endSession', { email, device: deviceName(userAgent) })}
                >
                  {t('staff.end')}
                </button>
              </Form>
            ),
          },
        ]
      : []),
  ];
  return (
    <Section id="sessions" title={t('staff.sessions')}>
      <p class="hint">{t('staff.sessionsHint')}</p>
      <DataTable
        caption={t('staff.sessionsCaption')}
        columns={columns}
        rows={sessions}
        keyOf={({ id }) => id}
      />
      {nextHref === null ? null : (
        <p>
          <a href={`${nextHref}#sessions`}>{t('staff.moreSessions')}</a>
        </p>
      )}
    </Section>
  );
}

function InvitationsSection({ viewer, mayChange, invitations }: StaffPageModel) {
  const t = useTranslate();
  const columns: Column<OpenInvitation>[] = [
    { head: t('staff.column.person'), cell: ({ email }) => email },
    { head: t('staff.column.role'), cell: ({ role }) => t(`console.role.${role}`) },
    { head: t('staff.column.invited'), cell: ({ createdAt }) => <DateTime at={createdAt} /> },
    { head: t('staff.column.expires'), cell: ({ expiresAt }) => <DateTime at={expiresAt} /> },
    ...(mayChange
      ? [
          {
            head: t('staff.column.actions'),
            cell: ({ id }: OpenInvitation) => (
              <Form action={`/admin/staff/invitations/${id}/revoke`} csrf={viewer.csrf} inline>
                <SubmitButton tone="danger">{t('staff.revoke')}</SubmitButton>
              </Form>
            ),
          },
        ]
      : []),
  ];
  return (
    <Section id="invitations" title={t('staff.invitations')}>
      {invitations.length === 0 ? (
        <EmptyState title={t('staff.noInvitations')}>{t('staff.noInvitationsHint')}</EmptyState>
      ) : (
        <DataTable
          caption={t('staff.invitationsCaption')}
          columns={columns}
          rows={invitations}
          keyOf={({ id }) => id}
        />
      )}
    </Section>
  );
}

function InviteSection({ viewer, idempotencyKey, fields, problem }: StaffPageModel) {
  const t = useTranslate();
  const isTyped = textField(fields, 'email') !== '';
  return (
    <Section id="invite" title={t('staff.invite')}>
      <Form action="/admin/staff/invitations" csrf={viewer.csrf}>
        <input type="hidden" name="idempotencyKey" value={idempotencyKey} />
        <Field
          id="email"
          name="email"
          type="email"
          label={t('login.email')}
          value={textField(fields, 'email')}
          hint={t('staff.inviteHint')}
          required
          invalid={problem !== null && isTyped}
        />
        <SelectField
          id="role"
          name="role"
          label={t('staff.column.role')}
          value={textField(fields, 'role') || 'support'}
          options={(['support', 'admin'] as const).map((role) => [role, t(`staff.role.${role}`)] as const)}
        />
        <SubmitButton>{t('staff.sendInvitation')}</SubmitButton>
      </Form>
    </Section>
  );
}
