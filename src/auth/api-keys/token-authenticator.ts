import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { RowLoader } from '../../platform/database/row-loader.js';
import { addMs, minuteMs } from '../../platform/durations.js';
import { DomainError } from '../../platform/errors.js';
import {
  ApiKeyAuthenticator,
  carriesApiKey,
  type ApiKeyPrincipal,
  type RequestAllowance,
} from '../../platform/security/api-key.js';
import { Secrets } from '../../platform/security/secrets.js';
import { isActiveKey, type ApiKeyEntity } from './api-key.entity.js';
import { ApiKeyLimits } from './api-key-limits.js';
import { ApiKeysRepository } from './api-keys.repository.js';

/** Finds the API key of a bearer token: `tfk_<id>_<secret>`. */
@Injectable()
export class TokenAuthenticator extends ApiKeyAuthenticator {
  private readonly keys = new RowLoader((ids) => this.repository.findByIds(ids));

  constructor(
    private readonly repository: ApiKeysRepository,
    private readonly limits: ApiKeyLimits,
    private readonly secrets: Secrets,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    super();
  }

  async authenticate(request: FastifyRequest): Promise<ApiKeyPrincipal | null> {
    if (!carriesApiKey(request)) return null;
    const token = parseToken(request.headers.authorization ?? '');
    const key = token && (await this.keys.load(token.id));
    const isRight = key && this.secrets.matches('api_key', token.secret, key.secretHash);
    if (!isRight || !isActiveKey(key, this.clock.now())) throw new DomainError('auth.key_refused');
    await this.recordUse(key, token.secret);
    const { id: keyId, name, scopes, origins, requestsPerMinute } = key;
    return { keyId, name, scopes, origins, requestsPerMinute };
  }

  countRequest(key: ApiKeyPrincipal): Promise<RequestAllowance> {
    return this.limits.count(key);
  }

  /**
   * Written once a minute at most, so that reading stays reading. A secret that an older secret key
   * hashed is hashed by the newest, so that the older one can be dropped.
   */
  private async recordUse({ id, lastUsedAt, secretHash }: ApiKeyEntity, secret: string): Promise<void> {
    const now = this.clock.now();
    if (lastUsedAt !== null && lastUsedAt > addMs(now, -minuteMs)) return;
    const newest = this.secrets.hash('api_key', secret);
    await this.database.transaction((tx) =>
      this.repository.recordUse(tx, id, { at: now, from: secretHash, to: newest }),
    );
  }
}

function parseToken(header: string): { id: string; secret: string } | null {
  const [, hex, secret] = /^Bearer +tfk_([0-9a-f]{32})_([\w-]{43})$/i.exec(header) ?? [];
  if (hex === undefined || secret === undefined) return null;
  return { id: hex.toLowerCase().replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'), secret };
}
