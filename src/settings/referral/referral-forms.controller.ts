import { Body, Controller, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Database } from '../../platform/database/database.js';
import { DomainError } from '../../platform/errors.js';
import { CurrentUser, Authenticated } from '../../platform/security/auth.decorators.js';
import { textField, type FormFields } from '../../platform/http/form-fields.js';
import type { Principal } from '../../platform/security/principal.js';
import { getTranslator } from '../../platform/i18n/translations.js';
import { LateClaims, CodeChanges } from '../../referral/index.js';
import { sendPage } from '../page-response.js';
import { settingsPage } from '../page/settings-page.js';
import { SettingsPageLoader } from '../page/settings-page-loader.js';

/** The forms about one's code and one's inviter on the settings page. */
@ApiExcludeController()
@Controller('settings')
@Authenticated()
export class ReferralFormsController {
  constructor(
    private readonly settingsPageLoader: SettingsPageLoader,
    private readonly codes: CodeChanges,
    private readonly claims: LateClaims,
    private readonly database: Database,
  ) {}

  @Post('code')
  changeCode(
    @CurrentUser() me: Principal,
    @Body() fields: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const wanted = textField(fields, 'code').trim() || null;
    return this.runForm(me, reply, 'code', () =>
      this.database.transaction((tx) => this.codes.changeCode(tx, me.userId, wanted)),
    );
  }

  @Post('claim')
  claim(@CurrentUser() me: Principal, @Body() fields: FormFields, @Res() reply: FastifyReply): Promise<void> {
    const code = textField(fields, 'claimed').trim();
    return this.runForm(me, reply, 'claim', () =>
      this.database.transaction((tx) => this.claims.claim(tx, me.userId, { code })),
    );
  }

  private async runForm(
    me: Principal,
    reply: FastifyReply,
    saved: 'code' | 'claim',
    work: () => Promise<unknown>,
  ): Promise<void> {
    try {
      await work();
      void reply.redirect(`/settings?saved=${saved}#referral`, 303);
    } catch (error) {
      if (!(error instanceof DomainError) || error.status >= 500) throw error;
      const t = getTranslator(me.locale);
      const key = `codes.problem.${error.code.replace('.', '_')}`;
      const translated = t(key);
      const message = translated === key ? error.message : translated;
      const model = await this.settingsPageLoader.load(me, { problem: { section: 'referral', message } });
      sendPage(reply, settingsPage(model, me.locale), error.status);
    }
  }
}
