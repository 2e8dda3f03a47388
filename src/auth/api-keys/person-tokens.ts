import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Clock } from '../../platform/clock.js';
import { RowLoader } from '../../platform/database/row-loader.js';
import { addMs, minuteMs } from '../../platform/durations.js';
import { DomainError } from '../../platform/errors.js';
import { parseOrigin } from '../../platform/origin.js';
import type { ApiKeyPrincipal } from '../../platform/security/api-key.js';
import {
  PersonTokenAuthenticator,
  personTokenPrefix,
  type TokenPerson,
} from '../../platform/security/person-token.js';
import { RateLimits } from '../../platform/security/rate-limits.js';
import { Secrets } from '../../platform/security/secrets.js';
import { UsersRepository } from '../users/users.repository.js';
import { isActiveKey, type ApiKeyEntity } from './api-key.entity.js';
import { ApiKeysRepository } from './api-keys.repository.js';

const lifetimeMs = 15 * minuteMs;
const requestsPerMinute = 120;

/** A token for one person, and when it ends. */
export interface PersonToken {
  token: string;
  expiresAt: Date;
}

/**
 * Makes and verifies person tokens: `tfp_<person, key and end>.<signature>`. Nothing is stored, so
 * what a token may do follows from its key and its person as they are now.
 */
@Injectable()
export class PersonTokens extends PersonTokenAuthenticator {
  private readonly keys = new RowLoader((ids) => this.repository.findByIds(ids));
  private readonly users = new RowLoader((ids) => this.usersRepository.findByIds(ids));

  constructor(
    private readonly repository: ApiKeysRepository,
    private readonly usersRepository: UsersRepository,
    private readonly rateLimits: RateLimits,
    private readonly secrets: Secrets,
    private readonly clock: Clock,
  ) {
    super();
  }

  /**
   * A token with which a front end at the key's origins acts for `userId`.
   * Errors: `auth.key_without_origins`.
   */
  create({ keyId, origins }: ApiKeyPrincipal, userId: string): PersonToken {
    if (origins.length === 0) throw new DomainError('auth.key_without_origins');
    const expiresAt = addMs(this.clock.now(), lifetimeMs);
    const signed = this.secrets.sign('person_token', [userId, keyId, expiresAt.getTime()].join(' '));
    return { token: `${personTokenPrefix}${signed}`, expiresAt };
  }

  async authenticate({ headers }: FastifyRequest): Promise<TokenPerson> {
    const { userId, keyId } = this.verify(headers.authorization ?? '');
    const [key, user] = await Promise.all([this.keys.load(keyId), this.users.load(userId)]);
    if (key === null || !isActiveKey(key, this.clock.now()) || user === null) throw tokenRefused();
    requireOrigin(headers.origin, key);
    await this.rateLimits.hit([
      { key: `person_token:${user.id}`, hits: requestsPerMinute, windowMs: minuteMs },
    ]);
    return { userId: user.id, keyId, locale: user.locale };
  }

  async isListedOrigin(origin: string): Promise<boolean> {
    return parseOrigin(origin) === origin && this.repository.isOriginListed(origin, this.clock.now());
  }

  private verify(header: string): { userId: string; keyId: string } {
    const [, signed = ''] = /^Bearer +tfp_([\w.-]{1,400})$/i.exec(header) ?? [];
    const [userId, keyId, endsAt] = this.secrets.unsign('person_token', signed)?.split(' ') ?? [];
    if (userId === undefined || keyId === undefined || Number(endsAt) <= this.clock.now().getTime())
      throw tokenRefused();
    return { userId, keyId };
  }
}

/** A browser says where a page is from, and no page can say otherwise. */
function requireOrigin(origin: string | undefined, { origins }: ApiKeyEntity): void {
  if (origin !== undefined && origins.includes(origin)) return;
  throw new DomainError('auth.foreign_origin', {
    detail: `Send this from a page of an origin that the key of this token lists; the request came ${
      origin === undefined ? 'without an Origin' : 'from another one'
    }.`,
  });
}

function tokenRefused(): DomainError {
  return new DomainError('auth.token_refused');
}
