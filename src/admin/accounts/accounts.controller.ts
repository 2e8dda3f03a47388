import { Readable } from 'node:stream';
import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Post,
  Req,
  Res,
  StreamableFile,
} from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AuthService, SignOuts } from '../../auth/index.js';
import { AccountEnd, AuditedExports } from '../../life/index.js';
import { Me, OnlyFor } from '../../platform/http/access.js';
import { IdPipe } from '../../platform/http/id.pipe.js';
import { Idempotency, TakesIdempotencyKey } from '../../platform/http/idempotency.js';
import type { Principal } from '../../platform/http/principal.js';
import { EraseBody } from './account.dto.js';

@ApiTags('admin')
@Controller('api/v1/admin/users')
@OnlyFor('admin')
export class AccountsController {
  constructor(
    private readonly exports: AuditedExports,
    private readonly end: AccountEnd,
    private readonly signOuts: SignOuts,
    private readonly auth: AuthService,
    private readonly idempotency: Idempotency,
  ) {}

  /** All that is stored about somebody, at their request. It is noted in the audit. */
  @Get(':id/export')
  async export(@Me() me: Principal, @Param('id', IdPipe) id: string): Promise<StreamableFile> {
    const json = await this.exports.of(id, { kind: 'admin', id: me.userId });
    return new StreamableFile(Readable.from(json), {
      type: 'application/json; charset=utf-8',
      disposition: `attachment; filename="twofold-export-${id}.json"`,
    });
  }

  /** Signs somebody out everywhere, when a device or a mailbox of theirs was lost. */
  @Post(':id/sign-out')
  @HttpCode(204)
  @TakesIdempotencyKey()
  async signOut(
    @Me() me: Principal,
    @Param('id', IdPipe) id: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.idempotency.once(request, reply, 204, async (tx) => {
      await this.auth.presentUser(tx, id);
      await this.signOuts.everywhere(tx, id, { kind: 'admin', id: me.userId });
    });
  }

  /** Erases somebody who asked for it, with all accounts that were merged into theirs. 409 while a subscription still charges. */
  @Delete(':id')
  @HttpCode(204)
  async erase(
    @Me() me: Principal,
    @Param('id', IdPipe) id: string,
    @Body() { email }: EraseBody,
  ): Promise<void> {
    await this.end.eraseOnRequest(id, { email, by: { kind: 'admin', id: me.userId } });
  }
}
