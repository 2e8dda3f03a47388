import { Body, Controller, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { safeRedirect } from '../auth/index.js';
import { textField, type FormFields } from '../platform/http/form-fields.js';
import { RecentProof, Roles } from '../platform/security/auth.decorators.js';

/** Opens a page that needs a recent sign-in; the guard asks for the code before. */
@ApiExcludeController()
@Controller('admin/confirm')
@Roles('admin', 'support')
@RecentProof()
export class ConfirmController {
  @Post()
  openPage(@Body() fields: FormFields, @Res() reply: FastifyReply): void {
    void reply.redirect(safeRedirect(textField(fields, 'next')) ?? '/admin', 303);
  }
}
