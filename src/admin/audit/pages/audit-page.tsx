import { DateTime } from '../../../platform/ui/date-time.js';
import { ErrorBanner } from '../../../platform/ui/components.js';
import type { Translate } from '../../../platform/i18n/translations.js';
import { Layout } from '../../../platform/ui/layout.js';
import { renderPage, useTranslate } from '../../../platform/ui/render-page.js';
import { ListSection, type ListColumn } from '../../lists/list-section.js';
import { AdminNav, TimeZoneHint, UserLink } from '../../pages/admin-components.js';
import type { AuditPageModel } from '../audit-page-loader.js';
import type { NamedAuditEntry } from '../audit-source.js';
import { AuditDetails } from './audit-details.js';
import { actionText } from './audit-section.js';

/** Who did what to whom, as a list of the console. */
export function auditPage(model: AuditPageModel): string {
  return renderPage(<AuditPage model={model} />, model.viewer);
}

function AuditPage({ model: { viewer, list, problem } }: { model: AuditPageModel }) {
  const t = useTranslate();
  return (
    <Layout title={t('console.audit.log')} viewer={viewer} width="wide" current="/admin/users">
      <AdminNav current="audit" />
      <h1>{t('console.audit.log')}</h1>
      <p class="hint">
        {t('console.audit.retention')} {t('console.audit.peopleHint')}
      </p>
      <ErrorBanner text={problem} />
      <ListSection view={list} columns={columns(t)} keyOf={({ id }) => id} />
      <TimeZoneHint />
    </Layout>
  );
}

const columns = (t: Translate): ListColumn<NamedAuditEntry>[] => [
  { head: t('console.audit.when'), cell: ({ at }) => <DateTime at={at} />, sortBy: 'recorded' },
  { head: t('console.audit.what'), cell: ({ action }) => actionText(t, action) },
  { head: t('console.audit.by'), cell: (entry) => <ActorName entry={entry} /> },
  { head: t('console.audit.about'), cell: (entry) => <Subject entry={entry} /> },
  { head: t('console.audit.details'), cell: (entry) => <AuditDetails entry={entry} names={entry.names} /> },
  { head: t('console.audit.note'), cell: ({ note }) => note ?? '—' },
];

function ActorName({ entry }: { entry: NamedAuditEntry }) {
  const t = useTranslate();
  const { actorKind, actorId, actorKey, names, details } = entry;
  const person = names.get(actorId ?? '') ?? null;
  const kind = t(`console.audit.actor.${actorKind}`);
  return (
    <>
      {kind} {person !== null ? <UserLink userId={person.id} email={person.email} /> : null}
      {actorKey !== null ? <a href="/admin/api-keys">{actorKey}</a> : null}
      {actorId !== null && person === null && actorKey === null ? <code>{actorId}</code> : null}
      {details['via'] === 'mcp' ? <span class="hint block">{t('console.audit.viaMcp')}</span> : null}
    </>
  );
}

function Subject({ entry: { subjectId, names, details } }: { entry: NamedAuditEntry }) {
  const t = useTranslate();
  const referralId = typeof details['referralId'] === 'string' ? details['referralId'] : null;
  if (subjectId === null && referralId === null) return <>—</>;
  const subject = names.get(subjectId ?? '') ?? null;
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
