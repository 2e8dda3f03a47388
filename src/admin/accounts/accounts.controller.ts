import { Readable } from 'node:stream';
import { Body, Controller, Delete, Get, HttpCode, Param, StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AccountEnd, AuditedExports } from '../../life/index.js';
import { Me, OnlyFor } from '../../platform/http/access.js';
import { IdPipe } from '../../platform/http/id.pipe.js';
import type { Principal } from '../../platform/http/principal.js';
import { EraseBody } from './account.dto.js';

@ApiTags('admin')
@Controller('api/v1/admin/users')
@OnlyFor('admin')
export class AccountsController {
  constructor(
    private readonly exports: AuditedExports,
    private readonly end: AccountEnd,
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
