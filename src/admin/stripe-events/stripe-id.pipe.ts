import { Injectable, type PipeTransform } from '@nestjs/common';
import { DomainError } from '../../platform/errors.js';
import { stripeIdPattern } from '../admin.dto.js';

/** An id of Stripe's from a path; what cannot be one names nothing. Errors: `request.not_found`. */
@Injectable()
export class StripeIdPipe implements PipeTransform<string, string> {
  /** As the description of the API shows it. */
  static readonly openApi = {
    type: 'string',
    maxLength: 255,
    description: 'An id of Stripe.',
    examples: ['evt_1Qx'],
  };

  transform(value: string): string {
    if (!stripeIdPattern.test(value)) throw new DomainError('request.not_found');
    return value;
  }
}
