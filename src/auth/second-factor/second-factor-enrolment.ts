import { Inject, Injectable } from '@nestjs/common';
import type { RegistrationResponseJSON } from '@simplewebauthn/server';
import { AuditLog, type Actor } from '../../platform/audit-log.js';
import { Clock } from '../../platform/clock.js';
import { type Config, CONFIG } from '../../platform/config/config.js';
import { Database } from '../../platform/database/database.js';
import { violatesConstraint } from '../../platform/database/sqlstate.js';
import type { Tx } from '../../platform/database/tx.js';
import { addMs, minuteMs } from '../../platform/durations.js';
import { DomainError } from '../../platform/errors.js';
import { invalidField } from '../../platform/http/validation.js';
import { newId } from '../../platform/ids.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import type { Principal } from '../../platform/security/principal.js';
import { Secrets } from '../../platform/security/secrets.js';
import type { SecondFactorAdded, SecondFactorRemoved } from '../auth.events.js';
import { SessionService } from '../sessions/session.service.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import { SignInLimits } from '../sign-in/sign-in-limits.js';
import { newAuthenticatorSecret } from './authenticator-codes.js';
import { Passkeys } from './passkeys.js';
import { newRecoveryCodes, normalizeRecoveryCode } from './recovery-codes.js';
import { SecondFactorService } from './second-factor.service.js';
import { SecondFactorsRepository, type SecondFactors } from './second-factors.repository.js';

/** A factor that was added: the new token of the session, and the recovery codes of a first one. */
export interface AddedFactor {
  token: string;
  recoveryCodes: string[] | null;
}

/**
 * An app that waits for its first code. `sealed` is what its page sends back: it counts in the
 * session that began it only, and for ten minutes, so nothing is stored that another session could
 * have confirmed.
 */
export interface PendingApp {
  secret: string;
  sealed: string;
}

const pendingAppLifetimeMs = 10 * minuteMs;
/** A person has room for a key of each of their devices. */
const maxPasskeys = 20;

/** Adds and removes second factors. What asks for a proof before is the guard of the routes. */
@Injectable()
export class SecondFactorEnrolment {
  // eslint-disable-next-line max-params -- two kinds of factors, audited, emailed and sealed
  constructor(
    private readonly factors: SecondFactorsRepository,
    private readonly passkeys: Passkeys,
    private readonly secondFactor: SecondFactorService,
    private readonly sessions: SessionService,
    private readonly sessionsRepository: SessionsRepository,
    private readonly limits: SignInLimits,
    private readonly secrets: Secrets,
    private readonly auditLog: AuditLog,
    private readonly outbox: Outbox,
    private readonly database: Database,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** What `me` has. */
  find(me: Pick<Principal, 'userId'>): Promise<SecondFactors> {
    return this.factors.find(me.userId);
  }

  /**
   * A new app, which counts once {@link confirmApp} saw a code of it. Errors: `request.not_found`
   * for people who are not staff; `request.invalid` for who has an app.
   */
  async startApp(me: Pick<Principal, 'userId' | 'sessionId' | 'role'>): Promise<PendingApp> {
    requireStaff(me);
    if ((await this.factors.findApp(me.userId)) !== null)
      throw invalidField('app', 'secondFactor.problem.hasApp');
    const secret = newAuthenticatorSecret();
    const end = addMs(this.clock.now(), pendingAppLifetimeMs).getTime();
    const content = [me.sessionId, end, secret].join('|');
    return { secret, sealed: this.secrets.seal('pending_authenticator_app', content) };
  }

  /**
   * Opens what {@link startApp} sealed. Errors: `request.invalid` for what another session began,
   * or began too long ago.
   */
  openPendingApp(me: Pick<Principal, 'sessionId'>, sealed: string): PendingApp {
    const [sessionId, end, secret] = this.secrets.open('pending_authenticator_app', sealed)?.split('|') ?? [];
    if (secret === undefined || sessionId !== me.sessionId || !(Number(end) > this.clock.now().getTime()))
      throw invalidField('app', 'secondFactor.problem.expired');
    return { secret, sealed };
  }

  /**
   * Adds an app, once a code of it is right. Errors: `auth.second_factor_wrong`; `auth.too_many`;
   * as {@link startApp}.
   */
  async confirmApp(me: Principal, { secret }: PendingApp, code: string): Promise<AddedFactor> {
    requireStaff(me);
    return this.limits.limitSecondFactor(me.userId, () =>
      this.database.transaction((tx) => this.addApp(tx, me, secret, code.replaceAll(/\s/g, ''))),
    );
  }

  private async addApp(tx: Tx, me: Principal, secret: string, code: string): Promise<AddedFactor> {
    const { userId } = me;
    await this.factors.lock(tx, userId);
    this.requireProof(me, await this.factors.find(userId, tx));
    if (!(await this.secondFactor.useAppCode(tx, { userId, secret }, code)))
      throw new DomainError('auth.second_factor_wrong');
    const sealedSecret = this.secrets.seal('authenticator_app', secret);
    if (!(await this.factors.insertApp(tx, userId, sealedSecret)))
      throw invalidField('app', 'secondFactor.problem.hasApp');
    return this.recordAddition(tx, me, 'app');
  }

  /** What a browser needs to make a passkey. Errors: as {@link startApp}, for too many passkeys. */
  async startPasskey(me: Principal) {
    requireStaff(me);
    const credentials = await this.factors.findCredentials(me.userId);
    if (credentials.length >= maxPasskeys) throw invalidField('passkey', 'secondFactor.problem.tooMany');
    return this.passkeys.additionOptions(me, credentials);
  }

  /**
   * Adds a passkey by what a browser answered. Errors: `auth.second_factor_wrong`;
   * `auth.passkey_taken`; as {@link startPasskey}.
   */
  async addPasskey(
    me: Principal,
    { name, answer: text }: { name: string; answer: string },
  ): Promise<AddedFactor> {
    requireStaff(me);
    const answer = this.passkeys.readAnswer<RegistrationResponseJSON>(me, 'add', text);
    const passkey = await this.passkeys.checkAddition(answer);
    try {
      return await this.database.transaction(async (tx) => {
        await this.factors.lock(tx, me.userId);
        const factors = await this.factors.find(me.userId, tx);
        this.requireProof(me, factors);
        const { passkeys } = factors;
        if (passkeys.length >= maxPasskeys) throw invalidField('passkey', 'secondFactor.problem.tooMany');
        if (!(await this.factors.useProof(tx, answer.challenge, answer.expiresAt)))
          throw new DomainError('auth.second_factor_wrong');
        await this.factors.insertPasskey(tx, {
          ...{ id: newId(this.clock), userId: me.userId, name, createdAt: this.clock.now() },
          ...passkey,
        });
        return this.recordAddition(tx, me, 'passkey');
      });
    } catch (error) {
      if (violatesConstraint(error, 'passkey_credential_is_unique'))
        throw new DomainError('auth.passkey_taken');
      throw error;
    }
  }

  /** Removes a passkey of `me`. Errors: `request.not_found`; `auth.last_second_factor`. */
  async removePasskey(me: Principal, passkeyId: string): Promise<void> {
    await this.remove(me, 'passkey', async (tx) => {
      const name = await this.factors.deletePasskey(tx, me.userId, passkeyId);
      return name !== null;
    });
  }

  /** Removes the app of `me`. Errors: as {@link removePasskey}. */
  async removeApp(me: Principal): Promise<void> {
    await this.remove(me, 'app', (tx) => this.factors.deleteApp(tx, me.userId));
  }

  /**
   * New recovery codes, in place of all earlier ones. Errors: `request.not_found` without a factor.
   */
  async renewRecoveryCodes(me: Principal): Promise<string[]> {
    return this.database.transaction(async (tx) => {
      await this.factors.lock(tx, me.userId);
      if (!hasFactor(await this.factors.find(me.userId, tx))) throw new DomainError('request.not_found');
      this.auditLog.record(tx, {
        action: 'auth.recovery_codes_renewed',
        actor: { kind: 'user', id: me.userId },
        subjectId: me.userId,
      });
      return this.createRecoveryCodes(tx, me.userId);
    });
  }

  /**
   * Removes all factors of a person who lost them, and ends their sessions. Answers whether there
   * were any. Idempotent.
   */
  async reset(tx: Tx, userId: string, by: Actor): Promise<boolean> {
    await this.factors.lock(tx, userId);
    if (!hasFactor(await this.factors.find(userId, tx))) return false;
    await this.factors.deleteAll(tx, userId);
    await this.sessionsRepository.revokeAll(tx, userId);
    this.recordRemoval(tx, { userId, kind: 'all', by });
    return true;
  }

  private async remove(
    me: Principal,
    kind: 'passkey' | 'app',
    deleteFactor: (tx: Tx) => Promise<boolean>,
  ): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.factors.lock(tx, me.userId);
      if (!(await deleteFactor(tx))) throw new DomainError('request.not_found');
      const isLast = !hasFactor(await this.factors.find(me.userId, tx));
      if (isLast && this.config.staffSecondFactor === 'required' && me.role !== 'user')
        throw new DomainError('auth.last_second_factor');
      if (isLast) await this.factors.deleteAll(tx, me.userId); // recovery codes are for a factor
      // another session may have been proven by what was just removed
      await this.sessionsRepository.revokeAll(tx, me.userId, me.sessionId);
      this.recordRemoval(tx, { userId: me.userId, kind, by: { kind: 'user', id: me.userId } });
    });
  }

  /** A first factor may have been added by another session after the guard let this one pass. */
  private requireProof({ secondFactorAt }: Principal, factors: SecondFactors): void {
    if (secondFactorAt === null && hasFactor(factors)) throw new DomainError('auth.second_factor_required');
  }

  private async recordAddition(
    tx: Tx,
    { userId, sessionId }: Principal,
    kind: 'passkey' | 'app',
  ): Promise<AddedFactor> {
    const { recoveryCodesLeft } = await this.factors.find(userId, tx);
    const recoveryCodes = recoveryCodesLeft === 0 ? await this.createRecoveryCodes(tx, userId) : null;
    const { token } = await this.sessions.recordSecondFactor(tx, sessionId);
    this.auditLog.record(tx, {
      action: 'auth.second_factor_added',
      actor: { kind: 'user', id: userId },
      subjectId: userId,
      details: { kind },
    });
    const event: SecondFactorAdded = {
      name: 'auth.second_factor_added',
      ...{ userId, changeId: newId(this.clock), kind },
    };
    this.outbox.publish(tx, event);
    return { token, recoveryCodes };
  }

  private recordRemoval(
    tx: Tx,
    { userId, kind, by }: { userId: string; kind: SecondFactorRemoved['kind']; by: Actor },
  ): void {
    this.auditLog.record(tx, {
      action: 'auth.second_factor_removed',
      actor: by,
      subjectId: userId,
      details: { kind },
    });
    const event: SecondFactorRemoved = {
      name: 'auth.second_factor_removed',
      ...{ userId, changeId: newId(this.clock), kind },
    };
    this.outbox.publish(tx, event);
  }

  private async createRecoveryCodes(tx: Tx, userId: string): Promise<string[]> {
    const codes = newRecoveryCodes();
    const hashes = codes.map((code) =>
      this.secrets.hash('recovery_code', `${userId}:${normalizeRecoveryCode(code)}`),
    );
    await this.factors.replaceRecoveryCodes(tx, userId, hashes);
    return codes;
  }
}

function hasFactor({ passkeys, appSince }: SecondFactors): boolean {
  return passkeys.length > 0 || appSince !== null;
}

function requireStaff({ role }: Pick<Principal, 'role'>): void {
  if (role === 'user') throw new DomainError('request.not_found');
}
