import { readFileSync } from 'node:fs';
import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { viewerOf } from '../../auth/index.js';
import { type Config, CONFIG } from '../../platform/config/config.js';
import { requestLocale } from '../../platform/i18n/request-locale.js';
import { getTranslator, translations } from '../../platform/i18n/translations.js';
import { CurrentUser, Roles } from '../../platform/security/auth.decorators.js';
import { CsrfProtection } from '../../platform/security/csrf-protection.js';
import type { Principal } from '../../platform/security/principal.js';
import { ProgrammeTerms, type RewardModel } from '../../referral/index.js';
import { previewPage } from './preview-page.js';
import { sampleStates } from './samples.js';
import { sendPage } from '../../platform/http/send-page.js';

const script = readFileSync(new URL('preview.js', import.meta.url));

/** The preview of the widget, for staff. */
@ApiExcludeController()
@Controller('embed')
@Roles('admin', 'support')
export class PreviewController {
  constructor(
    private readonly terms: ProgrammeTerms,
    private readonly csrf: CsrfProtection,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get('preview')
  async showPreview(
    @CurrentUser() me: Principal,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const reward: RewardModel = {
      ...(await this.terms.current()),
      ...{ unavailable: null, reachedCap: null },
    };
    const samples = Object.fromEntries(
      translations.locales.map((locale) => [locale, sampleStates(getTranslator(locale), reward)]),
    );
    const viewer = viewerOf(me, this.csrf);
    const { baseUrl } = this.config;
    const page = previewPage({ viewer, baseUrl, samples }, requestLocale(request));
    sendPage(reply, page);
  }

  @Get('preview.js')
  sendScript(@Res() reply: FastifyReply): void {
    void reply.type('text/javascript; charset=utf-8').send(script);
  }
}
