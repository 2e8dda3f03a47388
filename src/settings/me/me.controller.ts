import { Readable } from 'node:stream';
import { Body, Controller, Delete, Get, HttpCode, Req, Res, StreamableFile, Post, Put } from '@nestjs/common';
import { ApiOkResponse, ApiTags, ApiExcludeEndpoint } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AccountErasure, AccountExport, personalDataAnswer } from '../../accounts/index.js';
import { codeProblems, requesterOf, SubmittedCodeDto } from '../../auth/index.js';
import { EmailPreferences, optionalEmails } from '../../notifications/index.js';
import { Database } from '../../platform/database/database.js';
import type { FormFields } from '../../platform/http/form-fields.js';
import { Problems } from '../../platform/http/openapi/problems.decorator.js';
import { CurrentUser, Authenticated } from '../../platform/security/auth.decorators.js';
import type { Principal } from '../../platform/security/principal.js';
import { MeDto, EmailPreferencesDto } from './me.dto.js';
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
  getMe(@CurrentUser() me: Principal): Promise<MeDto> {
    return this.meService.getMe(me);
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
  @Problems(...codeProblems, 'auth.still_charged', 'accounts.merge_conflict', 'request.not_found')
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

/**
 * What I want to be written about; emails about sign-ins and about credit that comes or goes are
 * always sent.
 */
@ApiTags('settings')
@Controller()
@Authenticated()
export class EmailPreferencesController {
  constructor(
    private readonly preferences: EmailPreferences,
    private readonly database: Database,
  ) {}

  /** The optional emails that I want. */
  @Get('api/v1/me/email-preferences')
  async getEmailPreferences(@CurrentUser() me: Principal): Promise<EmailPreferencesDto> {
    return { wanted: await this.preferences.findWanted(me.userId) };
  }

  /** Makes these the only optional emails that I get. */
  @Put('api/v1/me/email-preferences')
  async updateEmailPreferences(
    @CurrentUser() me: Principal,
    @Body() { wanted }: EmailPreferencesDto,
  ): Promise<EmailPreferencesDto> {
    await this.database.transaction((tx) => this.preferences.setWanted(tx, me.userId, wanted));
    return this.getEmailPreferences(me);
  }

  /** The form of the settings page: a box for each kind. */
  @Post('settings/emails')
  @ApiExcludeEndpoint()
  async submitForm(
    @CurrentUser() me: Principal,
    @Body() fields: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const wanted = optionalEmails.filter((kind) => fields[kind] === 'yes');
    await this.database.transaction((tx) => this.preferences.setWanted(tx, me.userId, wanted));
    void reply.redirect('/settings?saved=emails#emails', 303);
  }
}
