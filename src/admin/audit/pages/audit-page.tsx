import { auditActions } from '../../../platform/audit-actions.js';
import { DataTable, type Column } from '../../../platform/ui/data-table.js';
import { DateTime } from '../../../platform/ui/date-time.js';
import { EmptyState, ErrorBanner } from '../../../platform/ui/components.js';
import { Field, SelectField, SubmitButton } from '../../../platform/ui/form.js';
import type { Translate } from '../../../platform/i18n/translations.js';
import { Layout } from '../../../platform/ui/layout.js';
import { safeHref } from '../../../platform/ui/safe-href.js';
import { renderPage, useTranslate } from '../../../platform/ui/render-page.js';
import { AdminNav, TimeZoneHint, UserLink } from '../../pages/admin-components.js';
import type { AuditPageModel, NamedAuditEntry } from '../audit-page-loader.js';
import { actionText } from './audit-section.js';

/** Who did what to whom. The form asks /admin/audit again with its filters. */
export function auditPage(model: AuditPageModel): string {
  return renderPage(<AuditPage model={model} />, model.viewer);
}

function AuditPage({ model }: { model: AuditPageModel }) {
  const t = useTranslate();
  const { viewer, entries, problem } = model;
  const next = model.nextHref === null ? null : safeHref(model.nextHref);
  return (
    <Layout title={t('console.audit.log')} viewer={viewer} width="wide" current="/admin/users">
      <AdminNav current="audit" />
      <h1>{t('console.audit.log')}</h1>
      <p class="hint">
        {t('console.audit.retention')} {t('console.audit.peopleHint')}
      </p>
      <FilterForm model={model} />
      <ErrorBanner text={problem} />
      {entries.length > 0 ? (
        <DataTable
          caption={t('console.newestFirst')}
          columns={columns(t)}
          rows={entries}
          keyOf={({ id }) => id}
        />
      ) : problem === null ? (
        <EmptyState title={t('console.audit.empty')}>
          <a href="/admin/audit">{t('console.audit.seeAll')}</a>
        </EmptyState>
      ) : null}
      {next ? (
        <p>
          <a href={next}>{t('console.audit.more')}</a>
        </p>
      ) : null}
      <TimeZoneHint />
    </Layout>
  );
}

function FilterForm({ model: { filters } }: { model: AuditPageModel }) {
  const t = useTranslate();
  const actions = auditActions
    .map((action) => [action, actionText(t, action)] as const)
    .sort(([, one], [, other]) => one.localeCompare(other, t.locale));
  return (
    <form method="get" action="/admin/audit" class="form form-inline">
      <Field
        id="actor"
        name="actor"
        label={t('console.audit.byWhom')}
        value={filters.actor}
        maxlength={200}
      />
      <Field
        id="person"
        name="person"
        label={t('console.audit.about')}
        value={filters.person}
        maxlength={200}
      />
      <SelectField
        id="action"
        name="action"
        label={t('console.audit.what')}
        value={filters.action}
        options={[['', t('console.audit.anything')], ...actions]}
      />
      <Field id="from" name="from" type="date" label={t('console.audit.from')} value={filters.from} />
      <Field id="until" name="until" type="date" label={t('console.audit.until')} value={filters.until} />
      <SubmitButton>{t('console.audit.show')}</SubmitButton>
    </form>
  );
}

const columns = (t: Translate): Column<NamedAuditEntry>[] => [
  { head: t('console.audit.when'), cell: ({ at }) => <DateTime at={at} /> },
  { head: t('console.audit.what'), cell: ({ action }) => actionText(t, action) },
  { head: t('console.audit.by'), cell: (entry) => <ActorName entry={entry} /> },
  { head: t('console.audit.about'), cell: (entry) => <Subject entry={entry} /> },
  { head: t('console.audit.note'), cell: ({ note }) => note ?? '—' },
];

function ActorName({ entry }: { entry: NamedAuditEntry }) {
  const t = useTranslate();
  const { actorKind, actorId, actorPerson, actorKey, details } = entry;
  const kind = t(`console.audit.actor.${actorKind}`);
  return (
    <>
      {kind} {actorPerson !== null ? <UserLink userId={actorPerson.id} email={actorPerson.email} /> : null}
      {actorKey !== null ? <a href="/admin/api-keys">{actorKey}</a> : null}
      {actorId !== null && actorPerson === null && actorKey === null ? <code>{actorId}</code> : null}
      {details['via'] === 'mcp' ? <span class="hint block">{t('console.audit.viaMcp')}</span> : null}
    </>
  );
}

function Subject({ entry: { subjectId, subject, details } }: { entry: NamedAuditEntry }) {
  const t = useTranslate();
  const referralId = typeof details['referralId'] === 'string' ? details['referralId'] : null;
  const rule = typeof details['name'] === 'string' ? details['name'] : null;
  if (subjectId === null && referralId === null) return <>{rule === null ? '—' : <code>{rule}</code>}</>;
  return (
    <>
      {subject !== null ? <UserLink userId={subject.id} email={subject.email} /> : subjectId}
      {referralId === null ? null : (
        <a class="block" href={`/admin/referrals/${encodeURIComponent(referralId)}`}>
          {t('console.audit.referral')}
        </a>
      )}
    </>
  );
}
