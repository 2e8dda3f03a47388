import { Controller, Delete, Get, HttpCode, Param, Query, Res, Body, Post } from '@nestjs/common';
import { ApiTags, ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Database } from '../../platform/database/database.js';
import { DomainError } from '../../platform/errors.js';
import { IdPipe } from '../../platform/http/id.pipe.js';
import { PageQuery } from '../../platform/http/page.dto.js';
import {
  Authenticated,
  BeforeSecondFactor,
  CurrentUser,
  OptionalUser,
} from '../../platform/security/auth.decorators.js';
import type { Principal } from '../../platform/security/principal.js';
import { Cookies } from './cookies.js';
import { SessionPageDto, SignOutDeviceFormDto } from './session.dto.js';
import { SessionService } from './session.service.js';
import { SessionsRepository } from './sessions.repository.js';

@ApiTags('auth')
@Controller('api/v1/auth/sessions')
@Authenticated()
export class SessionsController {
  constructor(
    private readonly sessionService: SessionService,
    private readonly sessions: SessionsRepository,
    private readonly database: Database,
    private readonly cookies: Cookies,
  ) {}

  /** Where I am signed in, newest first. */
  @Get()
  listSessions(@CurrentUser() me: Principal, @Query() query: PageQuery): Promise<SessionPageDto> {
    return this.sessionService.list(me.userId, me.sessionId, query);
  }

  /** Signs out here. */
  @Delete('current')
  @BeforeSecondFactor()
  @HttpCode(204)
  async signOut(
    @CurrentUser() me: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.database.transaction((tx) => this.sessions.revoke(tx, me.userId, me.sessionId));
    this.cookies.clear(reply, 'tf_session');
  }

  /** Signs one of my devices out. */
  @Delete(':id')
  @HttpCode(204)
  async revokeSession(
    @CurrentUser() me: Principal,
    @Param('id', IdPipe) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const ended = await this.database.transaction((tx) => this.sessions.revoke(tx, me.userId, id));
    if (!ended) throw new DomainError('request.not_found');
    if (id === me.sessionId) this.cookies.clear(reply, 'tf_session');
  }

  /** Signs out everywhere, here too. */
  @Delete()
  @HttpCode(204)
  async revokeAllSessions(
    @CurrentUser() me: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.database.transaction((tx) => this.sessions.revokeAll(tx, me.userId));
    this.cookies.clear(reply, 'tf_session');
  }
}

/** The sign-out buttons of the pages. Who is signed out already is simply taken home. */
@ApiExcludeController()
@Controller('logout')
export class LogoutController {
  constructor(
    private readonly sessions: SessionsRepository,
    private readonly database: Database,
    private readonly cookies: Cookies,
  ) {}

  @Post()
  @BeforeSecondFactor()
  async signOut(@OptionalUser() visitor: Principal | null, @Res() reply: FastifyReply): Promise<void> {
    if (visitor !== null)
      await this.database.transaction((tx) => this.sessions.revoke(tx, visitor.userId, visitor.sessionId));
    this.redirectHome(reply);
  }

  /** One of one's devices; for the very one that asks, the same as {@link signOut}. */
  @Post('device')
  async signOutDevice(
    @Body() { sessionId }: SignOutDeviceFormDto,
    @OptionalUser() visitor: Principal | null,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (visitor === null || sessionId === visitor.sessionId) return this.signOut(visitor, reply);
    await this.database.transaction((tx) => this.sessions.revoke(tx, visitor.userId, sessionId));
    void reply.redirect('/settings#devices', 303);
  }

  @Post('everywhere')
  async signOutEverywhere(
    @OptionalUser() visitor: Principal | null,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (visitor !== null)
      await this.database.transaction((tx) => this.sessions.revokeAll(tx, visitor.userId));
    this.redirectHome(reply);
  }

  private redirectHome(reply: FastifyReply): void {
    this.cookies.clear(reply, 'tf_session');
    void reply.redirect('/', 303);
  }
}
