import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiTags, ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { TimeZoneQuestion } from '../../auth/index.js';
import { textField, type FormFields } from '../../platform/http/form-fields.js';
import { Problems } from '../../platform/http/openapi/problems.decorator.js';
import { CurrentUser, Authenticated } from '../../platform/security/auth.decorators.js';
import type { Principal } from '../../platform/security/principal.js';
import { SettingsDto } from '../me/me.dto.js';
import { toMeDto } from '../me/me.service.js';
import { sendPage } from '../../platform/http/send-page.js';
import { SettingsOverviewService } from './settings-overview.js';
import { SettingsPageLoader } from './settings-page-loader.js';
import type { NoticeKey } from './settings-page-model.js';
import { settingsPage } from './settings-page.js';

@ApiTags('settings')
@Controller('api/v1/settings')
@Authenticated()
export class SettingsController {
  constructor(private readonly settingsOverview: SettingsOverviewService) {}

  /** All that my settings page shows, in one read. */
  @Get()
  @Problems('request.not_found', 'referral.user_gone')
  async getSettings(@CurrentUser() me: Principal): Promise<SettingsDto> {
    const { userWithAccess, referral, credit, subscription, sessions, backup } =
      await this.settingsOverview.load(me);
    return {
      user: toMeDto(userWithAccess, referral.code),
      referral,
      credit,
      subscription,
      sessions,
      backup: backup[0] ?? null,
    };
  }
}

const noticeBySavedParam = new Map<string, NoticeKey>([
  ['profile', 'profile'],
  ['emails', 'emails'],
  ['email', 'email'],
  ['backup', 'backup_restored'],
]);

/** The settings, as they are. Queries choose among known notices; no text of theirs is shown. */
@ApiExcludeController()
@Controller('settings')
@Authenticated()
export class SettingsPageController {
  constructor(
    private readonly settingsPageLoader: SettingsPageLoader,
    private readonly timeZoneQuestion: TimeZoneQuestion,
  ) {}

  @Get()
  async show(
    @CurrentUser() me: Principal,
    @Query() query: FormFields,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const model = await this.settingsPageLoader.load(me, {
      notice:
        textField(query, 'checkout') === 'done'
          ? 'checkout_done'
          : (noticeBySavedParam.get(textField(query, 'saved')) ?? null),
      openedInviteCode: textField(query, 'invited').slice(0, 100) || null,
      asksTimeZone: this.timeZoneQuestion.take(request, reply, me),
    });
    sendPage(reply, settingsPage(model, me.locale));
  }
}
