import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import type { Queryable, Tx } from '../platform/database/tx.js';
import { newId } from '../platform/ids.js';
import type { LedgerLine, LineKind, Side } from './ledger-line.js';
import { applyLine, lengthOf, replay } from './replay.js';
import { lineOf, type LineRow } from './ledger-row.js';

/** A grant to append: who, how long, and what for. */
export interface NewGrant {
  userId: string;
  kind: LineKind;
  lengthMs: number;
  reward?: { conversionId: string; referralId: string; side: Side };
  noteId?: string;
}

/** A line to append that takes from, or gives back to, what an earlier line granted. */
export interface NewTurn {
  of: LedgerLine;
  kind: 'reversal' | 'admin_revoke' | 'restoration';
  noteId?: string;
}

/**
 * The append-only ledger. Every line is written under the lock of its account, with the clock read after
 * the lock, so that lines of one account are in one order and `account.until` is always their fold.
 */
@Injectable()
export class CreditLedger {
  constructor(private readonly clock: Clock) {}

  /** Locks the accounts of `userIds` in one sorted statement. Call it before {@link grant}, in a statement of its own. */
  async lock(tx: Tx, userIds: string[]): Promise<void> {
    await tx.query(
      `SELECT 1 FROM credit.account WHERE user_id = ANY($1) ORDER BY user_id FOR NO KEY UPDATE`,
      [userIds],
    );
  }

  /**
   * Appends grants to accounts that are locked, one an account. A user without an account is left out.
   * Everything here is relative to the locked row, so account and entry are one statement.
   */
  async grant(tx: Tx, grants: NewGrant[]): Promise<LedgerLine[]> {
    const rows: LineRow[] = await tx.query(
      `WITH due AS (
         SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::uuid[], $6::uuid[], $7::text[], $8::uuid[])
           AS g(id, user_id, kind, length_ms, conversion_id, referral_id, side, note_id)
       ), moved AS (
         UPDATE credit.account a SET last_seq = a.last_seq + 1, last_at = GREATEST($9::timestamptz, a.last_at),
           until = GREATEST($9::timestamptz, a.last_at, a.until) + credit.milliseconds(due.length_ms)
         FROM due WHERE a.user_id = due.user_id
         RETURNING a.user_id, a.last_seq, a.last_at, a.until
       )
       INSERT INTO credit.entry (id, user_id, seq, at, kind, length_ms, until_after, conversion_id, referral_id, side, turn, note_id)
       SELECT due.id, user_id, moved.last_seq, moved.last_at, due.kind, due.length_ms, moved.until, due.conversion_id,
              due.referral_id, due.side, CASE WHEN due.side IS NULL THEN NULL ELSE 0 END, due.note_id
       FROM due JOIN moved USING (user_id)
       RETURNING *`,
      columnsOf(grants, this.clock),
    );
    return rows.map(lineOf);
  }

  /** Appends a line that acts on an earlier one; its length is what the account's replay says. */
  async turn(tx: Tx, turn: NewTurn): Promise<LedgerLine> {
    const { userId } = turn.of;
    await this.lock(tx, [userId]);
    const history = await this.history(tx, userId);
    const before = replay(history);
    const last = history.at(-1);
    const line: LedgerLine = {
      id: newId(this.clock),
      userId,
      kind: turn.kind,
      lengthMs: 0,
      untilAfter: null,
      seq: (last?.seq ?? 0) + 1,
      at: new Date(Math.max(this.clock.now().getTime(), last?.at.getTime() ?? 0)),
      conversionId: turn.of.conversionId,
      side: turn.of.side,
      referralId: turn.of.referralId,
      turn: turn.of.conversionId === null ? null : nextTurn(history, turn.of),
      reversesEntryId: turn.of.id,
      noteId: turn.noteId ?? null,
    };
    const until = applyLine(before, line).until;
    return this.append(tx, {
      ...line,
      lengthMs: lengthOf(before, line),
      untilAfter: until === null ? null : new Date(until),
    });
  }

  /** All lines of one account, oldest first. */
  async history(db: Queryable, userId: string): Promise<LedgerLine[]> {
    const rows = await db.query<LineRow>(`SELECT * FROM credit.entry WHERE user_id = $1 ORDER BY seq`, [
      userId,
    ]);
    return rows.map(lineOf);
  }

  private async append(tx: Tx, line: LedgerLine): Promise<LedgerLine> {
    await tx.query(`UPDATE credit.account SET last_seq = $2, last_at = $3, until = $4 WHERE user_id = $1`, [
      line.userId,
      line.seq,
      line.at,
      line.untilAfter,
    ]);
    await tx.query(
      `INSERT INTO credit.entry (id, user_id, seq, at, kind, length_ms, until_after, conversion_id, referral_id, side, turn, reverses_entry_id, note_id)
       VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13)`,
      [
        line.id,
        line.userId,
        line.seq,
        line.at,
        line.kind,
        line.lengthMs,
        line.untilAfter,
        line.conversionId,
        line.referralId,
        line.side,
        line.turn,
        line.reversesEntryId,
        line.noteId,
      ],
    );
    return line;
  }
}

function nextTurn(history: LedgerLine[], of: LedgerLine): number {
  const turns = history.filter((line) => line.conversionId === of.conversionId && line.side === of.side);
  return Math.max(...turns.map((line) => line.turn ?? 0)) + 1;
}

function columnsOf(grants: NewGrant[], clock: Clock): unknown[] {
  return [
    grants.map(() => newId(clock)),
    grants.map((grant) => grant.userId),
    grants.map((grant) => grant.kind),
    grants.map((grant) => grant.lengthMs),
    grants.map((grant) => grant.reward?.conversionId ?? null),
    grants.map((grant) => grant.reward?.referralId ?? null),
    grants.map((grant) => grant.reward?.side ?? null),
    grants.map((grant) => grant.noteId ?? null),
    clock.now(),
  ];
}
