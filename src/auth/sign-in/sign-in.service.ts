import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import type { Tx } from '../../platform/database/tx.js';
import { DomainError } from '../../platform/errors.js';
import type { Principal } from '../../platform/security/principal.js';
import { FormerMailboxes } from '../profile/former-mailboxes.js';
import { SessionService, type OpenedSession } from '../sessions/session.service.js';
import type { User } from '../users/users.repository.js';
import { CodeVerification, type SubmittedCode, type VerifiedCode } from './code-verification.js';
import type { Requester, ClientInfo } from './requester.js';
import { SignUpService, type SignUp } from './sign-up.service.js';

/** A person who is signed in from now on. */
export interface SignInResult extends OpenedSession {
  user: User;
}

/** Turns a right code into a session, and a new address into a user. */
@Injectable()
export class SignInService {
  constructor(
    private readonly codes: CodeVerification,
    private readonly mailboxes: FormerMailboxes,
    private readonly signUpService: SignUpService,
    private readonly sessionService: SessionService,
    private readonly database: Database,
  ) {}

  /**
   * Signs in with a code: the code is used up, the user and their referral are made when the
   * address is new, and the session is opened, all of it or nothing. A new user gets `timeZone`.
   * Errors: see {@link CodeVerification.verify}. Concurrent calls: one of many tries with the right
   * code wins, the others find it used.
   */
  async signIn(
    submitted: SubmittedCode & { timeZone?: string | null },
    clientInfo: ClientInfo,
    requester: Requester,
  ): Promise<SignInResult> {
    const verified = await this.codes.verify(submitted, requester);
    const { isNew, ...result } = await this.database.transaction((tx) =>
      this.openSession(tx, { ...verified, timeZone: submitted.timeZone ?? null }, clientInfo),
    );
    // where that is not possible now, the next sign-in does it
    if (!isNew) await this.mailboxes.recordMissing(verified.email).catch(ignoreUnavailable);
    return result;
  }

  /**
   * Proves the address of a session again: the code is used up, and a new session takes the place
   * of the one in this browser.
   * Errors: see {@link CodeVerification.verify}; a code of another address is answered as unknown.
   */
  async signInAgain(
    submitted: SubmittedCode,
    { userId, email }: Pick<Principal, 'userId' | 'email'>,
    clientInfo: ClientInfo,
    requester: Requester,
  ): Promise<OpenedSession> {
    const verified = await this.codes.verify(submitted, requester, email);
    return this.database.transaction(async (tx) => {
      await this.codes.consume(tx, verified);
      return this.sessionService.open(tx, { userId, isNew: false, provesEmail: true }, clientInfo);
    });
  }

  private async openSession(
    tx: Tx,
    verified: VerifiedCode & Pick<SignUp, 'timeZone'>,
    clientInfo: ClientInfo,
  ): Promise<SignInResult & { isNew: boolean }> {
    const { email, referralCode, locale, timeZone, campaign } = verified;
    // on their way together: no user is created by a code that was used meanwhile, since all of it
    // is taken back
    const [, { user, isNew }] = await Promise.all([
      this.codes.consume(tx, verified),
      this.signUpService.findOrCreate(tx, { email, referralCode, clientInfo, locale, timeZone, campaign }),
    ]);
    const session = await this.sessionService.open(
      tx,
      { userId: user.id, isNew, provesEmail: true },
      clientInfo,
    );
    return { ...session, user, isNew };
  }
}

function ignoreUnavailable(error: unknown): void {
  if (!(error instanceof DomainError) || error.code !== 'platform.unavailable') throw error;
}
