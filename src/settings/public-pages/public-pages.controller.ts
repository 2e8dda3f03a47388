import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ReferralLinkCookie } from '../../auth/index.js';
import { textField, type FormFields } from '../../platform/http/form-fields.js';
import { OptionalUser } from '../../platform/security/auth.decorators.js';
import type { Principal } from '../../platform/security/principal.js';
import { requestLocale } from '../../platform/i18n/request-locale.js';
import { sendPage } from '../page-response.js';
import { homePage } from './home-page.js';
import { PricingPageLoader } from './pricing-page-loader.js';
import { pricingPage } from './pricing-page.js';
import { PageContext } from '../page-context.js';

/** What everybody may see. */
@ApiExcludeController()
@Controller()
export class PublicPagesController {
  constructor(
    private readonly pageContext: PageContext,
    private readonly pricingPageLoader: PricingPageLoader,
    private readonly linkCookie: ReferralLinkCookie,
  ) {}

  @Get()
  async home(
    @OptionalUser() visitor: Principal | null,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.recordReferralClick(visitor, request, reply);
    const model = {
      viewer: this.pageContext.viewer(visitor),
      reward: await this.pageContext.currentReward(),
    };
    sendPage(reply, homePage(model, requestLocale(request)));
  }

  @Get('pricing')
  async pricing(
    @OptionalUser() visitor: Principal | null,
    @Query('checkout') checkout: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.recordReferralClick(visitor, request, reply);
    const model = { ...(await this.pricingPageLoader.load(visitor)), cancelled: checkout === 'cancelled' };
    sendPage(reply, pricingPage(model, requestLocale(request)));
  }

  /** A link to any page may carry an invitation. */
  private async recordReferralClick(
    visitor: Principal | null,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const code = textField(request.query as FormFields, 'ref');
    if (visitor === null && code !== '') await this.linkCookie.recordClick(request, reply, code);
  }
}
