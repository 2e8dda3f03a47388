import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Me, SignedIn } from '../platform/http/access.js';
import type { Principal } from '../platform/http/principal.js';
import { textOf, type Fields } from '../platform/http/form-fields.js';
import { sendPage } from './html.js';
import type { NoticeKey } from './pages/settings-model.js';
import { settingsPage } from './pages/settings-page.js';
import { SettingsModels } from './settings-models.js';

const noticesBySaved = new Map<string, NoticeKey>([
  ['profile', 'profile'],
  ['letters', 'letters'],
  ['code', 'code'],
  ['claim', 'claim'],
  ['email', 'email'],
  ['backup', 'backup_restored'],
]);

/** The settings, as they are. Queries choose among notices of ours; no text of theirs is shown. */
@ApiExcludeController()
@Controller('settings')
@SignedIn()
export class SettingsPageController {
  constructor(private readonly models: SettingsModels) {}

  @Get()
  async show(@Me() me: Principal, @Query() query: Fields, @Res() reply: FastifyReply): Promise<void> {
    const cursor = textOf(query, 'invites');
    const model = await this.models.of(me, {
      notice:
        textOf(query, 'checkout') === 'done'
          ? 'checkout_done'
          : (noticesBySaved.get(textOf(query, 'saved')) ?? null),
      followedCode: textOf(query, 'invited').slice(0, 100) || null,
      ...(cursor === '' ? {} : { invitesCursor: cursor }),
    });
    sendPage(reply, settingsPage(model, me.locale));
  }
}
