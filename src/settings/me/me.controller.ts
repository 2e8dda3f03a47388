import { Readable } from 'node:stream';
import { Body, Controller, Delete, Get, HttpCode, Req, Res, StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { requesterOf } from '../../auth/index.js';
import { AccountErasure, AccountExport } from '../../accounts/index.js';
import { CurrentUser, Authenticated } from '../../platform/security/auth.decorators.js';
import type { Principal } from '../../platform/security/principal.js';
import { EraseAccountDto } from './me.dto.js';
import { MeService, type MeDto } from './me.service.js';

@ApiTags('me')
@Controller('api/v1/me')
@Authenticated()
export class MeController {
  constructor(
    private readonly meService: MeService,
    private readonly exports: AccountExport,
    private readonly erasure: AccountErasure,
  ) {}

  /** Who I am, and whether I have access. */
  @Get()
  show(@CurrentUser() me: Principal): Promise<MeDto> {
    return this.meService.getMe(me.userId);
  }

  /** All that is stored about me. */
  @Get('export')
  export(@CurrentUser() me: Principal): StreamableFile {
    return new StreamableFile(Readable.from(this.exports.streamJson(me.userId)), {
      type: 'application/json; charset=utf-8',
      disposition: 'attachment; filename="twofold-export.json"',
    });
  }

  /** Erases me. Payment records and the credit of others stay as they are. */
  @Delete()
  @HttpCode(204)
  async erase(
    @CurrentUser() me: Principal,
    @Body() body: EraseAccountDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.erasure.eraseOwn(me, body, requesterOf(request));
    void reply.clearCookie('tf_session', { path: '/' });
  }
}
