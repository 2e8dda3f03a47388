import { Readable } from 'node:stream';
import { Body, Controller, Delete, Get, HttpCode, Req, Res, StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { askerOf } from '../auth/index.js';
import { AccountEnd, AccountExport } from '../life/index.js';
import { Me, SignedIn } from '../platform/http/access.js';
import type { Principal } from '../platform/http/principal.js';
import { ErasureBody } from './me.dto.js';
import { Myself, type MeView } from './myself.js';

@ApiTags('me')
@Controller('api/v1/me')
@SignedIn()
export class MeController {
  constructor(
    private readonly myself: Myself,
    private readonly exports: AccountExport,
    private readonly end: AccountEnd,
  ) {}

  /** Who I am, and whether I have access. */
  @Get()
  show(@Me() me: Principal): Promise<MeView> {
    return this.myself.view(me.userId);
  }

  /** All that is stored about me. */
  @Get('export')
  export(@Me() me: Principal): StreamableFile {
    return new StreamableFile(Readable.from(this.exports.json(me.userId)), {
      type: 'application/json; charset=utf-8',
      disposition: 'attachment; filename="twofold-export.json"',
    });
  }

  /** Erases me. Books and the credit of others stay as they are. */
  @Delete()
  @HttpCode(204)
  async erase(
    @Me() me: Principal,
    @Body() body: ErasureBody,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.end.erase(me, body, askerOf(request));
    void reply.clearCookie('tf_session', { path: '/' });
  }
}
