import { createHash, timingSafeEqual } from 'node:crypto';
import { Controller, Get, Header, Inject, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { type Config, CONFIG } from '../../config/config.js';
import { DomainError } from '../../errors.js';
import { Metrics } from './metrics.js';
import { registry } from './process-metrics.js';
import { isLoopback } from '../../http/loopback.js';

/** What Prometheus reads. */
@ApiExcludeController()
@Controller('metrics')
export class MetricsController {
  constructor(
    private readonly metrics: Metrics,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Prometheus text: for this machine where no proxy is trusted, and for those who have the token.
   * Errors: `auth.required` for another token; `request.not_found` where there is none.
   */
  @Get()
  @Header('content-type', registry.contentType)
  read(@Req() request: FastifyRequest): Promise<string> {
    const isLocal = this.config.trustProxy === null && isLoopback(request, this.config);
    if (!isLocal) this.checkToken(request.headers.authorization ?? '');
    return this.metrics.render();
  }

  private checkToken(header: string): void {
    const { metricsToken } = this.config;
    if (metricsToken === null) throw new DomainError('request.not_found');
    if (!timingSafeEqual(digest(header.replace(/^Bearer /i, '')), digest(metricsToken)))
      throw new DomainError('auth.required', { detail: 'Send the METRICS_TOKEN as a bearer token.' });
  }
}

/** Of one length, whatever was sent. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
