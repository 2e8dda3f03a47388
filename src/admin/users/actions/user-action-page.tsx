import type { Children } from '#jsx/jsx-runtime';
import { DescriptionList, ErrorBanner, Section } from '../../../platform/ui/components.js';
import { DateTime } from '../../../platform/ui/date-time.js';
import { Field, Form, SelectField, SubmitButton } from '../../../platform/ui/form.js';
import { formatDays, formatSignedDays } from '../../../platform/ui/format.js';
import { Layout } from '../../../platform/ui/layout.js';
import { renderPage, useTranslate } from '../../../platform/ui/render-page.js';
import { AdminNav, TimeZoneHint, UserLink } from '../../pages/admin-components.js';
import type { CreditPreview, UserAction, UserActionModel } from './user-action-page-loader.js';
import { subscriptionStatusText } from '../../pages/stripe-statuses.js';

/**
 * The page of an action about a user. Support sees what it would do; admins do it, by a form that
 * posts to the address of the page.
 */
export function userActionPage(model: UserActionModel): string {
  return renderPage(<UserActionPage model={model} />, model.viewer);
}

function UserActionPage({ model }: { model: UserActionModel }) {
  const t = useTranslate();
  const { action, user, viewer, problem } = model;
  return (
    <Layout
      title={t('console.titleOf', {
        title: t(`userAction.${action.name}.title`),
        name: user.email ?? t('console.erasedUser'),
      })}
      viewer={viewer}
      width="wide"
      current="/admin/users"
      address={addressOf(model)}
    >
      <AdminNav current="users" />
      <h1>{t(`userAction.${action.name}.title`)}</h1>
      <p>
        {t('userAction.for')} <UserLink userId={user.id} email={user.email} />
      </p>
      <p>{t(`userAction.${action.name}.intro`)}</p>
      <ErrorBanner text={problem} />
      <div class="stack">
        <Action model={model} action={action} />
        <TimeZoneHint />
      </div>
    </Layout>
  );
}

/** The page with what was chosen. */
function addressOf({ action, user }: UserActionModel): string | undefined {
  if (action.name === 'role') return `/admin/users/${user.id}/role?role=${action.role}`;
  if (action.name === 'credit' && action.preview !== null)
    return `/admin/users/${user.id}/credit?days=${action.preview.days}`;
  return undefined;
}

function Action({ model, action }: { model: UserActionModel; action: UserAction }) {
  switch (action.name) {
    case 'credit':
      return <CreditAction model={model} preview={action.preview} />;
    case 'revoke':
      return <RevokeAction model={model} entryId={action.entryId} preview={action.preview} />;
    case 'role':
      return <RoleAction model={model} role={action.role} />;
    case 'erase':
      return <EraseAction model={model} action={action} />;
  }
}

function CreditAction({ model, preview }: { model: UserActionModel; preview: CreditPreview | null }) {
  const t = useTranslate();
  const { user, mayChange } = model;
  return (
    <>
      <Section id="days-section" title={t('userAction.credit.step')}>
        <form method="get" action={`/admin/users/${user.id}/credit`} class="form form-inline">
          <Field
            id="days"
            name="days"
            type="number"
            label={t('console.credit.days')}
            value={preview === null ? '' : String(preview.days)}
            min={1}
            max={3_650}
            required
          />
          <SubmitButton tone="plain">{t('userAction.preview')}</SubmitButton>
        </form>
      </Section>
      {preview === null ? null : (
        <Section id="preview" title={t('userAction.effect')}>
          <CreditEffect user={user} preview={preview} />
          {mayChange ? (
            <ReasonForm model={model} path="credit">
              <input type="hidden" name="days" value={preview.days} />
              <SubmitButton>
                {t('userAction.credit.do', { length: formatDays(t, preview.days) })}
              </SubmitButton>
            </ReasonForm>
          ) : null}
        </Section>
      )}
    </>
  );
}

function RevokeAction({
  model,
  entryId,
  preview,
}: {
  model: UserActionModel;
  entryId: string;
  preview: CreditPreview | null;
}) {
  const t = useTranslate();
  if (preview === null) return null;
  return (
    <Section id="preview" title={t('userAction.effect')}>
      <CreditEffect user={model.user} preview={preview} />
      {model.mayChange ? (
        <ReasonForm model={model} path={`credit/${entryId}/revoke`}>
          <SubmitButton tone="danger">{t('userAction.revoke.do')}</SubmitButton>
        </ReasonForm>
      ) : null}
    </Section>
  );
}

function CreditEffect({ user, preview }: { user: UserActionModel['user']; preview: CreditPreview }) {
  const t = useTranslate();
  const until = (at: Date | null) => (at === null ? t('console.credit.noCredit') : <DateTime at={at} />);
  return (
    <DescriptionList
      items={[
        [t('userAction.change'), formatSignedDays(t, preview.days)],
        [t('userAction.untilNow'), until(user.creditUntil)],
        [t('userAction.untilThen'), until(preview.until)],
      ]}
    />
  );
}

function ReasonForm({ model, path, children }: { model: UserActionModel; path: string; children: Children }) {
  const t = useTranslate();
  const { user, viewer, idempotencyKey, reason } = model;
  return (
    <Form action={`/admin/users/${user.id}/${path}`} csrf={viewer.csrf}>
      <input type="hidden" name="idempotencyKey" value={idempotencyKey} />
      <Field
        id="reason"
        name="reason"
        label={t('console.credit.reason')}
        value={reason}
        hint={t('console.credit.giveHint')}
        maxlength={500}
        required
      />
      {children}
    </Form>
  );
}

function RoleAction({ model: { user, viewer, mayChange }, role }: { model: UserActionModel; role: string }) {
  const t = useTranslate();
  const roles = ['user', 'support', 'admin'] as const;
  return (
    <Section id="role" title={t('console.user.role')}>
      <p>{t('userAction.role.now', { role: t(`console.role.${user.role}`) })}</p>
      {mayChange ? (
        <Form action={`/admin/users/${user.id}/role`} csrf={viewer.csrf}>
          <SelectField
            id="role-choice"
            name="role"
            label={t('console.user.role')}
            value={role}
            options={roles.map((own) => [own, t(`console.user.roleChoice.${own}`)] as const)}
          />
          <SubmitButton>{t('console.user.setRole')}</SubmitButton>
        </Form>
      ) : null}
    </Section>
  );
}

function EraseAction({
  model: { user, viewer, mayChange },
  action,
}: {
  model: UserActionModel;
  action: Extract<UserAction, { name: 'erase' }>;
}) {
  const t = useTranslate();
  const { subscription, mergedAccounts } = action;
  return (
    <Section id="preview" title={t('userAction.effect')}>
      <DescriptionList
        items={[
          [
            t('userAction.erase.lostCredit'),
            user.creditUntil === null ? t('console.credit.noCredit') : <DateTime at={user.creditUntil} />,
          ],
          [t('console.user.subscription'), subscriptionStatusText(t, subscription)],
          [
            t('userAction.erase.mergedAccounts'),
            mergedAccounts.length === 0
              ? t('console.none')
              : mergedAccounts.map((email) => email ?? t('merge.erasedAccount')).join(', '),
          ],
        ]}
      />
      <p class="hint">{t('merge.account.eraseHint')}</p>
      {mayChange ? (
        <Form action={`/admin/users/${user.id}/erase`} csrf={viewer.csrf}>
          <Field
            id="erase-email"
            name="email"
            type="email"
            autocomplete="off"
            label={t('merge.account.address')}
            maxlength={254}
            required
          />
          <SubmitButton tone="danger">{t('merge.account.eraseNow')}</SubmitButton>
        </Form>
      ) : null}
    </Section>
  );
}
