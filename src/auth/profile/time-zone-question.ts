import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { dayMs } from '../../platform/durations.js';
import type { Principal } from '../../platform/security/principal.js';
import { Cookies } from '../sessions/cookies.js';

/**
 * Remembers whose browser is still to say its time zone: only a page can read it, and a redirect
 * shows none.
 */
@Injectable()
export class TimeZoneQuestion {
  constructor(private readonly cookies: Cookies) {}

  /** The next page that can ask the browser does. */
  ask(reply: FastifyReply, userId: string): void {
    this.cookies.set(reply, 'tf_zone', userId, 30 * dayMs);
  }

  /** Whether a page for `me` is to ask; true once. */
  take(request: FastifyRequest, reply: FastifyReply, me: Principal): boolean {
    if (this.cookies.get(request, 'tf_zone') !== me.userId) return false;
    this.cookies.clear(reply, 'tf_zone');
    return me.timeZone === 'UTC';
  }
}
