import type { FastifyRequest } from 'fastify';
import type { Principal } from '../../platform/security/principal.js';

/** Who asks for a code, or tries one: from which address, with which cookies, and as whom if they are signed in. */
export interface Requester {
  ip: string;
  user: Pick<Principal, 'userId' | 'email'> | null;
  cookies: Readonly<Record<string, string | undefined>>;
}

/** Who makes `request`, as the guard found out: the same for asking for a code and for giving it back. */
export function requesterOf(request: FastifyRequest): Requester {
  return { ip: request.ip, user: request.principal ?? null, cookies: request.cookies };
}

/** Where a request comes from: its address, what the browser calls itself, the device by its own cookie, and its session. */
export interface ClientInfo {
  ip: string;
  userAgent: string;
  device: string;
  /** The token of the session that this browser has; a new sign-in takes its place. */
  previousToken?: string | null;
}
