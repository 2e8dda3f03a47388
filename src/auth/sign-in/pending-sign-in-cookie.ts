import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isId } from '../../platform/ids.js';
import { Cookies } from '../sessions/cookies.js';
import { codeLifetimeMs } from './challenge.service.js';

/** A sign-in that waits for its code. The address is masked, since a signature hides nothing. */
export interface PendingSignIn {
  challengeId: string;
  maskedEmail: string;
  referralCode: string | null;
  /** The name that the referrer chose. */
  invitedBy: string | null;
  next: string | null;
}

/** What a browser keeps from one page of the sign-in to the next. */
@Injectable()
export class PendingSignInCookie {
  constructor(private readonly cookies: Cookies) {}

  /**
   * Keeps a sign-in a little longer than its code is valid, so that the page can say that it
   * expired.
   */
  write(reply: FastifyReply, pending: PendingSignIn): void {
    this.cookies.setSigned(reply, 'tf_pending', JSON.stringify(pending), 2 * codeLifetimeMs);
  }

  /** The sign-in that waits in this browser, or null. */
  read(request: FastifyRequest): PendingSignIn | null {
    const text = this.cookies.getSigned(request, 'tf_pending');
    if (text === null) return null;
    const pending = JSON.parse(text) as PendingSignIn; // signed, so it is our own
    return isId(pending.challengeId) ? pending : null;
  }
}
