import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CurrentUser, Roles } from '../../platform/security/auth.decorators.js';
import { IdPipe } from '../../platform/http/id.pipe.js';
import type { Principal } from '../../platform/security/principal.js';
import type { FormFields } from '../../platform/http/form-fields.js';
import { sendPage } from '../../platform/http/send-page.js';
import { UserPageLoader } from './user-page-loader.js';
import { userPage } from './pages/user-page.js';
import { usersPage } from './pages/users-page.js';

/** The console's pages about users. */
@ApiExcludeController()
@Controller('admin/users')
@Roles('admin', 'support')
export class UserPagesController {
  constructor(private readonly pages: UserPageLoader) {}

  @Get()
  async list(
    @CurrentUser() me: Principal,
    @Query() query: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    sendPage(reply, usersPage(await this.pages.usersPage(me, query)));
  }

  @Get(':id')
  async show(
    @CurrentUser() me: Principal,
    @Param('id', IdPipe) id: string,
    @Query() query: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    sendPage(reply, userPage(await this.pages.userPage(me, id, query)));
  }
}
