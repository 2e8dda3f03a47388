import type { FastifyRequest } from 'fastify';
import type { Principal } from '../platform/http/principal.js';

/** Who asks for a code, or tries one: from which address, with which cookies, and as whom if they are signed in. */
export interface Asker {
  ip: string;
  user: Pick<Principal, 'userId' | 'email'> | null;
  cookies: Readonly<Record<string, string | undefined>>;
}

/** Who makes `request`, as the guard found out: the same for asking for a code and for giving it back. */
export function askerOf(request: FastifyRequest): Asker {
  return { ip: request.ip, user: request.principal ?? null, cookies: request.cookies };
}
