import type { FastifyRequest } from 'fastify';
import type { Principal } from './principal.js';

/** How a person token begins. */
export const personTokenPrefix = 'tfp_';

/** What a person token opens: the person's own referral, and nothing else. */
export const personTokenRoutes: ReadonlySet<string> = new Set([
  'GET /api/v1/referral',
  'GET /api/v1/referral/invites',
  'PUT /api/v1/referral/code',
  'GET /api/v1/credit',
]);

/** The paths of {@link personTokenRoutes}, which browsers ask for from other origins. */
export const personTokenPaths: ReadonlySet<string> = new Set(
  [...personTokenRoutes].map((route) => route.slice(route.indexOf(' ') + 1)),
);

/** A person whom another product's front end acts for, by a token that its server asked for. */
export interface TokenPerson extends Pick<Principal, 'userId' | 'locale'> {
  /** The API key that made the token. */
  keyId: string;
}

/** Finds out whom a person token stands for. Declared here, implemented by auth. */
export abstract class PersonTokenAuthenticator {
  /**
   * The person, who may act from the request's origin. Errors: `auth.token_refused`,
   * `auth.foreign_origin`, `auth.too_many`.
   */
  abstract authenticate(request: FastifyRequest): Promise<TokenPerson>;
  /** Whether any valid key lists this origin. */
  abstract isListedOrigin(origin: string): Promise<boolean>;
}

/** Whether a request carries a person token, valid or not. */
export function carriesPersonToken({ headers: { authorization } }: FastifyRequest): boolean {
  return authorization !== undefined && /^Bearer +tfp_/i.test(authorization);
}

/** Whether person tokens open the route of a request. */
export function isPersonTokenRoute({ method, routeOptions }: FastifyRequest): boolean {
  return personTokenRoutes.has(`${method === 'HEAD' ? 'GET' : method} ${routeOptions.url}`);
}
