import type { Children } from '#jsx/jsx-runtime';
import { auditDetails } from '../../../platform/audit-details.js';
import type { StoredAuditEntry } from '../../../platform/audit-log.js';
import { dayMs } from '../../../platform/durations.js';
import type { Translate } from '../../../platform/i18n/translations.js';
import { parseIsoDateTime } from '../../../platform/iso-date-time.js';
import { formatMoney } from '../../../platform/money.js';
import { DateTime } from '../../../platform/ui/date-time.js';
import { formatDays, formatNumber, formatSignedDays } from '../../../platform/ui/format.js';
import { useTranslate } from '../../../platform/ui/render-page.js';
import { flagText, reasonText } from '../../../referral/index.js';
import { UserLink } from '../../pages/admin-components.js';
import type { PersonName } from '../../users/people-names.js';

type Details = StoredAuditEntry['details'];
type Names = ReadonlyMap<string, PersonName>;

/** What an entry says beside its action, in words: nothing for what stands elsewhere in its row. */
export function AuditDetails({
  entry,
  names,
}: {
  entry: Pick<StoredAuditEntry, 'action' | 'details'>;
  names: Names;
}) {
  const t = useTranslate();
  const lines = linesOf(t, entry, names);
  if (lines.length === 0) return <>—</>;
  return (
    <ul class="audit-details">
      {lines.map(({ label, value }) => (
        <li key={label}>
          {label}: {value}
        </li>
      ))}
    </ul>
  );
}

interface Line {
  label: string;
  value: Children;
}

/** Ids that lead nowhere, and what other columns show. The file and the API have them. */
const notShown = new Set([
  ...['conversionId', 'entryId', 'passkeyId', 'sessionId', 'invitationId', 'mergeId', 'deliveryId'],
  ...['successorId', 'referralId', 'referredId', 'currency', 'via', 'to'],
]);

function linesOf(
  t: Translate,
  { action, details }: Pick<StoredAuditEntry, 'action' | 'details'>,
  names: Names,
): Line[] {
  if (action === 'terms.published') return [versionLine(t, Number(details['version']))];
  return Object.entries(details).flatMap(([name, value]): Line[] => {
    if (name === 'from' && 'to' in details) return changes(t, details);
    if (notShown.has(name) || isEmpty(value)) return [];
    return [{ label: labelOf(t, name), value: <Value {...{ name, value, details, names }} /> }];
  });
}

/** A version with what it changed. */
function versionLine(t: Translate, version: number): Line {
  const value = (
    <>
      <a href={`/admin/programme/${version}`}>{version}</a>{' '}
      {version > 1 ? (
        <a href={`/admin/programme/diff?from=${version - 1}&to=${version}`}>
          {t('console.audit.whatChanged')}
        </a>
      ) : null}
    </>
  );
  return { label: labelOf(t, 'version'), value };
}

/** From what to what: of one value, or of each that differs. */
function changes(t: Translate, { from, to }: Details): Line[] {
  const step = (one: unknown, other: unknown) => (
    <>
      <PlainValue value={one} /> → <PlainValue value={other} />
    </>
  );
  if (!isRecord(to)) return [{ label: t('console.audit.change'), value: step(from, to) }];
  const before = isRecord(from) ? from : {};
  return Object.entries(to)
    .filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name]))
    .map(([name, value]) => ({ label: labelOf(t, name), value: step(before[name], value) }));
}

function labelOf(t: Translate, name: string): string {
  return (auditDetails as readonly string[]).includes(name) ? t(`console.audit.detail.${name}`) : name;
}

function Value({
  name,
  value,
  details,
  names,
}: {
  name: string;
  value: unknown;
  details: Details;
  names: Names;
}) {
  const t = useTranslate();
  if (name === 'amount' && typeof details['currency'] === 'string')
    return <>{formatMoney({ amount: Number(value), currency: details['currency'] }, t.locale)}</>;
  if (name === 'durationMs') return <>{formatSignedDays(t, Number(value) / dayMs)}</>;
  if (name === 'days') return <>{formatDays(t, Number(value))}</>;
  if (typeof value === 'string') return <TextValue {...{ name, value, names }} />;
  if (!Array.isArray(value)) return <PlainValue value={value} />;
  if (name === 'reasons') return <>{reasonText(value.map(String), t)}</>;
  if (name === 'flags') return <>{flagText(value.map(String), t)}</>;
  if (name === 'holds') return <>{value.map((hold) => t(`timeline.holds.${String(hold)}`)).join(' ')}</>;
  if (name === 'moved') return <>{value.map((own) => movedText(t, own)).join(', ')}</>;
  return <PlainValue value={value} />;
}

/** A text that may be an id with a page of its own. */
function TextValue({ name, value, names }: { name: string; value: string; names: Names }) {
  const t = useTranslate();
  const person = names.get(value);
  if (name === 'referrerId' || name === 'referredId' || name === 'fromUserId' || name === 'intoUserId')
    return <UserLink userId={value} email={person === undefined ? value : person.email} />;
  if (name === 'name') return <>{t(`fraud.rules.${value}`)}</>;
  const path = { eventId: '/admin/events', endpointId: '/admin/webhooks' }[name];
  if (path !== undefined) return <a href={`${path}/${encodeURIComponent(value)}`}>{value}</a>;
  return <PlainValue value={value} />;
}

/** A value as it would be said: known words translated, times in those of the reader. */
function PlainValue({ value }: { value: unknown }): Children {
  const t = useTranslate();
  if (isEmpty(value)) return <>{t('console.audit.nothing')}</>;
  if (typeof value === 'boolean') return <>{t(`console.audit.${value ? 'yes' : 'no'}`)}</>;
  if (typeof value === 'number') return <>{formatNumber(t, value, 2)}</>;
  if (typeof value === 'string') {
    const at = /^\d{4}-\d\d-\d\dT/.test(value) ? parseIsoDateTime(value) : null;
    return at === null ? <Word value={value} /> : <DateTime at={at} />;
  }
  if (Array.isArray(value))
    return (
      <>
        {value.map((own, index) => (
          <span key={index}>
            {index === 0 ? '' : ', '}
            <Word value={String(own)} />
          </span>
        ))}
      </>
    );
  return (
    <>
      {Object.entries(value as object).map(([name, own], index) => (
        <span key={name}>
          {index === 0 ? '' : ', '}
          {labelOf(t, name)} <Word value={String(own)} />
        </span>
      ))}
    </>
  );
}

function movedText(t: Translate, moved: unknown): string {
  const { side, days } = moved as { side: string; days: number };
  return `${t(`console.audit.value.${side}`)} ${formatSignedDays(t, days)}`;
}

/** Values that the translations have words for, under `console.audit.value`. */
const auditValues = new Set([
  ...'free paid user support admin granted held suspended reversed approved rejected allow review reject'.split(
    ' ',
  ),
  ...'live shadow off referrer referred app passkey all sign_up claim import merge manual gone failing'.split(
    ' ',
  ),
  ...'milestone applied ignored parked dead duplicate created updated unchanged enabled disabled'.split(' '),
]);

function Word({ value }: { value: string }) {
  const t = useTranslate();
  return auditValues.has(value) ? <>{t(`console.audit.value.${value}`)}</> : <code>{value}</code>;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEmpty(value: unknown): boolean {
  return (
    value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
  );
}
