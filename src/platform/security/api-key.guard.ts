import { Injectable, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '../errors.js';
import { ApiKeyAuthenticator, type RequestAllowance, type Scope } from './api-key.js';

/** Lets API keys with the right scope pass, within their limit. */
@Injectable()
export class ApiKeyGuard {
  constructor(private readonly apiKeys: ApiKeyAuthenticator) {}

  /**
   * True for a request whose key has one of `scopes`. Errors: `auth.required` without a key,
   * `auth.key_refused`, `auth.scope_missing`, `auth.too_many`.
   */
  async check(context: ExecutionContext, scopes: readonly Scope[]): Promise<true> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const key = await this.apiKeys.authenticate(request);
    if (key === null)
      throw new DomainError('auth.required', { detail: 'Send an API key as a bearer token: tfk_…' });
    sayAllowance(http.getResponse<FastifyReply>(), await this.apiKeys.countRequest(key));
    if (!scopes.some((scope) => key.scopes.includes(scope)))
      throw new DomainError('auth.scope_missing', {
        detail: `This route needs a key with the scope ${scopes.join(' or ')}.`,
      });
    request.apiKey = key;
    return true;
  }
}

/**
 * Sets the RateLimit fields (draft-ietf-httpapi-ratelimit-headers-10). Errors: `auth.too_many` when
 * the limit is used up.
 */
function sayAllowance(
  reply: FastifyReply,
  { isAllowed, limit, remaining, resetsInMs }: RequestAllowance,
): void {
  const seconds = Math.max(1, Math.ceil(resetsInMs / 1000));
  void reply.header('ratelimit-policy', `"key";q=${limit};w=60`);
  void reply.header('ratelimit', `"key";r=${remaining};t=${seconds}`);
  if (isAllowed) return;
  throw new DomainError('auth.too_many', {
    detail: `This key may make ${limit} requests a minute.`,
    retryAfterSeconds: seconds,
  });
}
