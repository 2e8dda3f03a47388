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
import { ApiOkResponse, ApiTags, ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AuthService, StaffSignOut } from '../../auth/index.js';
import { AccountErasure, personalDataAnswer, StaffExport } from '../../accounts/index.js';
import { CurrentUser, Roles } from '../../platform/security/auth.decorators.js';
import { IdPipe } from '../../platform/http/id.pipe.js';
import { Idempotency, ApiIdempotencyKey } from '../../platform/http/idempotency.js';
import { Problems } from '../../platform/http/openapi/problems.decorator.js';
import { adminActor, type Principal } from '../../platform/security/principal.js';
import { EraseUserDto } from './user.dto.js';

@ApiTags('admin')
@Controller('api/v1/admin/users')
@Roles('admin')
export class UserDataController {
  constructor(
    private readonly exports: StaffExport,
    private readonly erasure: AccountErasure,
    private readonly staffSignOut: StaffSignOut,
    private readonly auth: AuthService,
    private readonly idempotency: Idempotency,
  ) {}

  /**
   * All that is stored about a person, at their request. The export is recorded in the audit log.
   */
  @Get(':id/export')
  @ApiOkResponse(personalDataAnswer)
  exportUser(@CurrentUser() me: Principal, @Param('id', IdPipe) id: string): Promise<StreamableFile> {
    return exportToFile(this.exports, me, id);
  }

  /** Signs a person out everywhere, when a device or a mailbox of theirs was lost. */
  @Post(':id/sign-out')
  @HttpCode(204)
  @ApiIdempotencyKey()
  async signOutUser(
    @CurrentUser() me: Principal,
    @Param('id', IdPipe) id: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.idempotency.runOnce(request, reply, 204, async (tx) => {
      await this.auth.requireActiveUser(tx, id);
      await this.staffSignOut.revokeAll(tx, id, adminActor(me));
    });
  }

  /**
   * Erases a person who asked for it, with all accounts that were merged into theirs. 409 while a
   * subscription still charges.
   */
  @Delete(':id')
  @Problems('accounts.other_address', 'auth.still_charged', 'accounts.merge_conflict')
  @HttpCode(204)
  async eraseUser(
    @CurrentUser() me: Principal,
    @Param('id', IdPipe) id: string,
    @Body() { email }: EraseUserDto,
  ): Promise<void> {
    await this.erasure.eraseByStaff(id, { email, by: adminActor(me) });
  }
}

/** What staff hand out of an account at its owner's request, from the console. */
@ApiExcludeController()
@Controller('admin/users/:id')
@Roles('admin')
export class UserDataPagesController {
  constructor(private readonly exports: StaffExport) {}

  @Get('export')
  export(@CurrentUser() me: Principal, @Param('id', IdPipe) id: string): Promise<StreamableFile> {
    return exportToFile(this.exports, me, id);
  }
}

async function exportToFile(exports: StaffExport, me: Principal, userId: string): Promise<StreamableFile> {
  const json = await exports.streamJson(userId, adminActor(me));
  return new StreamableFile(Readable.from(json), {
    type: 'application/json; charset=utf-8',
    disposition: `attachment; filename="twofold-export-${userId}.json"`,
  });
}
