import { Controller, Get, Header, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { pendingMigrations } from '../database/migrate.js';
import { DomainError } from '../errors.js';
import { registry } from '../metrics.js';
import { Draining } from './draining.js';
import { isLoopback } from './loopback.js';

/** What operators and load balancers ask. */
@ApiExcludeController()
@Controller()
export class HealthController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly draining: Draining,
  ) {}

  /** Answers as long as the process runs. */
  @Get('health/live')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** Ready once the database answers and every migration has run. Errors: `platform.unavailable`, saying why. */
  @Get('health/ready')
  async ready(): Promise<{ status: 'ok' }> {
    if (this.draining.isUnderWay)
      throw new DomainError('platform.unavailable', { detail: 'The process is about to end.' });
    const pending = await pendingMigrations(this.dataSource).catch((error: unknown) => {
      throw new DomainError('platform.unavailable', {
        detail: 'The database does not answer.',
        cause: error,
      });
    });
    if (pending > 0)
      throw new DomainError('platform.unavailable', {
        detail: `${pending} migrations have not run: npx twofold migrate`,
      });
    return { status: 'ok' };
  }

  /** Prometheus text, for this machine only. */
  @Get('metrics')
  @Header('content-type', registry.contentType)
  metrics(@Req() request: FastifyRequest): Promise<string> {
    if (!isLoopback(request)) throw new DomainError('request.not_found');
    return registry.metrics();
  }
}
