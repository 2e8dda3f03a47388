import { Injectable } from '@nestjs/common';
import { ApiKeys } from '../../auth/index.js';
import { auditActions } from '../../platform/audit-actions.js';
import type { StoredAuditEntry } from '../../platform/audit-log.js';
import { dayMs, addMs } from '../../platform/durations.js';
import { parseEmail } from '../../platform/email-address.js';
import { textField, type FormFields } from '../../platform/http/form-fields.js';
import { getTranslator } from '../../platform/i18n/translations.js';
import { isId } from '../../platform/ids.js';
import { parseIsoDateTime } from '../../platform/iso-date-time.js';
import type { Principal } from '../../platform/security/principal.js';
import { AdminForms, nextHref, type StaffViewer } from '../admin-forms.js';
import { SearchRepository } from '../search/search.repository.js';
import { PeopleNames, type PersonName } from '../users/people-names.js';
import { AuditQueries } from './audit-queries.js';

/** The filters of the page, as they stand in its address. */
export type AuditFilters = Record<'actor' | 'person' | 'action' | 'from' | 'until', string>;

/** An entry with names: of the person or API key that acted, and of the person it is about. */
export interface NamedAuditEntry extends StoredAuditEntry {
  actorPerson: PersonName | null;
  actorKey: string | null;
  subject: PersonName | null;
}

/** A page of the audit log. `problem`: a filter names nothing. */
export interface AuditPageModel {
  viewer: StaffViewer;
  filters: AuditFilters;
  entries: NamedAuditEntry[];
  nextHref: string | null;
  problem: string | null;
}

const pageSize = 50;

/** Gathers what the page of the audit log shows. */
@Injectable()
export class AuditPageLoader {
  constructor(
    private readonly auditQueries: AuditQueries,
    private readonly search: SearchRepository,
    private readonly names: PeopleNames,
    private readonly apiKeys: ApiKeys,
    private readonly forms: AdminForms,
  ) {}

  /** The entries that match the filters in `fields`, newest first. */
  async load(me: Principal, fields: FormFields): Promise<AuditPageModel> {
    const filters = filtersIn(fields);
    const viewer = await this.forms.viewerFor(me);
    const [actor, subject] = await Promise.all([this.findId(filters.actor), this.findId(filters.person)]);
    const problem = problemOf(filters, { actor, subject });
    if (problem !== null) {
      const text = getTranslator(me.locale)(`console.audit.problem.${problem}`);
      return { viewer, filters, entries: [], nextHref: null, problem: text };
    }
    const cursor = textField(fields, 'cursor');
    const page = await this.auditQueries.list({
      ...{ limit: pageSize, actor: actor ?? undefined, subject: subject ?? undefined },
      action: filters.action || undefined,
      from: parseDay(filters.from) ?? undefined,
      until: dayAfter(filters.until),
      ...(cursor === '' ? {} : { cursor }),
    });
    const entries = await this.withNames(page.items);
    return {
      viewer,
      filters,
      entries,
      nextHref: nextHref('/admin/audit', filters, page.nextCursor),
      problem,
    };
  }

  /** The id of the person whom a filter names by id or address, or an id, which may be a key's. */
  private async findId(text: string): Promise<string | null> {
    if (text === '') return null;
    const found = await this.search.findExact(parseEmail(text) ?? text);
    return found.find(({ userId }) => userId !== null)?.userId ?? (isId(text) ? text : null);
  }

  private async withNames(entries: StoredAuditEntry[]): Promise<NamedAuditEntry[]> {
    const [people, keys] = await Promise.all([
      this.names.findByIds(entries.flatMap(({ actorId, subjectId }) => [actorId, subjectId])),
      entries.some(({ actorKind }) => actorKind === 'api_key') ? this.apiKeys.list() : [],
    ]);
    const keyNames = new Map(keys.map(({ id, name }) => [id, name]));
    return entries.map((entry) => ({
      ...entry,
      actorPerson: people.get(entry.actorId ?? '') ?? null,
      actorKey: keyNames.get(entry.actorId ?? '') ?? null,
      subject: people.get(entry.subjectId ?? '') ?? null,
    }));
  }
}

function filtersIn(fields: FormFields): AuditFilters {
  const text = (name: string) => textField(fields, name).trim().slice(0, 200);
  const action = auditActions.find((own) => own === text('action')) ?? '';
  return { actor: text('actor'), person: text('person'), action, from: text('from'), until: text('until') };
}

function problemOf(
  filters: AuditFilters,
  found: { actor: string | null; subject: string | null },
): 'person' | 'day' | null {
  if (filters.actor !== '' && found.actor === null) return 'person';
  if (filters.person !== '' && found.subject === null) return 'person';
  const isDay = (text: string) => text === '' || parseDay(text) !== null;
  return isDay(filters.from) && isDay(filters.until) ? null : 'day';
}

/** The begin of a day in UTC; null for what is none. */
function parseDay(text: string): Date | null {
  return /^\d{4}-\d\d-\d\d$/.test(text) ? parseIsoDateTime(text) : null;
}

function dayAfter(text: string): Date | undefined {
  const day = parseDay(text);
  return day === null ? undefined : addMs(day, dayMs);
}
