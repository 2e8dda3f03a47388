import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Roles } from '../../platform/security/auth.decorators.js';
import { StatsDto, StatsQuery } from './stats.dto.js';
import { ProgrammeStats } from './programme-stats.js';

@ApiTags('admin')
@Controller('api/v1/admin/stats')
@Roles('admin', 'support')
export class StatsController {
  constructor(private readonly stats: ProgrammeStats) {}

  /** FunnelDto, series, time to convert, K factor, cost and liability of the programme. */
  @Get()
  getStats(@Query() query: StatsQuery): Promise<StatsDto> {
    return this.stats.forPeriod(query);
  }
}
