import { Injectable } from '@nestjs/common';
import { Audit, type Actor } from '../../platform/audit.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import type { Tx } from '../../platform/database/tx.js';
import { after, dayMs } from '../../platform/durations.js';
import { DomainError } from '../../platform/errors.js';
import { chosenCode } from './chosen-code.js';
import { ErasedCodes } from './erased-codes.js';
import { ReferralCodes } from './referral-codes.js';

/** How long a code that was given up still works: links to it are out in the world. */
const graceDays = 90;
const changesADay = 5;

/** A code that somebody has or had. `worksUntil`: until when it works, where it was given up. Times are ISO 8601. */
export interface CodeView {
  code: string;
  kind: 'random' | 'chosen';
  current: boolean;
  createdAt: string;
  worksUntil: string | null;
  blocked: boolean;
}

/** Changes of people's codes. Whoever is given one keeps it for good: nobody else ever gets it. */
@Injectable()
export class CodeChanges {
  constructor(
    private readonly codes: ReferralCodes,
    private readonly erased: ErasedCodes,
    private readonly audit: Audit,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Gives `userId` another code: the one they chose, or a fresh one for null. The old one works for {@link graceDays} more.
   * Their own code in another spelling is the code they have, as it is written. Again: nothing changes. At once: of two people who want one code, one gets it.
   * Errors: `referral.code_taken`, `referral.code_refused`, `request.invalid`; `auth.too_many` after five changes a day.
   */
  async change(tx: Tx, userId: string, wanted: string | null): Promise<string> {
    const chosen = wanted === null ? null : chosenCode(wanted);
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 15))`, [userId]);
    const stored = chosen === null ? null : await this.codes.stored(tx, chosen);
    if (stored?.userId === userId && stored.isCurrent) return stored.code;
    await this.refuseSixth(tx, userId);
    const now = this.clock.now();
    await tx.query(
      `UPDATE referral.code SET retired_at = $2, works_until = $3 WHERE user_id = $1 AND retired_at IS NULL`,
      [userId, now, after(now, graceDays * dayMs)],
    );
    const code =
      chosen === null
        ? await this.codes.assignIfMissing(tx, userId)
        : await this.take(tx, userId, stored?.code ?? chosen);
    this.audit.record(tx, {
      action: 'referral.code_changed',
      actor: { kind: 'user', id: userId },
      subjectId: userId,
      facts: { chosen: chosen !== null }, // a chosen code may be a name: it stands where it can be erased
    });
    return code;
  }

  /** All codes of `userId`, the present one first, then the newest. */
  async history(userId: string): Promise<CodeView[]> {
    const rows = await this.database.query<{
      code: string;
      kind: CodeView['kind'];
      created_at: Date;
      retired_at: Date | null;
      works_until: Date | null;
      blocked_at: Date | null;
    }>(
      `SELECT * FROM referral.code WHERE user_id = $1 ORDER BY retired_at IS NULL DESC, created_at DESC, code`,
      [userId],
    );
    return rows.map((row) => ({
      code: row.code,
      kind: row.kind,
      current: row.retired_at === null,
      createdAt: row.created_at.toISOString(),
      worksUntil: row.works_until?.toISOString() ?? null,
      blocked: row.blocked_at !== null,
    }));
  }

  /** Stops a code (in any spelling) at once, or lets it work again. Again: nothing happens. Errors: `request.not_found`. */
  async block(tx: Tx, code: string, isBlocked: boolean, by: { actor: Actor; noteId: string }): Promise<void> {
    const stored = await this.codes.stored(tx, code);
    const [rows]: [{ code: string; user_id: string; kind: CodeView['kind'] }[], number] = await tx.query(
      `UPDATE referral.code SET blocked_at = CASE WHEN $2 THEN coalesce(blocked_at, $3) END WHERE code = $1 RETURNING code, user_id, kind`,
      [stored?.code, isBlocked, this.clock.now()],
    );
    if (rows[0] === undefined) throw new DomainError('request.not_found', { detail: 'No such code.' });
    this.audit.record(tx, {
      action: isBlocked ? 'referral.code_blocked' : 'referral.code_unblocked',
      actor: by.actor,
      subjectId: rows[0].user_id,
      facts: rows[0].kind === 'random' ? { code: rows[0].code } : {},
      noteId: by.noteId,
    });
  }

  /** One's own code from before is taken up again; anybody else's is theirs for good. */
  private async take(tx: Tx, userId: string, code: string): Promise<string> {
    if (await this.codes.insert(tx, { code, kind: 'chosen', userId })) {
      // an erasure that this insert waited for is seen by a later statement only
      if (await this.erased.includes(tx, code)) throw taken();
      return code;
    }
    const [, again]: [unknown[], number] = await tx.query(
      `UPDATE referral.code SET retired_at = NULL, works_until = NULL WHERE code = $1 AND user_id = $2 AND blocked_at IS NULL`,
      [code, userId],
    );
    if (again > 0) return code;
    throw taken();
  }

  private async refuseSixth(tx: Tx, userId: string): Promise<void> {
    const since = after(this.clock.now(), -dayMs);
    const done = await this.audit.find(tx, {
      subjectId: userId,
      action: 'referral.code_changed',
      limit: changesADay,
    });
    const first = done.filter(({ at }) => at > since).at(-1);
    if (first === undefined || done.length < changesADay || done.some(({ at }) => at <= since)) return;
    throw new DomainError('auth.too_many', {
      detail: 'Codes can be changed five times a day.',
      retryAfterSeconds: Math.ceil((first.at.getTime() - since.getTime()) / 1000),
    });
  }
}

function taken(): DomainError {
  return new DomainError('referral.code_taken', {
    detail: 'Somebody has that code, or one that it could be mistaken for. Please choose another.',
  });
}
