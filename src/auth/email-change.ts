import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { violates } from '../platform/database/sqlstate.js';
import type { Tx } from '../platform/database/tx.js';
import { after, minuteMs } from '../platform/durations.js';
import type { EmailAddress } from '../platform/email-address.js';
import { DomainError } from '../platform/errors.js';
import type { Principal } from '../platform/http/principal.js';
import type { Asker } from './asker.js';
import { CodeChecks, type GivenCode, type RightCode } from './code-checks.js';
import { EmailNotices } from './email-notices.js';
import { MailboxMoves } from './mailbox-moves.js';

const freshSessionMs = 15 * minuteMs;

/** A code sent to the new address and, where the session is not fresh, one sent to the present address. */
export interface EmailProofs {
  next: GivenCode;
  current: GivenCode | null;
}

/** Moves an account to another address, once the owner has proven both. */
@Injectable()
export class EmailChange {
  constructor(
    private readonly codes: CodeChecks,
    private readonly notices: EmailNotices,
    private readonly mailboxes: MailboxMoves,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Changes the address of `me` to the one that `proofs.next` was sent to. The present address is proven by
   * `proofs.current`, or by having signed in within 15 minutes. Other devices are signed out. Answers the address that
   * was proven.
   * Errors: `auth.fresh_sign_in_needed`; those of {@link CodeChecks.check}; `auth.email_taken`, which only
   * somebody learns who can read that mailbox.
   */
  async change(me: Principal, proofs: EmailProofs, asker: Asker): Promise<EmailAddress> {
    const current = await this.proveCurrent(me, proofs.current, asker);
    const next = await this.codes.check(proofs.next, asker);
    await this.database.transaction(async (tx) => {
      if (current !== null) await this.codes.use(tx, current);
      await this.codes.use(tx, next);
      if (next.email !== me.email) await this.move(tx, me, next.email);
    });
    return next.email;
  }

  /** Whether this session is new enough to speak for the present address; else a code has to. */
  async isFresh(me: Principal): Promise<boolean> {
    const rows = await this.database.query(`SELECT 1 FROM auth.session WHERE id = $1 AND created_at >= $2`, [
      me.sessionId,
      after(this.clock.now(), -freshSessionMs),
    ]);
    return rows.length === 1;
  }

  private async proveCurrent(
    me: Principal,
    given: GivenCode | null,
    asker: Asker,
  ): Promise<RightCode | null> {
    if (given === null) {
      if (await this.isFresh(me)) return null;
      throw new DomainError('auth.fresh_sign_in_needed', {
        detail:
          'Sign in again, or send a code of your present address as currentChallengeId and currentCode.',
      });
    }
    return this.codes.check(given, asker, me.email);
  }

  private async move(tx: Tx, me: Principal, newEmail: EmailAddress): Promise<void> {
    await this.mailboxes.record(tx, me, newEmail);
    await this.replaceAddress(tx, me, newEmail);
    await tx.query(`DELETE FROM auth.session WHERE user_id = $1 AND id <> $2`, [me.userId, me.sessionId]);
    await tx.query(`DELETE FROM auth.challenge WHERE email = $1`, [me.email]); // its codes open this account no more
    await this.notices.announce(tx, me, newEmail);
  }
  /** Only while the account still has the address that was proven: another change, or an erasure, may have been first. */
  private async replaceAddress(tx: Tx, me: Principal, newEmail: EmailAddress): Promise<void> {
    try {
      const [, changed]: [unknown[], number] = await tx.query(
        `UPDATE auth."user" SET email = $3 WHERE id = $1 AND email = $2 AND erased_at IS NULL`,
        [me.userId, me.email, newEmail],
      );
      if (changed === 0)
        throw new DomainError('auth.fresh_sign_in_needed', {
          detail: 'The address of this account was changed meanwhile. Sign in again, then change it.',
        });
    } catch (error) {
      if (violates(error, 'user_email_is_unique')) throw new DomainError('auth.email_taken');
      throw error;
    }
  }
}
