import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import type { Queryable, Tx } from '../platform/database/tx.js';
import { CreditLedger } from './credit-ledger.js';
import { DeliveryMode } from './delivery-mode.js';
import type { LedgerLine, Span } from './ledger-line.js';
import { nextLine, type Draft, type OpenAccount } from './next-line.js';
import { aheadOf, samePieces } from './pieces.js';
import { lengthOf, replay, unfinishedRevocations } from './replay.js';
import { rewardLinesOf } from './reward-lines.js';

/** What a user is paid for now. `covered`: a paid period that was told just now, perhaps after it began. */
export interface PaidPeriod {
  through: Date | null;
  covered: Span | null;
}

/** Days and paid periods together: days wait behind what is paid for, or become the time by which a charge is put off. */
@Injectable()
export class CreditDelivery {
  constructor(
    private readonly ledger: CreditLedger,
    private readonly mode: DeliveryMode,
    private readonly clock: Clock,
  ) {}

  /**
   * Moves the days that are left of `userId` behind what is now paid for, or back to now. Days that ran inside
   * `covered` are ahead again: they were paid for twice. Where days run by the calendar only those move that waited
   * before. Again, or where nothing moves: nothing is written.
   */
  async follow(tx: Tx, userId: string, period: PaidPeriod): Promise<void> {
    if (await this.mayMove(tx, userId)) await this.move(tx, userId, period);
  }

  /** As {@link follow}, for an account that {@link mayMove}. */
  async move(tx: Tx, userId: string, { through, covered }: PaidPeriod): Promise<void> {
    const account = await this.ledger.open(tx, userId);
    if (this.mode.overlays && !isWaiting(account)) return;
    const anchorAt = through !== null && through > account.at ? through : account.at;
    const draft: Draft = { kind: 'shift', anchorAt, covers: covered };
    const { line, after } = nextLine(account, 'a shift', draft);
    if (samePieces(after.pieces, account.balance.pieces)) return;
    await this.ledger.append(tx, account, { ...draft, covers: line.lengthMs === 0 ? null : covered });
    await this.settle(tx, userId);
  }

  /**
   * Takes the days that are left of an entry, because the charge of the period that ends `putOff.from` was put off
   * until `putOff.until`; all other days wait behind that. Null, with nothing written, when none are left.
   */
  async consume(tx: Tx, entryId: string, putOff: Span): Promise<LedgerLine | null> {
    const userId = await this.ownerOf(tx, entryId);
    if (userId === null) return null;
    const account = await this.ledger.open(tx, userId);
    const of = account.history.find((line) => line.id === entryId);
    if (of === undefined) return null;
    return this.appendUnlessEmpty(tx, account, {
      kind: 'deferral',
      of,
      anchorAt: putOff.until,
      covers: putOff,
    });
  }

  /** Gives back `lengthMs` of what a deferral took, at most what it still holds; to a revoked reward only to take it again. */
  async giveBack(tx: Tx, deferralId: string, lengthMs: number): Promise<LedgerLine | null> {
    const userId = await this.ownerOf(tx, deferralId);
    if (userId === null) return null;
    const account = await this.ledger.open(tx, userId);
    const of = account.history.find((line) => line.id === deferralId);
    if (of === undefined) return null;
    const anchorAt = await this.mode.anchorOf(userId, tx);
    return this.appendUnlessEmpty(tx, account, { kind: 'deferral', of, lengthMs, anchorAt });
  }

  /** How much of an entry's own days is still ahead, by how many lines of its ledger, and which conversion they reward, if one; nothing of an unknown entry. */
  async leftOf(
    db: Queryable,
    entryId: string,
  ): Promise<{ lengthMs: number; conversionId: string | null; lines: number }> {
    const userId = await this.ownerOf(db, entryId);
    const lines = userId === null ? [] : await this.ledger.history(db, userId);
    const own = replay(lines).pieces.filter((piece) => piece.lineId === entryId);
    return {
      lengthMs: aheadOf(own, this.clock.now().getTime()),
      conversionId: lines.find((line) => line.id === entryId)?.conversionId ?? null,
      lines: lines.length,
    };
  }

  /** Whether the reward that an entry belongs to stands revoked; false for an unknown entry. */
  async isRevoked(db: Queryable, entryId: string): Promise<boolean> {
    const userId = await this.ownerOf(db, entryId);
    if (userId === null) return false;
    const owner = replay(await this.ledger.history(db, userId)).owners.get(entryId) ?? '';
    const accounts = (await rewardLinesOf(db, entryId)).map((line) => line.userId);
    for (const accountId of new Set([userId, ...accounts]))
      if (replay(await this.ledger.history(db, accountId)).revoked.has(owner)) return true;
    return false;
  }

  private async appendUnlessEmpty(tx: Tx, account: OpenAccount, draft: Draft): Promise<LedgerLine | null> {
    const { line } = nextLine(account, 'a deferral', draft);
    if (lengthOf(account.balance, line) === 0) return null;
    const written = await this.ledger.append(tx, account, draft);
    await this.settle(tx, account.userId);
    return written;
  }

  /** Days that are ahead again go where they belong: to nobody where what they rewarded stands revoked. */
  private async settle(tx: Tx, accountId: string): Promise<void> {
    await this.finishRevocations(tx, accountId);
    for (const userId of await this.ledger.bringHome(tx, [accountId]))
      await this.finishRevocations(tx, userId);
  }

  /** What came back to a reward that stands revoked is taken as well. */
  private async finishRevocations(tx: Tx, userId: string): Promise<void> {
    for (;;) {
      const account = await this.ledger.open(tx, userId);
      const [unfinished] = unfinishedRevocations(account.balance, account.at.getTime());
      const of = account.history.find((line) => line.id === unfinished);
      if (of === undefined) return;
      await this.ledger.append(tx, account, { kind: of.kind, of });
    }
  }

  /** Whether days of `userId` may have to {@link follow} a paid period: cheap, without a lock. */
  async mayMove(tx: Tx, userId: string): Promise<boolean> {
    if (!this.mode.overlays) return true;
    const rows: unknown[] = await tx.query(
      `SELECT 1 FROM credit.entry WHERE user_id = $1 AND anchor_at IS NOT NULL LIMIT 1`,
      [userId],
    );
    return rows.length > 0;
  }

  private async ownerOf(db: Queryable, entryId: string): Promise<string | null> {
    const rows = await db.query<{ user_id: string }>(`SELECT user_id FROM credit.entry WHERE id = $1`, [
      entryId,
    ]);
    return rows[0]?.user_id ?? null;
  }
}

/** Whether there are days ahead, and none of them runs now. */
function isWaiting({ balance, at }: OpenAccount): boolean {
  const first = balance.pieces.find((piece) => piece.until > at.getTime());
  return first !== undefined && first.from > at.getTime();
}
