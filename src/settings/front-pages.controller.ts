import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Visitor } from '../platform/http/access.js';
import type { Principal } from '../platform/http/principal.js';
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
  ) {}

  @Get()
  async home(@Visitor() visitor: Principal | null, @Res() reply: FastifyReply): Promise<void> {
    sendPage(reply, homePage({ viewer: this.viewers.of(visitor), reward: await this.viewers.reward() }));
  }

  @Get('pricing')
  async plans(
    @Visitor() visitor: Principal | null,
    @Query('checkout') checkout: unknown,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    sendPage(
      reply,
      pricingPage({ ...(await this.pricing.of(visitor)), cancelled: checkout === 'cancelled' }),
    );
  }
}
