import { Controller, Delete, Get, HttpCode, Param, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Database } from '../platform/database/database.js';
import { DomainError } from '../platform/errors.js';
import { Me, SignedIn } from '../platform/http/access.js';
import { IdPipe } from '../platform/http/id.pipe.js';
import { ListQuery, type Page } from '../platform/http/list.dto.js';
import type { Principal } from '../platform/http/principal.js';
import { Cookies } from './cookies.js';
import { Devices, type DeviceView } from './devices.js';
import { Sessions } from './sessions.js';

@ApiTags('auth')
@Controller('api/v1/auth/sessions')
@SignedIn()
export class SessionsController {
  constructor(
    private readonly devices: Devices,
    private readonly sessions: Sessions,
    private readonly database: Database,
    private readonly cookies: Cookies,
  ) {}

  /** Where I am signed in, newest first. */
  @Get()
  list(@Me() me: Principal, @Query() query: ListQuery): Promise<Page<DeviceView>> {
    return this.devices.page(me.userId, me.sessionId, query);
  }

  /** Signs out here. */
  @Delete('current')
  @HttpCode(204)
  async signOut(@Me() me: Principal, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    await this.database.transaction((tx) => this.sessions.end(tx, me.userId, me.sessionId));
    this.cookies.clear(reply, 'tf_session');
  }

  /** Signs one of my devices out. */
  @Delete(':id')
  @HttpCode(204)
  async end(
    @Me() me: Principal,
    @Param('id', IdPipe) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const ended = await this.database.transaction((tx) => this.sessions.end(tx, me.userId, id));
    if (!ended) throw new DomainError('request.not_found');
    if (id === me.sessionId) this.cookies.clear(reply, 'tf_session');
  }

  /** Signs out everywhere, here too. */
  @Delete()
  @HttpCode(204)
  async endAll(@Me() me: Principal, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    await this.database.transaction((tx) => this.sessions.endAll(tx, me.userId));
    this.cookies.clear(reply, 'tf_session');
  }
}
