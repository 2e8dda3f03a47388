import { Controller, Get, Inject, Redirect, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { type Config, CONFIG } from '../../platform/config/config.js';
import { DomainError } from '../../platform/errors.js';
import { isLoopback } from '../../platform/http/loopback.js';

/** The way to the local sandbox's own pages, for this machine only. */
@ApiExcludeController()
@Controller('dev/stripe')
export class DevStripeController {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  @Get()
  @Redirect()
  redirectToSandbox(@Req() request: FastifyRequest): { url: string; statusCode: number } {
    if (this.config.sandboxUrl === null || !isLoopback(request, this.config))
      throw new DomainError('request.not_found');
    return { url: this.config.sandboxUrl, statusCode: 303 };
  }
}
