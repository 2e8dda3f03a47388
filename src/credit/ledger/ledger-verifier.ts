import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import type { CreditEntry } from './credit-entry.js';
import { CreditAccountRepository, type AccountRow } from './credit-account.repository.js';
import { remainingMs } from './intervals.js';
import { findInconsistencies, formatTime } from './ledger-consistency.js';

/** Something in the ledger that their history does not explain. */
export interface Discrepancy {
  userId: string;
  problem: string;
}

const batchSize = 100;

/** Replays every account and compares it with what is stored. */
@Injectable()
export class LedgerVerifier {
  constructor(
    private readonly accounts: CreditAccountRepository,
    private readonly clock: Clock,
  ) {}

  /**
   * Checks all accounts, some hundred at a time in one snapshot each, and returns what does not
   * fit. `onProgress` is called with the number of accounts checked so far.
   */
  async *findDiscrepancies(onProgress?: (accounts: number) => void): AsyncGenerator<Discrepancy> {
    let checked = 0;
    for (
      let batch = await this.accounts.readBatchAfter('00000000-0000-0000-0000-000000000000', batchSize),
        last = batch.at(-1);
      last !== undefined;
      last = batch.at(-1)
    ) {
      // the database reads while we replay
      const next = this.accounts.readBatchAfter(last.account.user_id, batchSize);
      next.catch(() => undefined); // reported when it is waited for
      const now = this.clock.now().getTime();
      for (const { account, entries } of batch)
        for (const problem of checkAccount(account, entries, now)) yield { userId: account.user_id, problem };
      onProgress?.((checked += batch.length));
      batch = await next;
    }
    yield* await this.accounts.findUnpairedTransfers();
  }
}

function* checkAccount(account: AccountRow, entries: CreditEntry[], now: number): Generator<string> {
  const balance = yield* findInconsistencies(entries);
  if (balance.until !== (account.until?.getTime() ?? null))
    yield `the account has credit until ${formatTime(account.until)}, its ledger gives ${formatTime(balance.until)}`;
  const last = entries.at(-1)?.at ?? null;
  if (
    account.current_owner_id !== account.user_id &&
    remainingMs(balance.intervals, Math.max(now, last?.getTime() ?? 0)) > 0
  )
    yield `the account was merged into ${account.current_owner_id} but still has unused days`;
  if (Number(account.last_seq) !== entries.length)
    yield `the account counts ${account.last_seq} entries, its ledger has ${entries.length}`;
  if ((account.last_at?.getTime() ?? null) !== (last?.getTime() ?? null))
    yield `the account's last entry is of ${formatTime(account.last_at)}, its ledger's of ${formatTime(last)}`;
}
