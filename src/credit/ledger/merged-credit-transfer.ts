import type { Queryable, Tx } from '../../platform/database/tx.js';
import type { CreditEntry } from './credit-entry.js';
import type { CreditEntryRepository } from './credit-entry.repository.js';
import type { EntryDraft, LockedAccount } from './build-entry.js';
import { remainingMs } from './intervals.js';

/** What moving days between accounts needs of the ledger. */
export interface LedgerPort {
  lockAccounts(tx: Tx, userIds: string[]): Promise<void>;
  lockAndReplay(tx: Tx, userId: string): Promise<LockedAccount>;
  append(tx: Tx, account: LockedAccount, entryDraft: EntryDraft): Promise<CreditEntry>;
  readonly entries: Pick<CreditEntryRepository, 'findCurrentOwners'>;
  readonly policy: { earliestStart(userId: string, db: Queryable): Promise<Date | null> };
}

/**
 * Days belong to the current owner of the account that they were granted to. Moves the unused days
 * of `accountIds` there, with a pair of entries for each reward or grant, and answers who received
 * any. Used days stay where they were used.
 * Idempotent: nothing is written.
 */
export async function transferToCurrentOwner(
  tx: Tx,
  ledger: LedgerPort,
  accountIds: readonly string[],
): Promise<string[]> {
  const receivers = new Set<string>();
  for (const accountId of accountIds) {
    const misplaced = await findMisplacedCredit(tx, ledger, await ledger.lockAndReplay(tx, accountId));
    for (const { grantKey, originEntryId, currentOwnerId } of misplaced) {
      await ledger.lockAccounts(tx, [accountId, currentOwnerId]);
      await transfer(tx, ledger, { grantKey, originEntryId, accountId, currentOwnerId });
      receivers.add(currentOwnerId);
    }
  }
  return [...receivers];
}

/**
 * The entry that now holds the days of `entry`, in whichever account: the next revocation acts on
 * it. The accounts are locked, unless the answer decides nothing.
 */
export async function currentEntryOf(tx: Tx, ledger: LedgerPort, entry: CreditEntry): Promise<CreditEntry> {
  const account = await ledger.lockAndReplay(tx, entry.userId);
  if (!account.history.some(({ kind }) => kind === 'transfer')) return entry;
  const grantKey = account.balance.grantKeys.get(entry.id) ?? entry.id;
  const originEntryId = originEntryIdOf(account, grantKey);
  const currentOwnerId =
    (await ledger.entries.findCurrentOwners(tx, [originEntryId])).get(originEntryId) ?? entry.userId;
  const currentAccount =
    currentOwnerId === entry.userId ? account : await ledger.lockAndReplay(tx, currentOwnerId);
  return latestEntryOf(currentAccount, grantKey) ?? entry;
}

interface MisplacedCredit {
  grantKey: string;
  originEntryId: string;
  currentOwnerId: string;
}

async function findMisplacedCredit(
  tx: Tx,
  ledger: LedgerPort,
  account: LockedAccount,
): Promise<MisplacedCredit[]> {
  const { balance, at, userId } = account;
  const ahead = balance.intervals.filter((piece) => remainingMs([piece], at.getTime()) > 0);
  const grantKeys = [...new Set(ahead.map(({ grantKey }) => grantKey))];
  if (grantKeys.length === 0) return [];
  const origins = grantKeys.map((grantKey) => ({
    grantKey,
    originEntryId: originEntryIdOf(account, grantKey),
  }));
  const currentOwners = await ledger.entries.findCurrentOwners(
    tx,
    origins.map(({ originEntryId }) => originEntryId),
  );
  return origins
    .map((origin) => ({ ...origin, currentOwnerId: currentOwners.get(origin.originEntryId) ?? userId }))
    .filter(({ currentOwnerId }) => currentOwnerId !== userId);
}

async function transfer(
  tx: Tx,
  ledger: LedgerPort,
  { grantKey, originEntryId, accountId, currentOwnerId }: MisplacedCredit & { accountId: string },
): Promise<void> {
  const source = await ledger.lockAndReplay(tx, accountId);
  const latest = latestEntryOf(source, grantKey);
  if (latest === undefined)
    throw new Error(`Account ${accountId} has days of ${grantKey} without an entry for them`);
  const outgoing = await ledger.append(tx, source, { kind: 'transfer', target: latest, originEntryId });
  await ledger.append(tx, await ledger.lockAndReplay(tx, currentOwnerId), {
    kind: 'transfer',
    target: outgoing,
    originEntryId,
    durationMs: -outgoing.durationMs,
    notBefore: await ledger.policy.earliestStart(currentOwnerId, tx),
  });
}

/**
 * The grant that the first days of a key came from; where another account granted them, their
 * transfer names it.
 */
function originEntryIdOf({ history, balance }: LockedAccount, grantKey: string): string {
  const first = history.find((entry) => balance.grantKeys.get(entry.id) === grantKey);
  return first?.originEntryId ?? first?.id ?? grantKey;
}

function latestEntryOf({ history, balance }: LockedAccount, grantKey: string): CreditEntry | undefined {
  return history.findLast((entry) => balance.grantKeys.get(entry.id) === grantKey);
}
