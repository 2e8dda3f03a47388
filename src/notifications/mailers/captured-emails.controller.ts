import { Controller, Get, Header, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { capturesEmail, type Config, CONFIG } from '../../platform/config/config.js';
import { DomainError } from '../../platform/errors.js';
import { requestLocale } from '../../platform/i18n/request-locale.js';
import { translations } from '../../platform/i18n/translations.js';
import { isLoopback } from '../../platform/http/loopback.js';
import { EmailExamples } from '../emails/email-examples.js';
import { emailTemplates } from '../emails/render-email.js';
import { capturedEmailPage, capturedEmailsPage } from './captured-emails-page.js';
import { CapturedEmailsRepository } from './captured-emails.repository.js';
import { emailGalleryPage } from './email-gallery-page.js';

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
    private readonly emailExamples: EmailExamples,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** The newest emails. */
  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  async list(@Req() request: FastifyRequest): Promise<string> {
    this.refuseRemoteRequests(request);
    return capturedEmailsPage(await this.capturedEmails.findNewest(maxShownEmails), requestLocale(request));
  }

  /** Every kind of email in every language. */
  @Get('examples')
  @Header('content-type', 'text/html; charset=utf-8')
  listExamples(@Req() request: FastifyRequest): string {
    this.refuseRemoteRequests(request);
    return emailGalleryPage(translations.locales, requestLocale(request));
  }

  /**
   * One kind of email in one language, as a mail reader gets it; its text with `?part=text`.
   */
  @Get('examples/:name/:locale')
  async showExample(
    @Req() request: FastifyRequest,
    @Param() { name, locale }: { name: string; locale: string },
    @Query('part') part: unknown,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    this.refuseRemoteRequests(request);
    const template = emailTemplates.find((own) => own === name);
    if (template === undefined || !translations.locales.includes(locale))
      throw new DomainError('request.not_found');
    const { subject, text, html } = await this.emailExamples.render(template, locale);
    if (part === 'text') void reply.type('text/plain; charset=utf-8').send(`${subject}\n\n${text}`);
    else sendEmailHtml(reply, html);
  }

  /** The HTML part of one email, as a mail reader gets it. */
  @Get(':id/html')
  async showHtml(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    this.refuseRemoteRequests(request);
    const email = await this.capturedEmails.findById(id);
    if (email === null) throw new DomainError('request.not_found');
    sendEmailHtml(reply, email.html);
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

/**
 * Emails bring their own style, and load nothing but the logo. The gallery shows them in frames.
 */
function sendEmailHtml(reply: FastifyReply, html: string): void {
  void reply
    .type('text/html; charset=utf-8')
    .header(
      'content-security-policy',
      "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; frame-ancestors 'self'",
    )
    .header('x-frame-options', 'SAMEORIGIN')
    .send(html);
}
