import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { dayMs } from '../../platform/durations.js';
import { DomainError } from '../../platform/errors.js';
import { Me, OnlyFor } from '../../platform/http/access.js';
import { textOf, type Fields } from '../../platform/http/form-fields.js';
import type { Principal } from '../../platform/http/principal.js';
import { wordsIn } from '../../platform/locale/words.js';
import { ConsoleDesk, sendPage } from '../console-desk.js';
import { statsPage } from './pages/stats-page.js';
import type { StatsPageModel } from './pages/stats-model.js';
import { bucketSizes } from './period.js';
import { ProgrammeStats } from './programme-stats.js';

/** The console's page of figures. */
@ApiExcludeController()
@Controller('admin/stats')
@OnlyFor('admin', 'support')
export class ConsoleStatsController {
  constructor(
    private readonly stats: ProgrammeStats,
    private readonly desk: ConsoleDesk,
  ) {}

  @Get()
  async show(@Me() me: Principal, @Query() query: Fields, @Res() reply: FastifyReply): Promise<void> {
    const viewer = this.desk.viewer(me);
    try {
      const model = { viewer, ...(await this.figures(query)), problem: null };
      sendPage(reply, statsPage(model, me.locale));
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'request.invalid') throw error;
      const problem = wordsIn(me.locale)('stats.choice.wrong');
      const fields = {
        from: textOf(query, 'from'),
        to: textOf(query, 'to'),
        bucket: textOf(query, 'bucket'),
      };
      sendPage(reply, statsPage({ viewer, fields, stats: null, problem }, me.locale), error.status);
    }
  }

  /** On the page the last day is part of the period; the API ends before it. */
  private async figures(query: Fields): Promise<Pick<StatsPageModel, 'fields' | 'stats'>> {
    const bucket = bucketSizes.find((size) => size === textOf(query, 'bucket')) ?? 'day';
    const stats = await this.stats.of({
      from: textOf(query, 'from'),
      to: movedBy(1, textOf(query, 'to')),
      bucket,
    });
    const fields = { from: stats.from.slice(0, 10), to: movedBy(-1, stats.to), bucket };
    return { stats, fields };
  }
}

/** A date moved by days; what is no date stays as it is. */
function movedBy(days: number, text: string): string {
  const moment = new Date(text);
  if (!/^\d{4}-\d{2}-\d{2}/.test(text) || Number.isNaN(moment.getTime())) return text;
  return new Date(moment.getTime() + days * dayMs).toISOString().slice(0, 10);
}
