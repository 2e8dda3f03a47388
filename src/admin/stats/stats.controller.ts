import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiTags, ApiExcludeController } from '@nestjs/swagger';
import { Roles, CurrentUser } from '../../platform/security/auth.decorators.js';
import { Problems } from '../../platform/http/openapi/problems.decorator.js';
import { StatsDto, StatsQuery } from './stats.dto.js';
import { ProgrammeStats } from './programme-stats.js';
import type { FastifyReply } from 'fastify';
import { Clock } from '../../platform/clock.js';
import { DomainError, type ErrorCode } from '../../platform/errors.js';
import { textField, type FormFields } from '../../platform/http/form-fields.js';
import { addDays, localDateOf } from '../../platform/local-dates.js';
import type { Principal } from '../../platform/security/principal.js';
import { getTranslator } from '../../platform/i18n/translations.js';
import { AdminForms } from '../admin-forms.js';
import { sendPage } from '../../platform/http/send-page.js';
import { isCsvName, tableToCsv } from './csv.js';
import { statsPage, type StatsPageModel } from './pages/stats-page.js';
import { bucketOfPreset, bucketSizes, lastDate, presetDays, type BucketSize } from './period.js';

@ApiTags('admin')
@Controller('api/v1/admin/stats')
@Roles('admin', 'support')
export class StatsController {
  constructor(private readonly stats: ProgrammeStats) {}

  /**
   * Funnel, series, time to convert, K factor, cohorts, cost and liability of the programme, and
   * what they were before.
   */
  @Get()
  @Problems('stats.not_stored')
  getStats(@Query() query: StatsQuery): Promise<StatsDto> {
    return this.stats.forPeriod(query);
  }
}

/** The console's page of numbers, in the days of its reader. */
@ApiExcludeController()
@Controller('admin/stats')
@Roles('admin', 'support')
export class StatsPagesController {
  constructor(
    private readonly stats: ProgrammeStats,
    private readonly forms: AdminForms,
    private readonly clock: Clock,
  ) {}

  @Get()
  async show(
    @CurrentUser() me: Principal,
    @Query() query: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const viewer = await this.forms.viewerFor(me);
    const fields = this.parseFields(query, me.timeZone);
    const shared = { viewer, timeZone: me.timeZone };
    try {
      const stats = await this.loadStats(fields, me.timeZone);
      const shown = {
        ...fields,
        from: localDateOf(stats.from, me.timeZone),
        to: lastDate({ to: stats.to, timeZone: me.timeZone }),
      };
      sendPage(reply, statsPage({ ...shared, fields: shown, stats, problem: null }, viewer));
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      const key = problemKeys.get(error.code);
      if (key === undefined) throw error;
      const problem = getTranslator(me.locale)(key);
      sendPage(reply, statsPage({ ...shared, fields, stats: null, problem }, viewer), error.status);
    }
  }

  /** A table of the page as a file. */
  @Get(':file')
  async showTable(
    @CurrentUser() me: Principal,
    @Param('file') file: string,
    @Query() query: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const name = file.replace(/\.csv$/, '');
    if (!file.endsWith('.csv') || !isCsvName(name)) throw new DomainError('request.not_found');
    const stats = await this.loadStats(this.parseFields(query, me.timeZone), me.timeZone);
    void reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="${file}"`)
      .send(tableToCsv(name, stats));
  }

  /** What was asked for; a preset says from when until when and in which steps. */
  private parseFields(
    query: FormFields,
    timeZone: string,
  ): StatsPageModel['fields'] & { bucket: BucketSize } {
    const days = presetDays.find((preset) => String(preset) === textField(query, 'days'));
    if (days !== undefined) {
      const to = localDateOf(this.clock.now(), timeZone);
      return { from: addDays(to, 1 - days), to, bucket: bucketOfPreset(days), days: String(days) };
    }
    const bucket = bucketSizes.find((size) => size === textField(query, 'bucket')) ?? 'day';
    return { from: textField(query, 'from'), to: textField(query, 'to'), bucket, days: '' };
  }

  /** On the page the last day is part of the period; the API ends before it. */
  private loadStats(
    { from, to, bucket }: { from: string; to: string; bucket: BucketSize },
    timeZone: string,
  ): Promise<StatsDto> {
    return this.stats.forPeriod({ from, to: dayAfter(to), bucket, timeZone });
  }
}

/** What the page says instead of numbers. */
const problemKeys = new Map<ErrorCode, string>([
  ['request.invalid', 'stats.filter.invalid'],
  ['stats.not_stored', 'stats.notStored'],
]);

/** The day after a date; what is no date stays as it is. */
function dayAfter(text: string): string {
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
  return isDate ? addDays(text, 1) : text;
}
