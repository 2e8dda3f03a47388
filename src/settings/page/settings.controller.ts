import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Problems } from '../../platform/http/openapi/problems.decorator.js';
import { CurrentUser, Authenticated } from '../../platform/security/auth.decorators.js';
import type { Principal } from '../../platform/security/principal.js';
import { toMeDto } from '../me/me.service.js';
import { SettingsDto } from './settings.dto.js';
import { SettingsOverviewService } from './settings-overview.js';

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
