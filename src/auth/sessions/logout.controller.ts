import { Body, Controller, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Database } from '../../platform/database/database.js';
import { OptionalUser } from '../../platform/security/auth.decorators.js';
import type { Principal } from '../../platform/security/principal.js';
import { Cookies } from './cookies.js';
import { SignOutDeviceFormDto } from '../sign-in/sign-in.dto.js';
import { SessionService } from './session.service.js';

/** The sign-out buttons of the pages. Who is signed out already is simply taken home. */
@ApiExcludeController()
@Controller('logout')
export class LogoutController {
  constructor(
    private readonly sessionService: SessionService,
    private readonly database: Database,
    private readonly cookies: Cookies,
  ) {}

  @Post()
  async signOut(@OptionalUser() visitor: Principal | null, @Res() reply: FastifyReply): Promise<void> {
    if (visitor !== null)
      await this.database.transaction((tx) =>
        this.sessionService.revoke(tx, visitor.userId, visitor.sessionId),
      );
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
    await this.database.transaction((tx) => this.sessionService.revoke(tx, visitor.userId, sessionId));
    void reply.redirect('/settings#devices', 303);
  }

  @Post('everywhere')
  async signOutEverywhere(
    @OptionalUser() visitor: Principal | null,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (visitor !== null)
      await this.database.transaction((tx) => this.sessionService.revokeAll(tx, visitor.userId));
    this.redirectHome(reply);
  }

  private redirectHome(reply: FastifyReply): void {
    this.cookies.clear(reply, 'tf_session');
    void reply.redirect('/', 303);
  }
}
