import { Body, Controller, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Database } from '../platform/database/database.js';
import { Visitor } from '../platform/http/access.js';
import type { Principal } from '../platform/http/principal.js';
import { Cookies } from './cookies.js';
import { DeviceForm } from './sign-in-form.dto.js';
import { Sessions } from './sessions.js';

/** The sign-out buttons of the pages. Who is signed out already is simply taken home. */
@ApiExcludeController()
@Controller('logout')
export class LogoutController {
  constructor(
    private readonly sessions: Sessions,
    private readonly database: Database,
    private readonly cookies: Cookies,
  ) {}

  @Post()
  async here(@Visitor() visitor: Principal | null, @Res() reply: FastifyReply): Promise<void> {
    if (visitor !== null)
      await this.database.transaction((tx) => this.sessions.end(tx, visitor.userId, visitor.sessionId));
    this.goHome(reply);
  }

  /** One of one's devices; for the very one that asks, the same as {@link here}. */
  @Post('device')
  async device(
    @Body() { sessionId }: DeviceForm,
    @Visitor() visitor: Principal | null,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (visitor === null || sessionId === visitor.sessionId) return this.here(visitor, reply);
    await this.database.transaction((tx) => this.sessions.end(tx, visitor.userId, sessionId));
    void reply.redirect('/settings#devices', 303);
  }

  @Post('everywhere')
  async everywhere(@Visitor() visitor: Principal | null, @Res() reply: FastifyReply): Promise<void> {
    if (visitor !== null) await this.database.transaction((tx) => this.sessions.endAll(tx, visitor.userId));
    this.goHome(reply);
  }

  private goHome(reply: FastifyReply): void {
    this.cookies.clear(reply, 'tf_session');
    void reply.redirect('/', 303);
  }
}
