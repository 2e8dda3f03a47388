import { Readable } from 'node:stream';
import { Body, Controller, Get, Param, Post, Res, StreamableFile } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AccountErasure, StaffExport } from '../../accounts/index.js';
import { CurrentUser, Roles } from '../../platform/security/auth.decorators.js';
import { textField, type FormFields } from '../../platform/http/form-fields.js';
import { IdPipe } from '../../platform/http/id.pipe.js';
import type { Principal } from '../../platform/security/principal.js';
import { AdminForms } from '../admin-forms.js';
import { UserPageLoader } from './user-page-loader.js';
import { userPage } from './pages/user-page.js';

/** What staff do with an account at its owner's request, from the console. */
@ApiExcludeController()
@Controller('admin/users/:id')
@Roles('admin')
export class UserDataPagesController {
  constructor(
    private readonly exports: StaffExport,
    private readonly erasure: AccountErasure,
    private readonly pages: UserPageLoader,
    private readonly forms: AdminForms,
  ) {}

  @Get('export')
  async export(@CurrentUser() me: Principal, @Param('id', IdPipe) id: string): Promise<StreamableFile> {
    const json = await this.exports.streamJson(id, { kind: 'admin', id: me.userId });
    return new StreamableFile(Readable.from(json), {
      type: 'application/json; charset=utf-8',
      disposition: `attachment; filename="twofold-export-${id}.json"`,
    });
  }

  @Post('erase')
  erase(
    @CurrentUser() me: Principal,
    @Param('id', IdPipe) id: string,
    @Body() fields: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const by = { kind: 'admin' as const, id: me.userId };
    return this.forms.submit({
      reply,
      redirectTo: `/admin/users/${id}?done=erased`,
      run: () => this.erasure.eraseByStaff(id, { email: textField(fields, 'email'), by }),
      renderWithProblem: async (problem) => userPage(await this.pages.userPage(me, id, { problem })),
    });
  }
}
