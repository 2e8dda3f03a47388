import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { FollowedLinks } from '../auth/index.js';
import { textOf, type Fields } from '../platform/http/form-fields.js';
import { Visitor } from '../platform/http/access.js';
import type { Principal } from '../platform/http/principal.js';
import { localeOf } from '../platform/locale/request-locale.js';
import { sendPage } from './html.js';
import { homePage } from './pages/home-page.js';
import { PricingModels } from './pricing-models.js';
import { pricingPage } from './pages/pricing-page.js';
import { Viewers } from './viewers.js';

/** What everybody may see. */
@ApiExcludeController()
@Controller()
export class FrontPagesController {
  constructor(
    private readonly viewers: Viewers,
    private readonly pricing: PricingModels,
    private readonly links: FollowedLinks,
  ) {}

  @Get()
  async home(
    @Visitor() visitor: Principal | null,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.follow(visitor, request, reply);
    const model = { viewer: this.viewers.of(visitor), reward: await this.viewers.reward() };
    sendPage(reply, homePage(model, localeOf(request)));
  }

  @Get('pricing')
  async plans(
    @Visitor() visitor: Principal | null,
    @Query('checkout') checkout: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.follow(visitor, request, reply);
    const model = { ...(await this.pricing.of(visitor)), cancelled: checkout === 'cancelled' };
    sendPage(reply, pricingPage(model, localeOf(request)));
  }

  /** A link to any page of ours may carry an invitation. */
  private async follow(
    visitor: Principal | null,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const code = textOf(request.query as Fields, 'ref');
    if (visitor === null && code !== '') await this.links.follow(request, reply, code);
  }
}
