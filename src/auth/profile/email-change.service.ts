import { Injectable } from '@nestjs/common';
import { CapturedEmailsRepository, type SealedEmailChange } from '../../notifications/index.js';
import { AuditLog, type Actor } from '../../platform/audit-log.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { violatesConstraint } from '../../platform/database/sqlstate.js';
import type { Tx } from '../../platform/database/tx.js';
import { addMs, minuteMs } from '../../platform/durations.js';
import type { EmailAddress } from '../../platform/email-address.js';
import { DomainError } from '../../platform/errors.js';
import { newId } from '../../platform/ids.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import type { Principal } from '../../platform/security/principal.js';
import { Secrets } from '../../platform/security/secrets.js';
import type { EmailChanged } from '../auth.events.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import { ChallengesRepository } from '../sign-in/challenges.repository.js';
import { CodeVerification, type SubmittedCode, type VerifiedCode } from '../sign-in/code-verification.js';
import type { Requester } from '../sign-in/requester.js';
import { UsersRepository, type User } from '../users/users.repository.js';
import { FormerMailboxes } from './former-mailboxes.js';

/** Whose address is changed, by whom, and which session stays open. */
export interface EmailChangeRequest {
  user: Pick<User, 'id' | 'email' | 'locale'>;
  keptSessionId: string | null;
  by: Actor;
}

/** Announces changes of address, so that a user whose mailbox was taken over is warned. */
@Injectable()
export class EmailChangePublisher {
  constructor(
    private readonly outbox: Outbox,
    private readonly auditLog: AuditLog,
    private readonly secrets: Secrets,
    private readonly capturedEmails: CapturedEmailsRepository,
    private readonly clock: Clock,
  ) {}

  /**
   * Writes the audit entry and publishes `auth.email_changed`; its handler emails the old address.
   * Captured emails to it are deleted.
   */
  async publish(tx: Tx, { user, by }: EmailChangeRequest, newEmail: string): Promise<void> {
    const addresses: SealedEmailChange = { oldEmail: user.email, newEmail, locale: user.locale };
    const event: EmailChanged = {
      name: 'auth.email_changed',
      userId: user.id,
      changeId: newId(this.clock),
      sealed: this.secrets.seal('sealed_event', JSON.stringify(addresses)),
    };
    // an erasure later knows only the new address
    await this.capturedEmails.deleteByRecipient(tx, user.email);
    this.auditLog.record(tx, { action: 'auth.email_changed', actor: by, subjectId: user.id });
    this.outbox.publish(tx, event);
  }
}

/** Gives an account an address that was proven, and ends what the old one opened. */
@Injectable()
export class EmailChanger {
  constructor(
    private readonly formerMailboxes: FormerMailboxes,
    private readonly usersRepository: UsersRepository,
    private readonly sessions: SessionsRepository,
    private readonly challenges: ChallengesRepository,
    private readonly publisher: EmailChangePublisher,
  ) {}

  /**
   * Errors: `auth.email_taken`; `auth.fresh_sign_in_needed` when the user has another address by
   * now.
   */
  async apply(tx: Tx, request: EmailChangeRequest, newEmail: EmailAddress): Promise<void> {
    const { id: userId, email } = request.user;
    await this.formerMailboxes.recordChange(tx, { userId, email }, newEmail);
    await this.updateEmail(tx, request.user, newEmail);
    await this.sessions.revokeAll(tx, userId, request.keptSessionId);
    await this.challenges.deleteByEmail(tx, email); // its codes open this account no more
    await this.publisher.publish(tx, request, newEmail);
  }

  /**
   * Only while the account still has the address that was proven: another change, or an erasure,
   * may have been first.
   */
  private async updateEmail(
    tx: Tx,
    { id, email }: EmailChangeRequest['user'],
    newEmail: EmailAddress,
  ): Promise<void> {
    try {
      if (await this.usersRepository.updateEmail(tx, id, { from: email, to: newEmail })) return;
    } catch (error) {
      if (violatesConstraint(error, 'user_email_is_unique')) throw new DomainError('auth.email_taken');
      throw error;
    }
    throw new DomainError('auth.fresh_sign_in_needed', {
      text: { key: 'emailChange.problem.changedMeanwhile' },
    });
  }
}

const recentSignInMs = 15 * minuteMs;

/**
 * A code sent to the new address and, where the session is not recent, one sent to the present
 * address.
 */
export interface EmailChangeCodes {
  newAddress: SubmittedCode;
  currentAddress: SubmittedCode | null;
}

/** Moves an account to another address, once the owner has proven both. */
@Injectable()
export class EmailChangeService {
  constructor(
    private readonly codes: CodeVerification,
    private readonly emailChanger: EmailChanger,
    private readonly sessions: SessionsRepository,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Changes the address of `me` to the one that `submitted.newAddress` was sent to. The present
   * address is proven by `submitted.currentAddress`, or by having signed in with a code within 15
   * minutes. Other devices are signed out. Answers the address that was proven.
   * Errors: `auth.fresh_sign_in_needed`; those of {@link CodeVerification.verify};
   * `auth.email_taken`, which only a person learns who can read that mailbox.
   */
  async change(me: Principal, submitted: EmailChangeCodes, requester: Requester): Promise<EmailAddress> {
    const current = await this.verifyCurrentEmail(me, submitted.currentAddress, requester);
    const next = await this.codes.verify(submitted.newAddress, requester);
    await this.database.transaction(async (tx) => {
      if (current !== null) await this.codes.consume(tx, current);
      await this.codes.consume(tx, next);
      if (next.email !== me.email) await this.emailChanger.apply(tx, requestOf(me), next.email);
    });
    return next.email;
  }

  /** Whether this session is new enough to speak for the present address; else a code has to. */
  isRecentSignIn(me: Principal): Promise<boolean> {
    return this.sessions.wasOpenedByCodeSince(me.sessionId, addMs(this.clock.now(), -recentSignInMs));
  }

  private async verifyCurrentEmail(
    me: Principal,
    given: SubmittedCode | null,
    requester: Requester,
  ): Promise<VerifiedCode | null> {
    if (given === null) {
      if (await this.isRecentSignIn(me)) return null;
      throw new DomainError('auth.fresh_sign_in_needed', {
        text: { key: 'emailChange.problem.confirmCurrent' },
        detail:
          'Sign in again, or send a code for your current address as currentChallengeId and currentCode.',
      });
    }
    return this.codes.verify(given, requester, me.email);
  }
}

function requestOf({ userId, sessionId, email, locale }: Principal): EmailChangeRequest {
  return {
    user: { id: userId, email, locale },
    keptSessionId: sessionId,
    by: { kind: 'user', id: userId },
  };
}
