import { Injectable } from '@nestjs/common';
import { findExternalIds } from '../../auth/index.js';
import { Database } from '../../platform/database/database.js';

/** A person as other products know them. `externalId` is their own id for the person. */
export interface PublicPerson {
  id: string;
  externalId: string | null;
}

/** The person with this account, as events are stored: without the external id. */
export function personOf(userId: string): PublicPerson {
  return { id: userId, externalId: null };
}

/**
 * Adds the external ids of people to events that are read or sent. They are not stored with events,
 * so nothing has to be found and deleted when a person is erased.
 */
@Injectable()
export class PublicPeople {
  constructor(private readonly database: Database) {}

  /** A copy of `data` with the external id of each person in it; null for one who has none. */
  async addExternalIds(data: unknown): Promise<unknown> {
    const userIds = peopleIn(data).map(({ id }) => id);
    if (userIds.length === 0) return data;
    const externalIds = await findExternalIds(this.database, userIds);
    return mapPeople(data, ({ id }) => ({ id, externalId: externalIds.get(id) ?? null }));
  }
}

function peopleIn(data: unknown): PublicPerson[] {
  if (isPerson(data)) return [data];
  return isObject(data) ? Object.values(data).flatMap(peopleIn) : [];
}

function mapPeople(data: unknown, map: (person: PublicPerson) => PublicPerson): unknown {
  if (isPerson(data)) return map(data);
  if (Array.isArray(data)) return data.map((part) => mapPeople(part, map));
  if (!isObject(data)) return data;
  return Object.fromEntries(Object.entries(data).map(([name, part]) => [name, mapPeople(part, map)]));
}

function isPerson(data: unknown): data is PublicPerson {
  return isObject(data) && 'externalId' in data && typeof data.id === 'string';
}

function isObject(data: unknown): data is Record<string, unknown> {
  return typeof data === 'object' && data !== null;
}
