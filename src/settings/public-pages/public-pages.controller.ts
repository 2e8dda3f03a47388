import { Controller, Get, Query, Req, Res, Body, Post } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ReferralLinkCookie, readReferralCode } from '../../auth/index.js';
import { CheckoutService, CustomerPortal } from '../../billing/index.js';
import { DomainError, type ErrorCode, errorText } from '../../platform/errors.js';
import { textField, type FormFields } from '../../platform/http/form-fields.js';
import { requestLocale } from '../../platform/i18n/request-locale.js';
import { getTranslator, type Translate } from '../../platform/i18n/translations.js';
import { OptionalUser, CurrentUser, Authenticated } from '../../platform/security/auth.decorators.js';
import type { Principal } from '../../platform/security/principal.js';
import { PageContext, redirectTo } from '../page-context.js';
import { sendPage } from '../../platform/http/send-page.js';
import { homePage, type HomePageModel } from './home-page.js';
import { PricingPageLoader } from './pricing-page-loader.js';
import { pricingPage } from './pricing-page.js';

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
    const model: HomePageModel = {
      viewer: this.pageContext.viewer(visitor),
      reward: await this.pageContext.currentReward(visitor),
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
    const model = await this.pricingPageLoader.load(visitor, {
      cancelled: checkout === 'cancelled',
      problem: null,
    });
    sendPage(reply, pricingPage(model, requestLocale(request)));
  }

  /** A link to any page may carry an invitation. */
  private async recordReferralClick(
    visitor: Principal | null,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const code = readReferralCode(request.query);
    if (visitor === null && code !== null) await this.linkCookie.recordClick(request, reply, code);
  }
}

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

  /** Redirects to the URL that `findUrl` answers. The pricing page shows an error. */
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
      const model = await this.pricingPageLoader.load(me, { cancelled: false, problem });
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

/**
 * The message of an error on the way to Stripe's page, in the user's language.
 */
export function billingErrorMessage(t: Translate, error: DomainError): string {
  const key = messageKeys[error.code];
  return key === undefined ? errorText(t, error) : t(`pricing.problem.${key}`);
}
