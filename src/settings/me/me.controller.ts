import { Readable } from 'node:stream';
import { Body, Controller, Delete, Get, HttpCode, Req, Res, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { codeProblems, requesterOf, SubmittedCodeDto } from '../../auth/index.js';
import { AccountErasure, AccountExport, personalDataAnswer } from '../../accounts/index.js';
import { Problems } from '../../platform/http/openapi/problems.decorator.js';
import { CurrentUser, Authenticated } from '../../platform/security/auth.decorators.js';
import type { Principal } from '../../platform/security/principal.js';
import { MeDto } from './me.dto.js';
import { MeService } from './me.service.js';

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
  @Problems('request.not_found')
  getMe(@CurrentUser() me: Principal): Promise<MeDto> {
    return this.meService.getMe(me.userId);
  }

  /** All that is stored about me. */
  @Get('export')
  @ApiOkResponse(personalDataAnswer)
  exportMe(@CurrentUser() me: Principal): StreamableFile {
    return new StreamableFile(Readable.from(this.exports.streamJson(me.userId)), {
      type: 'application/json; charset=utf-8',
      disposition: 'attachment; filename="twofold-export.json"',
    });
  }

  /** Erases me. Payment records and the credit of others stay as they are. */
  @Delete()
  @HttpCode(204)
  @Problems(...codeProblems, 'auth.still_charged', 'life.merge_conflict', 'request.not_found')
  async eraseMe(
    @CurrentUser() me: Principal,
    @Body() body: SubmittedCodeDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.erasure.eraseOwn(me, body, requesterOf(request));
    void reply.clearCookie('tf_session', { path: '/' });
  }
}
