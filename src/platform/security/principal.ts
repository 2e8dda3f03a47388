import type { Actor } from '../audit-log.js';
import type { FastifyRequest } from 'fastify';
import type { EmailAddress } from '../email-address.js';

/** What a user may do: `support` reads everything of the console and changes nothing. */
export type Role = 'user' | 'support' | 'admin';

/** Who makes a request. */
export interface Principal {
  userId: string;
  sessionId: string;
  email: EmailAddress;
  displayName: string | null;
  role: Role;
  /** When their account was made. */
  createdAt: Date;
  /** Their language (BCP 47) and time zone (IANA). */
  locale: string;
  timeZone: string;
  /** When this session was opened: proof of the mailbox is no younger. */
  signedInAt: Date;
  /** They have a second factor, and must prove it in each session. */
  hasSecondFactor: boolean;
  /** When they last proved it in this session; null: never. */
  secondFactorAt: Date | null;
  /** They signed in by an emailed code; false: by a link of another product. */
  provesEmail: boolean;
  /**
   * How they proved it: a cookie request needs protection against other sites, a bearer request
   * does not.
   */
  via: 'cookie' | 'bearer';
}

/** Finds out who makes a request. Declared here, implemented by auth, bound by the application. */
export abstract class Authenticator {
  /** The principal, or null for an anonymous visitor or a session that has ended. */
  abstract authenticate(request: FastifyRequest): Promise<Principal | null>;
}

/** Staff who act, for the audit log. */
export function adminActor({ userId }: Pick<Principal, 'userId'>) {
  return { kind: 'admin', id: userId } as const satisfies Actor;
}
