import { Body, Controller, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Checkout } from '../billing/index.js';
import { DomainError } from '../platform/errors.js';
import { Me, SignedIn } from '../platform/http/access.js';
import type { Principal } from '../platform/http/principal.js';
import { wordsIn } from '../platform/locale/words.js';
import { billingProblem } from './billing-problems.js';
import { goTo, sendPage } from './html.js';
import { pricingPage } from './pages/pricing-page.js';
import { PricingModels } from './pricing-models.js';
import { textOf, type Fields } from '../platform/http/form-fields.js';

/** The buttons that lead to Stripe. */
@ApiExcludeController()
@Controller('billing')
@SignedIn()
export class BillingFormsController {
  constructor(
    private readonly checkout: Checkout,
    private readonly pricing: PricingModels,
  ) {}

  @Post('checkout')
  begin(@Me() me: Principal, @Body() fields: Fields, @Res() reply: FastifyReply): Promise<void> {
    return this.lead(me, reply, () => this.checkout.begin(me, textOf(fields, 'priceId')));
  }

  @Post('portal')
  portal(@Me() me: Principal, @Res() reply: FastifyReply): Promise<void> {
    return this.lead(me, reply, () => this.checkout.portal(me));
  }

  /** On to the page that `find` answers; what stands in the way is told on the pricing page. */
  private async lead(me: Principal, reply: FastifyReply, find: () => Promise<string>): Promise<void> {
    try {
      goTo(reply, await find());
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      const problem = billingProblem(wordsIn(me.locale), error);
      const model = { ...(await this.pricing.of(me)), problem };
      sendPage(reply, pricingPage(model, me.locale), error.status);
    }
  }
}
