import { Controller, Get, Inject, Logger, Req, Res } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Config, CONFIG } from '../../config/config.js';
import { DomainError } from '../../errors.js';
import { Problems } from '../../http/openapi/problems.decorator.js';
import { toProblemDocument } from '../../http/problem-document.js';
import { LivenessDto, ReadinessCheckDto, ReadinessDto } from './health.dto.js';
import { Readiness, type ReadinessCheck, type ReadinessReport } from './readiness.js';

/** What load balancers ask. */
@ApiTags('health')
@ApiExtraModels(ReadinessCheckDto)
@Controller('health')
export class HealthController {
  private readonly log = new Logger('health');
  private wasReady = true;

  constructor(
    private readonly readiness: Readiness,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Answers as long as the process runs. */
  @Get('live')
  getLiveness(): LivenessDto {
    return { status: 'ok' };
  }

  /**
   * Ready once the database answers, every migration has run and the queue is there, until the
   * process is shutting down. Otherwise 503: a problem document with the same checks, each with
   * what was seen and what to do.
   */
  @Get('ready')
  @ApiOkResponse({ type: ReadinessDto })
  @Problems('platform.unavailable')
  async getReadiness(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const checks = await this.readiness.check();
    const failed = Object.entries<ReadinessCheck>(checks).filter(([, check]) => check.status === 'failed');
    this.logChange(failed.length === 0, checks);
    if (failed.length === 0) return void reply.send({ status: 'ok', checks });
    const error = new DomainError('platform.unavailable', {
      detail: failed.map(([name, check]) => `${name}: ${describeCheck(check)}`).join(' '),
      extensions: { checks },
    });
    void reply
      .status(503)
      .type('application/problem+json')
      .send(JSON.stringify(toProblemDocument(error, request.id, this.config.baseUrl)));
  }

  /** Asked every few seconds, it says only what has changed. */
  private logChange(isReady: boolean, checks: ReadinessReport): void {
    if (isReady === this.wasReady) return;
    this.wasReady = isReady;
    if (isReady) this.log.log({ msg: 'health.ready_again' });
    else this.log.warn({ msg: 'health.not_ready', checks });
  }
}

function describeCheck(check: ReadinessCheck): string {
  return check.status === 'ok' ? 'ok.' : `${check.seen}. ${check.advice}`;
}
