import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { OnlyFor } from '../../platform/http/access.js';
import type { Stats } from './figures.js';
import { ProgrammeStats } from './programme-stats.js';
import { StatsQuery } from './stats.dto.js';

@ApiTags('admin')
@Controller('api/v1/admin/stats')
@OnlyFor('admin', 'support')
export class StatsController {
  constructor(private readonly stats: ProgrammeStats) {}

  /** Funnel, series, time to convert, K factor, cost and liability of the programme. */
  @Get()
  show(@Query() query: StatsQuery): Promise<Stats> {
    return this.stats.of(query);
  }
}
