import { Injectable } from '@nestjs/common';
import { Audit, type Actor } from '../platform/audit.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { forEachKey } from '../platform/database/for-each-key.js';
import { Gathered } from '../platform/database/gathered.js';
import type { Queryable, Tx } from '../platform/database/tx.js';
import { after, dayMs } from '../platform/durations.js';
import { DomainError } from '../platform/errors.js';
import { Outbox } from '../platform/outbox.js';
import { accountsOfPerson } from '../platform/persons.js';
import type { CreditGranted } from './credit.events.js';
import { CreditLedger } from './credit-ledger.js';
import { isGrant, type LedgerLine, type Side } from './ledger-line.js';
import { lineOf, type LineRow } from './ledger-row.js';
import { aheadOf } from './pieces.js';
import { replay } from './replay.js';

/** The reward of one side of a conversion. */
export interface Reward {
  side: Side;
  userId: string;
  days: number;
}

/** A grant or revocation by a person, with the words that explain it. */
export interface Decision {
  reason: string;
  actor: Actor;
}

const endsByUser = forEachKey('uuid', `SELECT until FROM credit.account WHERE user_id = asked.key`);

/** The door to credit: days of access that somebody has been given, and what became of them. */
@Injectable()
export class CreditService {
  private readonly ends = new Gathered((userIds) => this.endsOf(userIds));

  constructor(
    private readonly ledger: CreditLedger,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Grants the rewards of a conversion, at most one entry a side. A person without an account is left out.
   * Again: refused by the constraint `credit_entry_once_per_side`; the caller asks only for a new conversion.
   */
  async grantRewards(
    tx: Tx,
    of: { conversionId: string; referralId: string },
    rewards: Reward[],
  ): Promise<LedgerLine[]> {
    const grants = rewards.map(({ side, userId, days }) => ({
      userId,
      kind: `referral_${side}` as const,
      lengthMs: days * dayMs,
      reward: { ...of, side },
    }));
    return this.ledger.grant(tx, grants);
  }

  /** Takes back what both sides of a conversion have not used yet. Answers the lines written; none for an unrewarded side. */
  reverseRewards(tx: Tx, conversionId: string): Promise<LedgerLine[]> {
    return this.turnRewards(tx, conversionId, 'reversal');
  }

  /** Gives both sides of a conversion, or only the named ones, back what the last reversal took. */
  restoreRewards(tx: Tx, conversionId: string, sides?: readonly Side[]): Promise<LedgerLine[]> {
    return this.turnRewards(tx, conversionId, 'restoration', sides);
  }

  /** Locks the accounts of people, sorted, before anything is decided that depends on more than one of them. */
  lock(tx: Tx, userIds: string[]): Promise<void> {
    return this.ledger.lock(tx, userIds);
  }

  /** What the lines of a conversion add up to on each side, in milliseconds. */
  async netOf(tx: Tx, conversionId: string): Promise<Map<Side, number>> {
    const rows: { side: Side; net: string }[] = await tx.query(
      `SELECT side, sum(length_ms) AS net FROM credit.entry WHERE conversion_id = $1 GROUP BY side`,
      [conversionId],
    );
    return new Map(rows.map(({ side, net }) => [side, Number(net)]));
  }

  /** Grants days for a milestone; null for a person without an account. */
  async grantMilestone(tx: Tx, userId: string, days: number): Promise<LedgerLine | null> {
    const [line] = await this.ledger.grant(tx, [{ userId, kind: 'milestone', lengthMs: days * dayMs }]);
    return line ?? null;
  }

  /** Takes back what is left of a grant outside conversions, or gives it back. `entryId`: the line that did either last. */
  async turnGrant(tx: Tx, entryId: string, kind: 'reversal' | 'restoration'): Promise<LedgerLine> {
    const [of] = await this.lines(tx, `id = $1`, entryId);
    if (of === undefined) throw new Error(`There is no credit entry ${entryId}`);
    await this.ledger.lock(tx, [of.userId]);
    return this.ledger.turn(tx, {
      of: kind === 'reversal' ? await this.ledger.presentLineOf(tx, of) : of,
      kind,
    });
  }

  /** How much of an account's credit lies ahead, in milliseconds; 0 for an unknown one. */
  async aheadOf(db: Queryable, userId: string): Promise<number> {
    const { pieces } = replay(await this.ledger.history(db, userId));
    return aheadOf(pieces, this.clock.now().getTime());
  }

  /** Brings the days that are left in accounts that were just merged, or are again apart, to whom they belong now. */
  async bringHome(tx: Tx, userIds: string[]): Promise<void> {
    await this.ledger.lock(tx, userIds);
    await this.ledger.bringHome(tx, userIds);
  }

  /** Grants days by hand. Errors: `request.not_found` for an unknown user. */
  grantByHand(tx: Tx, userId: string, days: number, decision: Decision): Promise<LedgerLine> {
    return this.give(tx, { userId, kind: 'admin_grant', days }, decision);
  }

  /** Grants days where money would have gone back. Errors: `request.not_found` for an unknown user. */
  grantInsteadOfRefund(tx: Tx, userId: string, days: number, decision: Decision): Promise<LedgerLine> {
    return this.give(tx, { userId, kind: 'refund_as_credit', days }, decision);
  }

  /**
   * Takes back what is left of one grant, in whichever account of its owner it is. Again: answers the revocation that was
   * written first.
   * Errors: `request.not_found`; `credit.not_revocable` for a line that is not a grant.
   */
  async revokeByHand(tx: Tx, entryId: string, decision: Decision): Promise<LedgerLine> {
    const [entry] = await this.lines(
      tx,
      `id = (SELECT coalesce(root_id, id) FROM credit.entry WHERE id = $1)`,
      entryId,
    );
    if (entry === undefined) throw new DomainError('request.not_found', { detail: 'No such credit entry.' });
    if (!isGrant(entry.kind))
      throw new DomainError('credit.not_revocable', {
        detail: `Only a grant can be revoked; this is a ${entry.kind}.`,
      });
    await this.ledger.lock(tx, [entry.userId]);
    const [earlier] = await this.lines(
      tx,
      `kind = 'admin_revoke' AND reverses_entry_id IN (SELECT $1::uuid UNION SELECT id FROM credit.entry WHERE root_id = $1)`,
      entry.id,
    );
    if (earlier !== undefined) return earlier;
    const noteId = await this.audit.note(tx, decision.reason, entry.userId);
    const of = await this.ledger.presentLineOf(tx, entry);
    const line = await this.ledger.turn(tx, { of, kind: 'admin_revoke', noteId });
    await this.record(tx, 'credit.revoked', line, decision.actor);
    return line;
  }

  /** Until when a user's credit reaches; null when they never had any. */
  async creditUntil(userId: string): Promise<Date | null> {
    return (await this.ends.find(userId)) ?? null;
  }

  private async endsOf(userIds: string[]): Promise<Map<string, Date | null>> {
    const rows = await this.database.lookUps.query<{ askedFor: string; until: Date | null }>(endsByUser, [
      JSON.stringify(userIds),
    ]);
    return new Map(rows.map(({ askedFor, until }) => [askedFor, until]));
  }

  /** Accounts whose credit ends in the next `days`, soonest first, after `last`; at most `limit`. */
  async endingWithin(
    days: number,
    last: { userId: string; until: Date } | null,
    limit: number,
  ): Promise<{ userId: string; until: Date }[]> {
    const now = this.clock.now();
    return this.database.query(
      `SELECT user_id AS "userId", until FROM credit.account
       WHERE until > $1 AND until <= $2 AND ($3::timestamptz IS NULL OR (until, user_id) > ($3, $4))
       ORDER BY until, user_id LIMIT $5`,
      [now, after(now, days * dayMs), last?.until ?? null, last?.userId ?? null, limit],
    );
  }

  /** What `userId` earned on `side` of referrals in all their accounts, by referral: net days, when first, and whether the credit stands. */
  async earningsOf(
    userId: string,
    side: Side,
  ): Promise<Map<string, { days: number; creditedAt: Date; stands: boolean }>> {
    const rows = await this.database.lookUps.query<{
      referral_id: string;
      days: string;
      credited_at: Date;
      kind: string;
    }>(
      `SELECT referral_id, sum(length_ms) / ${dayMs} AS days, min(at) AS credited_at, (array_agg(kind ORDER BY turn DESC))[1] AS kind
       FROM credit.entry WHERE user_id = ANY(${accountsOfPerson('$1')}) AND side = $2 GROUP BY referral_id`,
      [userId, side],
    );
    const taken = new Set(['reversal', 'admin_revoke']);
    return new Map(
      rows.map((row) => [
        row.referral_id,
        { days: Number(row.days), creditedAt: row.credited_at, stands: !taken.has(row.kind) },
      ]),
    );
  }

  private async give(
    tx: Tx,
    { userId, kind, days }: { userId: string; kind: 'admin_grant' | 'refund_as_credit'; days: number },
    decision: Decision,
  ): Promise<LedgerLine> {
    await this.ledger.lock(tx, [userId]);
    const noteId = await this.audit.note(tx, decision.reason, userId);
    const [line] = await this.ledger.grant(tx, [{ userId, kind, lengthMs: days * dayMs, noteId }]);
    if (line === undefined || line.untilAfter === null)
      throw new DomainError('request.not_found', { detail: 'No such user.' });
    await this.record(tx, 'credit.granted', line, decision.actor);
    const event: CreditGranted = {
      name: 'credit.granted',
      entryId: line.id,
      userId,
      days,
      until: line.untilAfter.toISOString(),
    };
    await this.outbox.publish(tx, event);
    return line;
  }

  private async turnRewards(
    tx: Tx,
    conversionId: string,
    kind: 'reversal' | 'restoration',
    sides: readonly Side[] = ['referrer', 'referred'],
  ): Promise<LedgerLine[]> {
    const lines = await this.lines(tx, `conversion_id = $1 ORDER BY user_id, seq`, conversionId);
    await this.ledger.lock(
      tx,
      lines.map((line) => line.userId),
    );
    const latest = new Map(
      (await this.lines(tx, `conversion_id = $1 ORDER BY turn`, conversionId)).map((line) => [
        line.side,
        line,
      ]),
    );
    const written: LedgerLine[] = [];
    for (const line of [...latest.values()].sort((a, b) => a.userId.localeCompare(b.userId))) {
      if (line.side === null || !sides.includes(line.side)) continue;
      const isTaken = line.kind === 'reversal' || line.kind === 'admin_revoke';
      if (kind === 'restoration' ? line.kind === 'reversal' : !isTaken)
        written.push(await this.ledger.turn(tx, { of: line, kind }));
    }
    return written;
  }

  private async lines(tx: Tx, where: string, parameter: string): Promise<LedgerLine[]> {
    const rows: LineRow[] = await tx.query(`SELECT * FROM credit.entry WHERE ${where}`, [parameter]);
    return rows.map(lineOf);
  }

  private async record(tx: Tx, action: string, line: LedgerLine, actor: Actor): Promise<void> {
    this.audit.record(tx, {
      action,
      actor,
      subjectId: line.userId,
      facts: { entryId: line.id, lengthMs: line.lengthMs, until: line.untilAfter?.toISOString() ?? null },
      ...(line.noteId === null ? {} : { noteId: line.noteId }),
    });
  }
}
