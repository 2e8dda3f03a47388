import type { Queryable, Tx } from '../../platform/database/tx.js';

/**
 * Stores which person of the host product a user is, for users without such an id, and answers the
 * users that got theirs. One who has an id keeps it, and an id that another user has stays theirs.
 * Idempotent. Errors: the constraint `user_external_id_is_unique`, where two calls give one id away
 * at the same moment.
 */
export async function saveExternalIds(
  tx: Tx,
  people: readonly { userId: string; externalId: string }[],
): Promise<Set<string>> {
  const [rows]: [{ id: string }[]] = await tx.query(
    `UPDATE auth."user" u SET external_id = p."externalId"
     FROM jsonb_to_recordset($1::jsonb) AS p ("userId" uuid, "externalId" text)
     WHERE u.id = p."userId" AND u.external_id IS NULL AND u.erased_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM auth."user" other WHERE other.external_id = p."externalId")
     RETURNING u.id`,
    [JSON.stringify(people)],
  );
  return new Set(rows.map(({ id }) => id));
}

/** The external ids of users, by user; none for those without. */
export async function findExternalIds(
  db: Queryable,
  userIds: readonly string[],
): Promise<Map<string, string>> {
  const rows = await db.query<{ id: string; externalId: string }>(
    `SELECT id, external_id AS "externalId" FROM auth."user" WHERE id = ANY($1) AND external_id IS NOT NULL`,
    [userIds],
  );
  return new Map(rows.map(({ id, externalId }) => [id, externalId]));
}

/** Those of these users who were not erased; they are kept so until the transaction ends. */
export async function lockActiveUsers(tx: Tx, userIds: readonly string[]): Promise<Set<string>> {
  const rows: { id: string }[] = await tx.query(
    `SELECT id FROM auth."user" WHERE id = ANY ($1) AND erased_at IS NULL ORDER BY id FOR KEY SHARE`,
    [userIds],
  );
  return new Set(rows.map(({ id }) => id));
}

/** How a row names a person: by what is not null. */
export interface PersonKeys {
  email: string | null;
  externalId: string | null;
}

/** The present accounts that the keys of one row name; null for a key that no user has. */
export interface PersonMatch {
  byEmail: string | null;
  byExternalId: string | null;
}

/**
 * Finds users by their address and by their external id, one answer for each of `people`, and keeps
 * those whom it finds from being merged or erased until the transaction ends.
 */
export async function matchPeople(tx: Tx, people: readonly PersonKeys[]): Promise<PersonMatch[]> {
  const asked = people.map(({ email, externalId }, ordinal) => ({ ordinal, email, externalId }));
  await tx.query(
    `SELECT 1 FROM auth."user" WHERE email = ANY ($1) OR external_id = ANY ($2) ORDER BY id FOR KEY SHARE`,
    [people.flatMap(({ email }) => email ?? []), people.flatMap(({ externalId }) => externalId ?? [])],
  );
  // a statement of its own: after the wait for a lock it sees what a merge has written
  return tx.query(
    `SELECT (SELECT platform.current_account_of(u.id) FROM auth."user" u WHERE u.email = a.email) AS "byEmail",
       (SELECT platform.current_account_of(u.id) FROM auth."user" u WHERE u.external_id = a."externalId") AS "byExternalId"
     FROM jsonb_to_recordset($1::jsonb) AS a (ordinal integer, email text, "externalId" text) ORDER BY a.ordinal`,
    [JSON.stringify(asked)],
  );
}
