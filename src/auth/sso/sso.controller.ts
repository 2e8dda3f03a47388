import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '../../platform/errors.js';
import { browserLocale, requestLocale } from '../../platform/i18n/request-locale.js';
import { OptionalUser } from '../../platform/security/auth.decorators.js';
import { CsrfProtection } from '../../platform/security/csrf-protection.js';
import type { Principal } from '../../platform/security/principal.js';
import { Cookies } from '../sessions/cookies.js';
import { TimeZoneQuestion } from '../profile/time-zone-question.js';
import { safeRedirect } from '../sign-in/safe-redirect.js';
import { publicName } from '../users/users.repository.js';
import { ssoPage } from './sso-page.js';
import { SsoFormDto } from './sso.dto.js';
import { SsoService, type SsoLink } from './sso.service.js';
import { viewerOf } from '../sign-in/viewer.js';
import { sendPage } from '../../platform/http/send-page.js';

/** Where another product sends its people, with a token that it has signed. */
@ApiExcludeController()
@Controller('sso')
export class SsoController {
  constructor(
    private readonly ssoService: SsoService,
    private readonly cookies: Cookies,
    private readonly csrf: CsrfProtection,
    private readonly timeZoneQuestion: TimeZoneQuestion,
  ) {}

  /** Signs the person in; where another one is signed in, it asks first. */
  @Get()
  async openLink(
    @Query() { token, next }: { token?: unknown; next?: unknown },
    @OptionalUser() visitor: Principal | null,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    // the address holds the token: no other site learns it. Forms need it, which name no origin
    // under no-referrer
    void reply.header('referrer-policy', 'same-origin');
    const link = await this.ssoService.readLink(textOf(token), request.ip);
    if (!isNavigation(request)) throw new DomainError('auth.sso_unreadable');
    const target = safeRedirect(textOf(next)) ?? '/settings';
    if (visitor === null || visitor.userId === link.user.id)
      return this.signIn(request, reply, { link, visitor, target, timeZone: '' });
    const page = ssoPage(
      {
        viewer: viewerOf(visitor, this.csrf),
        name: publicName(link.user),
        token: textOf(token),
        target,
      },
      requestLocale(request),
    );
    sendPage(reply, page);
  }

  /** Signs the person in, and the one who was signed in out. */
  @Post()
  async continueAsPerson(
    @Body() { token, next, timeZone = '' }: SsoFormDto,
    @OptionalUser() visitor: Principal | null,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const link = await this.ssoService.readLink(token, request.ip);
    const target = safeRedirect(next) ?? '/settings';
    await this.signIn(request, reply, { link, visitor, target, timeZone });
  }

  private async signIn(
    request: FastifyRequest,
    reply: FastifyReply,
    { link, visitor, target, timeZone }: SsoSignIn,
  ): Promise<void> {
    const client = this.cookies.clientInfoOf(request, reply);
    const browser = { locale: browserLocale(request), timeZone };
    const session = await this.ssoService.signIn(link, client, visitor?.userId ?? null, browser);
    if (session !== null) this.cookies.writeSession(reply, session.token);
    if (session?.lacksTimeZone) this.timeZoneQuestion.ask(reply, link.user.id);
    void reply.header('referrer-policy', 'no-referrer').redirect(target, 303);
  }
}

interface SsoSignIn {
  link: SsoLink;
  visitor: Principal | null;
  target: string;
  timeZone: string;
}

/**
 * Whether a person opens this address: what a browser fetches ahead, or as a part of another page,
 * uses no link up.
 */
function isNavigation({ method, headers }: FastifyRequest): boolean {
  const purpose = String(headers['sec-purpose'] ?? headers['purpose'] ?? '');
  return (
    method === 'GET' &&
    !purpose.includes('prefetch') &&
    (headers['sec-fetch-dest'] ?? 'document') === 'document'
  );
}

/** A field that was sent once; empty for all else. */
function textOf(field: unknown): string {
  return typeof field === 'string' ? field : '';
}
