import { Controller, Get, Header, Inject, Param, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { capturesEmail, type Config, CONFIG } from '../../platform/config/config.js';
import { DomainError } from '../../platform/errors.js';
import { requestLocale } from '../../platform/i18n/request-locale.js';
import { isLoopback } from '../../platform/http/loopback.js';
import { capturedEmailPage, capturedEmailsPage } from './captured-emails-page.js';
import { CapturedEmailsRepository } from './captured-emails.repository.js';

const maxShownEmails = 100;

/**
 * The emails that were kept instead of sent: in local mode, and for this machine only, since they
 * hold codes.
 */
@ApiExcludeController()
@Controller('dev/mail')
export class CapturedEmailsController {
  constructor(
    private readonly capturedEmails: CapturedEmailsRepository,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** The newest emails. */
  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  async list(@Req() request: FastifyRequest): Promise<string> {
    this.refuseRemoteRequests(request);
    return capturedEmailsPage(await this.capturedEmails.findNewest(maxShownEmails), requestLocale(request));
  }

  /** One email. */
  @Get(':id')
  @Header('content-type', 'text/html; charset=utf-8')
  async show(@Req() request: FastifyRequest, @Param('id') id: string): Promise<string> {
    this.refuseRemoteRequests(request);
    const email = await this.capturedEmails.findById(id);
    if (email === null) throw new DomainError('request.not_found');
    return capturedEmailPage(email, requestLocale(request));
  }

  private refuseRemoteRequests(request: FastifyRequest): void {
    if (!capturesEmail(this.config) || !isLoopback(request, this.config))
      throw new DomainError('request.not_found');
  }
}
