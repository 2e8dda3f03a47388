import { Injectable } from '@nestjs/common';
import type { AuthenticationResponseJSON } from '@simplewebauthn/server';
import { AuditLog } from '../../platform/audit-log.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import type { Tx } from '../../platform/database/tx.js';
import { addMs } from '../../platform/durations.js';
import { DomainError } from '../../platform/errors.js';
import { Log } from '../../platform/observability/logging/log.js';
import type { Principal } from '../../platform/security/principal.js';
import { Secrets } from '../../platform/security/secrets.js';
import { SessionService, type OpenedSession } from '../sessions/session.service.js';
import { SignInLimits } from '../sign-in/sign-in-limits.js';
import { authenticatorCodeLifetimeMs, findAuthenticatorPeriod } from './authenticator-codes.js';
import { Passkeys } from './passkeys.js';
import { normalizeRecoveryCode } from './recovery-codes.js';
import { type PasskeyCredential, SecondFactorsRepository } from './second-factors.repository.js';
import { WrongFactors } from './wrong-factors.js';

/**
 * What a person sends: a code of their app or a recovery code, as typed, or, unless it is empty,
 * what their browser made with a passkey, in JSON.
 */
export interface SubmittedFactor {
  code: string;
  passkey: string;
}

/** Proves second factors. Each proof counts once, whatever is sent at the same time. */
@Injectable()
export class SecondFactorService {
  // eslint-disable-next-line max-params -- three kinds of proof, each with its own rules
  constructor(
    private readonly factors: SecondFactorsRepository,
    private readonly passkeys: Passkeys,
    private readonly sessions: SessionService,
    private readonly limits: SignInLimits,
    private readonly wrongFactors: WrongFactors,
    private readonly secrets: Secrets,
    private readonly auditLog: AuditLog,
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /**
   * Proves a second factor of `me`, whose session gets a new token. Errors:
   * `auth.second_factor_wrong`; `auth.too_many`; `auth.required` for a session that has ended.
   */
  async prove(me: Principal, factor: SubmittedFactor): Promise<OpenedSession> {
    try {
      return await this.limits.limitSecondFactor(me.userId, () => this.proveOnce(me, factor));
    } catch (error) {
      if (error instanceof DomainError && error.code === 'auth.second_factor_wrong')
        await this.wrongFactors.record(me.userId);
      throw error;
    }
  }

  /**
   * Uses up a code of `secret`, which is the app of `userId`. Answers whether it was right and is
   * used for the first time.
   */
  async useAppCode(
    tx: Tx,
    { userId, secret }: { userId: string; secret: string },
    code: string,
  ): Promise<boolean> {
    const now = this.clock.now();
    const period = findAuthenticatorPeriod(secret, code, now);
    if (period === null) return false;
    return this.factors.useProof(tx, `app:${userId}:${period}`, addMs(now, authenticatorCodeLifetimeMs));
  }

  private proveOnce(me: Principal, { code, passkey }: SubmittedFactor): Promise<OpenedSession> {
    if (passkey !== '') return this.provePasskey(me, passkey);
    return this.database.transaction(async (tx) => {
      await this.useCode(tx, me.userId, code);
      return this.sessions.recordSecondFactor(tx, me.sessionId);
    });
  }

  private async useCode(tx: Tx, userId: string, typed: string): Promise<void> {
    const digits = typed.replaceAll(/\s/g, '');
    const isRight = /^\d{6}$/.test(digits)
      ? await this.useOwnAppCode(tx, userId, digits)
      : await this.useRecoveryCode(tx, userId, typed);
    if (!isRight) throw new DomainError('auth.second_factor_wrong');
  }

  private async useOwnAppCode(tx: Tx, userId: string, code: string): Promise<boolean> {
    const app = await this.factors.findApp(userId, tx);
    if (app === null) return false;
    const secret = this.secrets.open('authenticator_app', app.sealedSecret);
    if (secret === null)
      throw new Error('No SECRET_KEY can decrypt the secret of this authenticator app: reset it');
    return this.useAppCode(tx, { userId, secret }, code);
  }

  private async useRecoveryCode(tx: Tx, userId: string, typed: string): Promise<boolean> {
    const code = normalizeRecoveryCode(typed);
    if (code === null) return false;
    const hashes = this.secrets.hashes('recovery_code', `${userId}:${code}`);
    if (!(await this.factors.useRecoveryCode(tx, userId, hashes))) return false;
    this.auditLog.record(tx, {
      action: 'auth.recovery_code_used',
      actor: { kind: 'user', id: userId },
      subjectId: userId,
    });
    return true;
  }

  /** The challenge is used up first, so that it is gone whatever comes of the answer. */
  private async provePasskey(me: Principal, text: string): Promise<OpenedSession> {
    const answer = this.passkeys.readAnswer<AuthenticationResponseJSON>(me, 'prove', text);
    const isFirst = await this.database.transaction((tx) =>
      this.factors.useProof(tx, answer.challenge, answer.expiresAt),
    );
    const credentials = await this.factors.findCredentials(me.userId);
    const passkey = credentials.find(
      ({ credentialId }) => credentialId.toString('base64url') === answer.response.id,
    );
    if (!isFirst || passkey === undefined) throw new DomainError('auth.second_factor_wrong');
    const signCount = await this.passkeys.checkProof(answer, passkey);
    return this.openWithPasskey(me, passkey, signCount);
  }

  private async openWithPasskey(
    me: Principal,
    passkey: PasskeyCredential,
    signCount: number,
  ): Promise<OpenedSession> {
    const session = await this.database.transaction(async (tx) => {
      if (await this.factors.recordPasskeyUse(tx, passkey.id, signCount))
        return this.sessions.recordSecondFactor(tx, me.sessionId);
      this.auditLog.record(tx, {
        action: 'auth.passkey_copy_refused',
        actor: { kind: 'user', id: me.userId },
        subjectId: me.userId,
        details: { passkeyId: passkey.id },
      });
      return null;
    });
    if (session !== null) return session;
    this.log.alert('auth.passkey_copy_refused', { userId: me.userId, passkeyId: passkey.id });
    throw new DomainError('auth.second_factor_wrong');
  }
}
