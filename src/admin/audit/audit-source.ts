import { Injectable } from '@nestjs/common';
import { ApiKeys } from '../../auth/index.js';
import { auditActions } from '../../platform/audit-actions.js';
import { AuditList, type AuditFilter } from '../../platform/audit-list.js';
import type { StoredAuditEntry } from '../../platform/audit-log.js';
import { parseEmail } from '../../platform/email-address.js';
import { isId } from '../../platform/ids.js';
import type { ListRows } from '../../platform/lists/keyset-list.js';
import type { ListDefinition, ListRequest } from '../../platform/lists/list-request.js';
import { addDays, startOfLocalDate } from '../../platform/local-dates.js';
import type { ListSource } from '../lists/list-view.js';
import { SearchRepository } from '../search/search.repository.js';
import { PeopleNames, type PersonName } from '../users/people-names.js';

/** What the list of the audit log can be asked; people are named by an address or an id. */
export const auditList = {
  filters: [
    { name: 'actor', kind: 'text', maxLength: 320 },
    { name: 'person', kind: 'text', maxLength: 320 },
    { name: 'action', kind: 'choice', values: auditActions, texts: 'console.audit.action' },
    { name: 'from', kind: 'day' },
    { name: 'until', kind: 'day' },
  ],
  sorts: [{ name: 'recorded' }],
} as const satisfies ListDefinition;

/**
 * An entry with the names of everybody in it, by their ids. `actorKey` is the name of the API key
 * that acted.
 */
export interface NamedAuditEntry extends StoredAuditEntry {
  names: ReadonlyMap<string, PersonName>;
  actorKey: string | null;
}

/** The audit log as a list of the console. */
@Injectable()
export class AuditSource implements ListSource<NamedAuditEntry> {
  readonly name = 'audit';
  readonly definition = auditList;

  constructor(
    private readonly auditList: AuditList,
    private readonly search: SearchRepository,
    private readonly names: PeopleNames,
    private readonly apiKeys: ApiKeys,
  ) {}

  /** One page of the entries that a request asks for. Errors: `request.invalid` for its cursor. */
  async list(request: ListRequest, limit: number): Promise<ListRows<NamedAuditEntry>> {
    const filter = await this.toFilter(request);
    if (filter === null) return { rows: [], previous: null, next: null };
    const page = await this.auditList.listPage(filter, request, limit);
    return { ...page, rows: await this.withNames(page.rows) };
  }

  /** How many entries a request asks for, up to `max`. */
  async count(request: ListRequest, max: number): Promise<number> {
    const filter = await this.toFilter(request);
    return filter === null ? 0 : this.auditList.count(filter, max);
  }

  /** Whether a filter names an unknown person. */
  async namesUnknown({ filters: { actor, person } }: Pick<ListRequest, 'filters'>): Promise<boolean> {
    return (await this.findId(actor)) === null || (await this.findId(person)) === null;
  }

  /** What the request asks for; null where it names an unknown person. */
  private async toFilter({ filters, timeZone = 'UTC' }: ListRequest): Promise<AuditFilter | null> {
    const { action, from, until } = filters;
    const [actor, subject] = await Promise.all([this.findId(filters.actor), this.findId(filters.person)]);
    if (actor === null || subject === null) return null;
    return {
      ...{ actor, subject, action },
      from: from === undefined ? undefined : startOfLocalDate(from, timeZone),
      until: until === undefined ? undefined : startOfLocalDate(addDays(until, 1), timeZone),
    };
  }

  /** The id of a person, or an id, which may be a key's; null for what is unknown. */
  private async findId(text: string | undefined): Promise<string | null | undefined> {
    if (text === undefined) return undefined;
    const found = await this.search.findExact(parseEmail(text) ?? text);
    return found.find(({ userId }) => userId !== null)?.userId ?? (isId(text) ? text : null);
  }

  private async withNames(entries: StoredAuditEntry[]): Promise<NamedAuditEntry[]> {
    const [names, keys] = await Promise.all([
      this.names.findByIds(entries.flatMap(peopleIn)),
      entries.some(({ actorKind }) => actorKind === 'api_key') ? this.apiKeys.list() : [],
    ]);
    const keyNames = new Map(keys.map(({ id, name }) => [id, name]));
    return entries.map((entry) => ({ ...entry, names, actorKey: keyNames.get(entry.actorId ?? '') ?? null }));
  }
}

/** The ids of people in the details of an entry. */
const personDetails = ['referrerId', 'referredId', 'fromUserId', 'intoUserId'];

function peopleIn({ actorId, subjectId, details }: StoredAuditEntry): string[] {
  return [actorId, subjectId, ...personDetails.map((name) => details[name])].filter(isId);
}
