import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiTags, ApiExcludeController } from '@nestjs/swagger';
import { Roles, CurrentUser } from '../../platform/security/auth.decorators.js';
import { StatsDto, StatsQuery } from './stats.dto.js';
import { ProgrammeStats } from './programme-stats.js';
import type { FastifyReply } from 'fastify';
import { dayMs } from '../../platform/durations.js';
import { DomainError } from '../../platform/errors.js';
import { textField, type FormFields } from '../../platform/http/form-fields.js';
import type { Principal } from '../../platform/security/principal.js';
import { getTranslator } from '../../platform/i18n/translations.js';
import { AdminForms, sendPage } from '../admin-forms.js';
import { statsPage, type StatsPageModel } from './pages/stats-page.js';
import { bucketSizes } from './period.js';

@ApiTags('admin')
@Controller('api/v1/admin/stats')
@Roles('admin', 'support')
export class StatsController {
  constructor(private readonly stats: ProgrammeStats) {}

  /** Funnel, series, time to convert, K factor, cost and liability of the programme. */
  @Get()
  getStats(@Query() query: StatsQuery): Promise<StatsDto> {
    return this.stats.forPeriod(query);
  }
}

/** The console's page of numbers. */
@ApiExcludeController()
@Controller('admin/stats')
@Roles('admin', 'support')
export class StatsPagesController {
  constructor(
    private readonly stats: ProgrammeStats,
    private readonly forms: AdminForms,
  ) {}

  @Get()
  async show(
    @CurrentUser() me: Principal,
    @Query() query: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const viewer = await this.forms.viewerFor(me);
    try {
      const model: StatsPageModel = { viewer, ...(await this.loadStats(query)), problem: null };
      sendPage(reply, statsPage(model, me.locale));
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'request.invalid') throw error;
      const problem = getTranslator(me.locale)('stats.filter.invalid');
      const fields = {
        from: textField(query, 'from'),
        to: textField(query, 'to'),
        bucket: textField(query, 'bucket'),
      };
      sendPage(reply, statsPage({ viewer, fields, stats: null, problem }, me.locale), error.status);
    }
  }

  /** On the page the last day is part of the period; the API ends before it. */
  private async loadStats(query: FormFields): Promise<Pick<StatsPageModel, 'fields' | 'stats'>> {
    const bucket = bucketSizes.find((size) => size === textField(query, 'bucket')) ?? 'day';
    const stats = await this.stats.forPeriod({
      from: textField(query, 'from'),
      to: addDays(1, textField(query, 'to')),
      bucket,
    });
    const fields = {
      from: stats.from.toISOString().slice(0, 10),
      to: addDays(-1, stats.to.toISOString()),
      bucket,
    };
    return { stats, fields };
  }
}

/** A date moved by days; what is no date stays as it is. */
function addDays(days: number, text: string): string {
  const moment = new Date(text);
  if (!/^\d{4}-\d{2}-\d{2}/.test(text) || Number.isNaN(moment.getTime())) return text;
  return new Date(moment.getTime() + days * dayMs).toISOString().slice(0, 10);
}
