import { Controller, Delete, Get, HttpCode, Param, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Database } from '../../platform/database/database.js';
import { DomainError } from '../../platform/errors.js';
import { CurrentUser, Authenticated } from '../../platform/security/auth.decorators.js';
import { IdPipe } from '../../platform/http/id.pipe.js';
import { PageQuery } from '../../platform/http/page.dto.js';
import type { Principal } from '../../platform/security/principal.js';
import { Cookies } from './cookies.js';
import { SessionList } from './session-list.js';
import { SessionPageDto } from './session.dto.js';
import { SessionService } from './session.service.js';

@ApiTags('auth')
@Controller('api/v1/auth/sessions')
@Authenticated()
export class SessionsController {
  constructor(
    private readonly sessionList: SessionList,
    private readonly sessionService: SessionService,
    private readonly database: Database,
    private readonly cookies: Cookies,
  ) {}

  /** Where I am signed in, newest first. */
  @Get()
  listSessions(@CurrentUser() me: Principal, @Query() query: PageQuery): Promise<SessionPageDto> {
    return this.sessionList.list(me.userId, me.sessionId, query);
  }

  /** Signs out here. */
  @Delete('current')
  @HttpCode(204)
  async signOut(
    @CurrentUser() me: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.database.transaction((tx) => this.sessionService.revoke(tx, me.userId, me.sessionId));
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
    const ended = await this.database.transaction((tx) => this.sessionService.revoke(tx, me.userId, id));
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
    await this.database.transaction((tx) => this.sessionService.revokeAll(tx, me.userId));
    this.cookies.clear(reply, 'tf_session');
  }
}
