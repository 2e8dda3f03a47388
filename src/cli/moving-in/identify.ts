import { findExternalIds, lockActiveUsers, matchPeople } from '../../auth/index.js';
import { findCustomerOwners } from '../../billing/index.js';
import type { Tx } from '../../platform/database/tx.js';
import type { MovingRow } from './moving-row.js';
import type { MovingField } from './tool-format.js';

/** Whose row it is: a user, a person who is not here yet, or keys that contradict each other. */
export interface IdentifiedRow {
  row: MovingRow;
  userId: string | null;
  /** The external id that the user has. */
  storedExternalId: string | null;
  conflict: { field: MovingField; message: string } | null;
  /** The user was found by other keys, and has another address. */
  hasOtherEmail: boolean;
}

/** The users that the keys of a row name, by key. */
interface Match {
  externalId: string | null;
  customer: string | null;
  email: string | null;
}

/**
 * Finds out whose rows these are, and keeps those people from being merged or erased until the
 * transaction ends. Keys that name different people are a conflict: none of them is chosen.
 */
export async function identifyRows(tx: Tx, rows: readonly MovingRow[]): Promise<IdentifiedRow[]> {
  const matched = await matchPeople(tx, rows);
  const owners = await findCustomerOwners(
    tx,
    rows.flatMap(({ customer }) => customer ?? []),
  );
  const active = await lockActiveUsers(tx, [...owners.values()]);
  const matches = rows.map(({ customer }, index): Match => ({
    externalId: matched[index]?.byExternalId ?? null,
    customer: (customer === null ? undefined : owners.get(customer)) ?? null,
    email: matched[index]?.byEmail ?? null,
  }));
  const stored = await findExternalIds(tx, [...new Set(matches.flatMap((match) => userOf(match) ?? []))]);
  return rows.map((row, index) => {
    const match = matches[index] ?? { externalId: null, customer: null, email: null };
    const userId = userOf(match);
    const storedExternalId = userId === null ? null : (stored.get(userId) ?? null);
    const isErased = match.customer !== null && !active.has(match.customer);
    return {
      row,
      userId,
      storedExternalId,
      conflict: findConflict(row, match, { storedExternalId, isErased }),
      hasOtherEmail: userId !== null && row.email !== null && match.email === null,
    };
  });
}

function userOf({ externalId, customer, email }: Match): string | null {
  return externalId ?? customer ?? email;
}

/** Why a row names no one person; null for a row of one person, or of a new one. */
export function findConflict(
  row: MovingRow,
  match: Match,
  { storedExternalId, isErased }: { storedExternalId: string | null; isErased: boolean },
): IdentifiedRow['conflict'] {
  const userId = userOf(match);
  if (isErased) return { field: 'customer', message: 'belongs to a person who was erased' };
  if (match.customer !== null && match.customer !== userId)
    return { field: 'customer', message: 'belongs to another person than the external id' };
  if (match.email !== null && match.email !== userId)
    return { field: 'email', message: 'belongs to another person than the external id or the customer' };
  if (row.externalId !== null && storedExternalId !== null && storedExternalId !== row.externalId)
    return { field: 'externalId', message: 'differs from the external id that this person has' };
  return null;
}

/**
 * Parts rows so that no two of a part have a key in common: what the first one writes is then there
 * when the next one is identified.
 */
export function splitByKeys(rows: readonly MovingRow[]): MovingRow[][] {
  const parts: MovingRow[][] = [];
  const partByKey = new Map<string, number>();
  for (const row of rows) {
    const keys = keysOf(row);
    const part = Math.max(0, ...keys.map((key) => (partByKey.get(key) ?? -1) + 1));
    for (const key of keys) partByKey.set(key, part);
    (parts[part] ??= []).push(row);
  }
  return parts;
}

function keysOf({ email, externalId, customer, ownCode }: MovingRow): string[] {
  return Object.entries({ email, externalId, customer, ownCode }).flatMap(([name, value]) =>
    value === null ? [] : `${name}:${value}`,
  );
}
