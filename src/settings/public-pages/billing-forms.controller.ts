import { Body, Controller, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CheckoutService, CustomerPortal } from '../../billing/index.js';
import { DomainError, type ErrorCode } from '../../platform/errors.js';
import { CurrentUser, Authenticated } from '../../platform/security/auth.decorators.js';
import type { Principal } from '../../platform/security/principal.js';
import { getTranslator, type Translate } from '../../platform/i18n/translations.js';
import { redirectTo, sendPage } from '../page-response.js';
import { pricingPage } from './pricing-page.js';
import { PricingPageLoader } from './pricing-page-loader.js';
import { textField, type FormFields } from '../../platform/http/form-fields.js';

/** The buttons that lead to Stripe. */
@ApiExcludeController()
@Controller('billing')
@Authenticated()
export class BillingFormsController {
  constructor(
    private readonly checkout: CheckoutService,
    private readonly portal: CustomerPortal,
    private readonly pricingPageLoader: PricingPageLoader,
  ) {}

  @Post('checkout')
  startCheckout(
    @CurrentUser() me: Principal,
    @Body() fields: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.redirectToStripe(me, reply, () => this.checkout.createUrl(me, textField(fields, 'priceId')));
  }

  @Post('portal')
  openPortal(@CurrentUser() me: Principal, @Res() reply: FastifyReply): Promise<void> {
    return this.redirectToStripe(me, reply, () => this.portal.createUrl(me));
  }

  /** On to the page that `find` answers; what stands in the way is reported on the pricing page. */
  private async redirectToStripe(
    me: Principal,
    reply: FastifyReply,
    findUrl: () => Promise<string>,
  ): Promise<void> {
    try {
      redirectTo(reply, await findUrl());
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      const problem = billingErrorMessage(getTranslator(me.locale), error);
      const model = { ...(await this.pricingPageLoader.load(me)), problem };
      sendPage(reply, pricingPage(model, me.locale), error.status);
    }
  }
}

const messageKeys: Partial<Record<ErrorCode, string>> = {
  'billing.already_subscribed': 'alreadySubscribed',
  'billing.busy': 'inProgress',
  'billing.no_customer': 'noCustomer',
  'billing.unknown_price': 'unknownPrice',
  'billing.stripe_unreachable': 'unreachable',
  'billing.stripe_refused': 'refused',
  'billing.stripe_key_refused': 'notConfigured',
};

/** What stands between a person and Stripe's page, in their language; an error that has no words there says its own. */
export function billingErrorMessage(t: Translate, error: DomainError): string {
  const key = messageKeys[error.code];
  return key === undefined ? error.message : t(`pricing.problem.${key}`);
}
