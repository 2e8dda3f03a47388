import { Body, Controller, Get, Post, Put, Res } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { EmailPreferences, optionalEmails } from '../../notifications/index.js';
import { Database } from '../../platform/database/database.js';
import type { FormFields } from '../../platform/http/form-fields.js';
import { CurrentUser, Authenticated } from '../../platform/security/auth.decorators.js';
import type { Principal } from '../../platform/security/principal.js';
import { EmailPreferencesDto } from './me.dto.js';

/** What I want to be written about; emails about sign-ins and about credit that comes or goes are always sent. */
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
