import { Controller, Get, Header, Inject, Param, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { keepsMail, type Config } from '../platform/config.js';
import { DomainError } from '../platform/errors.js';
import { isLoopback } from '../platform/http/loopback.js';
import { CONFIG } from '../platform/tokens.js';
import { Mailbox } from './mailbox.js';
import { letterPage, mailboxPage } from './pages/mailbox-page.js';

const shownLetters = 100;

/** The letters that were kept instead of sent: in local mode, and for this machine only, since they hold codes. */
@ApiExcludeController()
@Controller('dev/mail')
export class MailboxController {
  constructor(
    private readonly mailbox: Mailbox,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** The newest letters. */
  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  async list(@Req() request: FastifyRequest): Promise<string> {
    this.hideFromOthers(request);
    return mailboxPage(await this.mailbox.newest(shownLetters));
  }

  /** One letter. */
  @Get(':id')
  @Header('content-type', 'text/html; charset=utf-8')
  async show(@Req() request: FastifyRequest, @Param('id') id: string): Promise<string> {
    this.hideFromOthers(request);
    const letter = await this.mailbox.one(id);
    if (letter === null) throw new DomainError('request.not_found');
    return letterPage(letter);
  }

  private hideFromOthers(request: FastifyRequest): void {
    if (!keepsMail(this.config) || !isLoopback(request, this.config))
      throw new DomainError('request.not_found');
  }
}
