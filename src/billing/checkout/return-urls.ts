import { Inject, Injectable } from '@nestjs/common';
import { type Config, CONFIG } from '../../platform/config/config.js';
import { invalidRequest } from '../../platform/http/validation.js';

/** Where Stripe's pages lead back to, where the caller says so. */
export interface CheckoutReturn {
  successUrl?: string | undefined;
  cancelUrl?: string | undefined;
}

/** Where Stripe's pages may lead back to: our own pages, and origins of RETURN_URLS. */
@Injectable()
export class ReturnUrls {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /** Where checkout leads to. Errors: `request.invalid` for an address elsewhere. */
  ofCheckout({ successUrl, cancelUrl }: CheckoutReturn): { success: string; cancel: string } {
    return {
      success: this.check('successUrl', successUrl) ?? `${this.config.baseUrl}/settings?checkout=done`,
      cancel: this.check('cancelUrl', cancelUrl) ?? `${this.config.baseUrl}/pricing?checkout=cancelled`,
    };
  }

  /** Where the portal leads back to. Errors: `request.invalid` for an address elsewhere. */
  ofPortal(returnUrl: string | undefined): string {
    return this.check('returnUrl', returnUrl) ?? `${this.config.baseUrl}/settings`;
  }

  /** Answers what a browser makes of it, so that Stripe and we mean the same address. */
  private check(path: string, text: string | undefined): string | null {
    if (text === undefined) return null;
    const url = URL.canParse(text) ? new URL(text) : null;
    const allowed = [new URL(this.config.baseUrl).origin, ...this.config.returnOrigins];
    if (url !== null && url.username === '' && url.password === '' && allowed.includes(url.origin))
      return url.href;
    throw invalidRequest([{ path, message: `${path} is an address at an origin of RETURN_URLS` }]);
  }
}
