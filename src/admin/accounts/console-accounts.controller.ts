import { Readable } from 'node:stream';
import { Body, Controller, Get, Param, Post, Res, StreamableFile } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AccountEnd, AuditedExports } from '../../life/index.js';
import { Me, OnlyFor } from '../../platform/http/access.js';
import { textOf, type Fields } from '../../platform/http/form-fields.js';
import { IdPipe } from '../../platform/http/id.pipe.js';
import type { Principal } from '../../platform/http/principal.js';
import { ConsoleDesk } from '../console-desk.js';
import { ConsoleModels } from '../console-models.js';
import { userPage } from '../pages/user-page.js';

/** What staff do with an account at its owner's request, from the console. */
@ApiExcludeController()
@Controller('admin/users/:id')
@OnlyFor('admin')
export class ConsoleAccountsController {
  constructor(
    private readonly exports: AuditedExports,
    private readonly end: AccountEnd,
    private readonly models: ConsoleModels,
    private readonly desk: ConsoleDesk,
  ) {}

  @Get('export')
  async export(@Me() me: Principal, @Param('id', IdPipe) id: string): Promise<StreamableFile> {
    const json = await this.exports.of(id, { kind: 'admin', id: me.userId });
    return new StreamableFile(Readable.from(json), {
      type: 'application/json; charset=utf-8',
      disposition: `attachment; filename="twofold-export-${id}.json"`,
    });
  }

  @Post('erase')
  erase(
    @Me() me: Principal,
    @Param('id', IdPipe) id: string,
    @Body() fields: Fields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const by = { kind: 'admin' as const, id: me.userId };
    return this.desk.act({
      reply,
      to: `/admin/users/${id}?done=erased`,
      work: () => this.end.eraseOnRequest(id, { email: textOf(fields, 'email'), by }),
      again: async (problem) => userPage(await this.models.one(me, id, { problem })),
    });
  }
}
