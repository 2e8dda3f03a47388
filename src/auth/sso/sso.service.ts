import { Injectable } from '@nestjs/common';
import { AuditLog } from '../../platform/audit-log.js';
import { Database } from '../../platform/database/database.js';
import type { Tx } from '../../platform/database/tx.js';
import { DomainError } from '../../platform/errors.js';
import { ProfileService, type BrowserProfile } from '../profile/profile.service.js';
import { SessionService, type OpenedSession } from '../sessions/session.service.js';
import type { ClientInfo } from '../sign-in/requester.js';
import { SignInLimits } from '../sign-in/sign-in-limits.js';
import { ExternalPeopleRepository } from '../users/external-people.repository.js';
import { UsersRepository, type User } from '../users/users.repository.js';
import { SsoTokens, type SsoToken } from './sso-tokens.js';
import { UsedSsoTokensRepository } from './used-sso-tokens.repository.js';

/** An SSO link that may sign its person in, if it was not used before. */
export interface SsoLink {
  token: SsoToken;
  user: User;
}

/** Signs people of another product in, by links that the product has signed. */
@Injectable()
export class SsoService {
  // eslint-disable-next-line max-params -- a link is verified, counted, used up and audited
  constructor(
    private readonly tokens: SsoTokens,
    private readonly usedTokens: UsedSsoTokensRepository,
    private readonly people: ExternalPeopleRepository,
    private readonly usersRepository: UsersRepository,
    private readonly sessionService: SessionService,
    private readonly profileService: ProfileService,
    private readonly limits: SignInLimits,
    private readonly auditLog: AuditLog,
    private readonly database: Database,
  ) {}

  /**
   * Verifies a link, and finds its person. Nothing is used up. What is refused counts against the
   * network it comes from.
   * Errors: `request.not_found` where SSO is not configured; those of {@link SsoTokens.verify};
   * `auth.sso_refused` for an unknown person, `auth.sso_needs_code` for staff, `auth.too_many`.
   */
  async readLink(token: string, ip: string): Promise<SsoLink> {
    if (!this.tokens.isConfigured) throw new DomainError('request.not_found');
    try {
      const verified = await this.tokens.verify(token);
      return { token: verified, user: await this.findPerson(verified) };
    } catch (error) {
      if (error instanceof DomainError && error.status < 500) await this.limits.countRefusedSsoLink(ip);
      throw error;
    }
  }

  /**
   * Uses a link up and opens a session of its person; null where `presentUserId`, who has one in
   * this browser, is that person. The session is no proof of the address. Who signs in for the
   * first time gets the language and time zone of `browser`, where the product said none;
   * `lacksTimeZone` is true where there is still none.
   * Errors: `auth.sso_expired` for a link that was used, those of {@link readLink}. Concurrent
   * calls: one of many with the same link wins.
   */
  async signIn(
    { token, user: { id } }: SsoLink,
    clientInfo: ClientInfo,
    presentUserId: string | null,
    browser: BrowserProfile,
  ): Promise<(OpenedSession & { lacksTimeZone: boolean }) | null> {
    await this.limits.countSsoLink(id);
    return this.database.transaction(async (tx) => {
      if (!(await this.usedTokens.insert(tx, token))) throw new DomainError('auth.sso_expired');
      const user = await this.findPerson(token, tx);
      if (user.id === presentUserId) return null;
      this.auditLog.record(tx, {
        action: 'auth.sso_signed_in',
        actor: { kind: 'user', id: user.id },
        subjectId: user.id,
      });
      const signIn = { userId: user.id, isNew: false, provesEmail: false };
      const session = await this.sessionService.open(tx, signIn, clientInfo);
      if (!session.isFirst) return { ...session, lacksTimeZone: false };
      const { timeZone } = await this.profileService.fill(tx, user.id, browser);
      return { ...session, lacksTimeZone: timeZone === 'UTC' };
    });
  }

  /** With `tx`, the person cannot be erased before it ends. */
  private async findPerson({ externalId }: SsoToken, tx?: Tx): Promise<User> {
    const userId = (await this.people.findUserIds([externalId], tx)).get(externalId);
    if (userId === undefined) throw unknownPerson();
    const user = await (tx === undefined
      ? this.usersRepository.findById(userId)
      : this.usersRepository.findAndLock(tx, userId));
    if (user === null) throw unknownPerson();
    if (user.role !== 'user') throw new DomainError('auth.sso_needs_code');
    return user;
  }
}

function unknownPerson(): DomainError {
  return new DomainError('auth.sso_refused', {
    detail: 'Save the person with PUT /api/v1/people/{externalId} first: sub names no person.',
  });
}
