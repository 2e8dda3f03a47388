import type { Tx } from '../platform/database/tx.js';
import type { LedgerLine } from './ledger-line.js';
import type { Draft, OpenAccount } from './next-line.js';
import { aheadOf } from './pieces.js';

/** What moving days between accounts needs of the ledger. */
export interface Books {
  lock(tx: Tx, userIds: string[]): Promise<void>;
  open(tx: Tx, userId: string): Promise<OpenAccount>;
  append(tx: Tx, account: OpenAccount, draft: Draft): Promise<LedgerLine>;
  anchorOf(tx: Tx, userId: string): Promise<Date | null>;
}

/**
 * Days belong to whoever the account is now that they were granted to. Brings those that lie ahead in `accountIds` there,
 * one pair of lines for each reward or grant, and answers who received any. Used days stay where they were used.
 * Again: nothing is written.
 */
export async function bringHome(tx: Tx, books: Books, accountIds: readonly string[]): Promise<string[]> {
  const receivers = new Set<string>();
  for (const accountId of accountIds) {
    const away = await awayFromHome(tx, await books.open(tx, accountId));
    for (const { owner, rootId, person } of away) {
      await books.lock(tx, [accountId, person]);
      await move(tx, books, { owner, rootId, accountId, person });
      receivers.add(person);
    }
  }
  return [...receivers];
}

/**
 * The line that the days of a grant, of a turn of it, or of its transfer stand by now, in whichever account: what is taken
 * from them next acts on it. The accounts are locked, or nothing is decided by the answer.
 */
export async function presentLineOf(tx: Tx, books: Books, line: LedgerLine): Promise<LedgerLine> {
  const account = await books.open(tx, line.userId);
  if (!account.history.some(({ kind }) => kind === 'transfer')) return line;
  const owner = account.balance.owners.get(line.id) ?? line.id;
  const rootId = rootOf(account, owner);
  const person = (await personsOf(tx, [rootId])).get(rootId) ?? line.userId;
  const present = person === line.userId ? account : await books.open(tx, person);
  return lastOf(present, owner) ?? line;
}

interface Away {
  owner: string;
  rootId: string;
  person: string;
}

async function awayFromHome(tx: Tx, account: OpenAccount): Promise<Away[]> {
  const { balance, at, userId } = account;
  const ahead = balance.pieces.filter((piece) => aheadOf([piece], at.getTime()) > 0);
  const owners = [...new Set(ahead.map(({ owner }) => owner))];
  if (owners.length === 0) return [];
  const roots = owners.map((owner) => ({ owner, rootId: rootOf(account, owner) }));
  const persons = await personsOf(
    tx,
    roots.map(({ rootId }) => rootId),
  );
  return roots
    .map((root) => ({ ...root, person: persons.get(root.rootId) ?? userId }))
    .filter(({ person }) => person !== userId);
}

async function move(
  tx: Tx,
  books: Books,
  { owner, rootId, accountId, person }: Away & { accountId: string },
): Promise<void> {
  const source = await books.open(tx, accountId);
  const of = lastOf(source, owner);
  if (of === undefined) throw new Error(`Account ${accountId} holds days of ${owner} that no line put there`);
  const gone = await books.append(tx, source, { kind: 'transfer', of, rootId });
  await books.append(tx, await books.open(tx, person), {
    kind: 'transfer',
    of: gone,
    rootId,
    lengthMs: -gone.lengthMs,
    anchorAt: await books.anchorOf(tx, person),
  });
}

/** The grant that the first days of an owner came from; where they came from elsewhere, their transfer names it. */
function rootOf({ history, balance }: OpenAccount, owner: string): string {
  const first = history.find((line) => balance.owners.get(line.id) === owner);
  return first?.rootId ?? first?.id ?? owner;
}

function lastOf({ history, balance }: OpenAccount, owner: string): LedgerLine | undefined {
  return history.findLast((line) => balance.owners.get(line.id) === owner);
}

/** Who the accounts are now that these grants were written to, by grant. */
async function personsOf(tx: Tx, rootIds: string[]): Promise<Map<string, string>> {
  const rows: { id: string; person: string }[] = await tx.query(
    `SELECT id, platform.person_of(user_id) AS person FROM credit.entry WHERE id = ANY($1)`,
    [rootIds],
  );
  return new Map(rows.map(({ id, person }) => [id, person]));
}
