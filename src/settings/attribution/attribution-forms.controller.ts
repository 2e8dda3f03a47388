import { Body, Controller, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { LateClaims } from '../../life/index.js';
import { Database } from '../../platform/database/database.js';
import { DomainError } from '../../platform/errors.js';
import { Me, SignedIn } from '../../platform/http/access.js';
import { textOf, type Fields } from '../../platform/http/form-fields.js';
import type { Principal } from '../../platform/http/principal.js';
import { wordsIn } from '../../platform/locale/words.js';
import { CodeChanges } from '../../referral/index.js';
import { sendPage } from '../html.js';
import { settingsPage } from '../pages/settings-page.js';
import { SettingsModels } from '../settings-models.js';

/** The forms about one's code and one's inviter on the settings page. */
@ApiExcludeController()
@Controller('settings')
@SignedIn()
export class AttributionFormsController {
  constructor(
    private readonly models: SettingsModels,
    private readonly codes: CodeChanges,
    private readonly claims: LateClaims,
    private readonly database: Database,
  ) {}

  @Post('code')
  change(@Me() me: Principal, @Body() fields: Fields, @Res() reply: FastifyReply): Promise<void> {
    const wanted = textOf(fields, 'code').trim() || null;
    return this.attempt(me, reply, 'code', () =>
      this.database.transaction((tx) => this.codes.change(tx, me.userId, wanted)),
    );
  }

  @Post('claim')
  claim(@Me() me: Principal, @Body() fields: Fields, @Res() reply: FastifyReply): Promise<void> {
    const code = textOf(fields, 'claimed').trim();
    return this.attempt(me, reply, 'claim', () =>
      this.database.transaction((tx) => this.claims.claim(tx, me.userId, { code })),
    );
  }

  private async attempt(
    me: Principal,
    reply: FastifyReply,
    done: 'code' | 'claim',
    work: () => Promise<unknown>,
  ): Promise<void> {
    try {
      await work();
      void reply.redirect(`/settings?saved=${done}#referral`, 303);
    } catch (error) {
      if (!(error instanceof DomainError) || error.status >= 500) throw error;
      const t = wordsIn(me.locale);
      const key = `codes.problems.${error.code.replace('.', '_')}`;
      const words = t(key);
      const message = words === key ? error.message : words;
      const model = await this.models.of(me, { problem: { section: 'referral', message } });
      sendPage(reply, settingsPage(model, me.locale), error.status);
    }
  }
}
