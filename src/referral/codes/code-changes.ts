import { Injectable } from '@nestjs/common';
import { AuditLog, type Actor } from '../../platform/audit-log.js';
import { Clock } from '../../platform/clock.js';
import type { Tx } from '../../platform/database/tx.js';
import { addMs, dayMs } from '../../platform/durations.js';
import { DomainError } from '../../platform/errors.js';
import { CodeAliases } from './code-aliases.js';
import { parseVanityCode } from './referral-code.js';
import { ReferralCodesRepository } from './referral-codes.repository.js';
import type { ReferralCodeDto } from '../referral.dto.js';
import { ReferralCodes } from './referral-codes.js';

/** How long a retired code still works: links with it were shared. */
const graceDays = 90;
const maxChangesPerDay = 5;

/**
 * Changes of people's codes. A person who is given one keeps it for good: no other person ever gets
 * it.
 */
@Injectable()
export class CodeChanges {
  constructor(
    private readonly codes: ReferralCodes,
    private readonly repository: ReferralCodesRepository,
    private readonly aliases: CodeAliases,
    private readonly auditLog: AuditLog,
    private readonly clock: Clock,
  ) {}

  /**
   * Gives `userId` another code: the one they chose, or a new one for null. The old one works for
   * {@link graceDays} more. Their own code in another spelling is the code they have, as it is
   * written. Idempotent. Concurrent calls: of two people who want one code, one gets it. Errors:
   * `referral.code_taken`, `referral.code_refused`, `request.invalid`; `auth.too_many` after five
   * changes a day. `keyId`: the API key whose person token asked for it.
   */
  async changeCode(tx: Tx, userId: string, requestedCode: string | null, keyId?: string): Promise<string> {
    const vanityCode = requestedCode === null ? null : parseVanityCode(requestedCode);
    await this.repository.lockChanges(tx, userId);
    const stored = vanityCode === null ? null : await this.codes.stored(tx, vanityCode);
    if (stored?.userId === userId && stored.isCurrent) return stored.code;
    await this.enforceDailyLimit(tx, userId);
    const now = this.clock.now();
    await this.repository.retire(tx, userId, { at: now, worksUntil: addMs(now, graceDays * dayMs) });
    const code =
      vanityCode === null
        ? await this.codes.assignIfMissing(tx, userId)
        : await this.claimVanityCode(tx, userId, stored?.code ?? vanityCode);
    this.auditLog.record(tx, {
      action: 'referral.code_changed',
      actor: { kind: 'user', id: userId },
      subjectId: userId,
      // a chosen code may be a name: it is stored where it can be erased
      details: { vanity: vanityCode !== null, ...(keyId === undefined ? {} : { keyId }) },
    });
    return code;
  }

  /** All codes of `userId`, the present one first, then the newest. */
  async listCodes(userId: string): Promise<ReferralCodeDto[]> {
    const rows = await this.repository.listByUser(userId);
    return rows.map((row) => ({
      code: row.code,
      kind: row.kind,
      current: row.retired_at === null,
      createdAt: row.created_at,
      worksUntil: row.works_until,
      blocked: row.blocked_at !== null,
    }));
  }

  /**
   * Stops a code (in any spelling) at once, or lets it work again. Idempotent: nothing happens.
   * Errors: `request.not_found`.
   */
  async setBlocked(
    tx: Tx,
    code: string,
    isBlocked: boolean,
    by: { actor: Actor; noteId: string },
  ): Promise<void> {
    const stored = await this.codes.stored(tx, code);
    const changed = await this.repository.setBlocked(tx, stored?.code, isBlocked, this.clock.now());
    if (changed === null) throw new DomainError('request.not_found', { detail: 'No such code.' });
    this.auditLog.record(tx, {
      action: isBlocked ? 'referral.code_blocked' : 'referral.code_unblocked',
      actor: by.actor,
      subjectId: changed.user_id,
      details: changed.kind === 'random' ? { code: changed.code } : {},
      noteId: by.noteId,
    });
  }

  /** One's own code from before is taken up again; anybody else's is theirs for good. */
  private async claimVanityCode(tx: Tx, userId: string, code: string): Promise<string> {
    await this.aliases.lockKeys(tx, [code]);
    if (await this.aliases.isAliasOfAnother(tx, code, userId)) throw codeTakenError();
    if (await this.repository.insertVanity(tx, { code, userId, at: this.clock.now() })) {
      // an erasure that this insert waited for is seen by a later statement only
      if (await this.repository.wasErased(tx, code)) throw codeTakenError();
      return code;
    }
    if (await this.repository.reactivate(tx, code, userId)) return code;
    throw codeTakenError();
  }

  private async enforceDailyLimit(tx: Tx, userId: string): Promise<void> {
    const since = addMs(this.clock.now(), -dayMs);
    const done = await this.auditLog.find(tx, {
      subjectId: userId,
      action: 'referral.code_changed',
      limit: maxChangesPerDay,
    });
    const first = done.filter(({ at }) => at > since).at(-1);
    if (first === undefined || done.length < maxChangesPerDay || done.some(({ at }) => at <= since)) return;
    throw new DomainError('auth.too_many', {
      detail: 'You can change your code five times a day.',
      retryAfterSeconds: Math.ceil((first.at.getTime() - since.getTime()) / 1000),
    });
  }
}

function codeTakenError(): DomainError {
  return new DomainError('referral.code_taken', {
    detail: 'That code is taken, or too similar to another one. Please choose another.',
  });
}
