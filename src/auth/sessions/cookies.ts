import '@fastify/cookie'; // teaches the types of request and reply
import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Config, CONFIG } from '../../platform/config/config.js';
import { dayMs } from '../../platform/durations.js';
import { Secrets } from '../../platform/security/secrets.js';
import type { ClientInfo } from '../sign-in/requester.js';

/**
 * The cookies of auth: the session's token, the invitation followed last, the code that is
 * awaited, the device, where it was proven, the language, and whose time zone is not known.
 */
export type CookieName =
  'tf_session' | 'tf_ref' | 'tf_pending' | 'tf_device' | 'tf_trusted' | 'tf_lang' | 'tf_zone';

/** Writes and reads cookies that scripts and other sites cannot. */
@Injectable()
export class Cookies {
  constructor(
    private readonly secrets: Secrets,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Hands the browser `value` for `maxAgeMs`. */
  set(reply: FastifyReply, name: CookieName, value: string, maxAgeMs: number): void {
    void reply.setCookie(name, value, {
      path: '/',
      httpOnly: true,
      sameSite: 'lax',
      secure: this.config.baseUrl.startsWith('https:'),
      maxAge: Math.floor(maxAgeMs / 1000),
    });
  }

  /**
   * Signs the browser in. When the session ends is decided by the database alone, and it moves on
   * with use; the cookie just lives as long as browsers allow.
   */
  writeSession(reply: FastifyReply, token: string): void {
    this.set(reply, 'tf_session', token, 400 * dayMs);
    this.clear(reply, 'tf_ref');
    this.clear(reply, 'tf_pending');
  }

  /** Takes the cookie back. */
  clear(reply: FastifyReply, name: CookieName): void {
    this.set(reply, name, '', 0);
  }

  /** What the browser sent, or null. */
  get(request: FastifyRequest, name: CookieName): string | null {
    return request.cookies[name] || null;
  }

  /** As {@link set}, signed together with the name, so that one cookie cannot pass for another. */
  setSigned(reply: FastifyReply, name: CookieName, value: string, maxAgeMs: number): void {
    this.set(reply, name, this.secrets.sign('cookie', `${name}=${value}`), maxAgeMs);
  }

  /**
   * Where a request comes from. A browser is given a cookie that says nothing but which device it
   * is; a client that keeps no cookies has none, and is a new one each time.
   */
  clientInfoOf(request: FastifyRequest, reply: FastifyReply): ClientInfo {
    const known = this.getSigned(request, 'tf_device');
    const device = known ?? randomUUID();
    if (known === null) this.setSigned(reply, 'tf_device', device, 400 * dayMs);
    return {
      ip: request.ip,
      userAgent: request.headers['user-agent'] ?? '',
      device,
      previousToken: this.get(request, 'tf_session'),
    };
  }

  /** What {@link setSigned} wrote, or null. */
  getSigned(request: FastifyRequest, name: CookieName): string | null {
    return this.unsign(name, request.cookies[name]);
  }

  /** What a cookie of this name holds that {@link setSigned} wrote, or null. */
  unsign(name: CookieName, signed: string | undefined): string | null {
    const value = signed ? this.secrets.unsign('cookie', signed) : null;
    return value?.startsWith(`${name}=`) ? value.slice(name.length + 1) : null;
  }
}
