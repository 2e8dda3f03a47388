import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Me, SignedIn } from '../platform/http/access.js';
import type { Principal } from '../platform/http/principal.js';
import { meView } from './myself.js';
import { SettingsOverview } from './settings-overview.js';

@ApiTags('settings')
@Controller('api/v1/settings')
@SignedIn()
export class SettingsController {
  constructor(private readonly overview: SettingsOverview) {}

  /** All that my settings page shows, in one read. */
  @Get()
  async show(@Me() me: Principal): Promise<Record<string, unknown>> {
    const { person, referral, credit, subscription, sessions, backup } = await this.overview.of(me);
    return {
      user: meView(person, referral.code),
      referral,
      credit,
      subscription,
      sessions,
      backup: backup[0] ?? null,
    };
  }
}
