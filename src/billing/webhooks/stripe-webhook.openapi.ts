import type { ApiBodyOptions, ApiHeaderOptions } from '@nestjs/swagger';

/** How Stripe signs a delivery. */
export const stripeSignatureHeader: ApiHeaderOptions = {
  name: 'Stripe-Signature',
  required: true,
  description:
    'The time and the signatures of the raw body, each an HMAC-SHA256 of `time.body` under a webhook secret. At most five minutes old.',
  schema: {
    type: 'string',
    examples: ['t=1767225600,v1=5257a869e7ecebeda32affa62cdca3fa51cad7e77a0e56ff536d0ce8e108d8bd'],
  },
};

/** An event of Stripe, whose fields are described by Stripe. */
export const stripeEventBody: ApiBodyOptions = {
  required: true,
  description: 'The raw body exactly as Stripe signed it, at most 1.2 MB.',
  schema: {
    type: 'object',
    required: ['id', 'type'],
    additionalProperties: true,
    properties: {
      id: { type: 'string', examples: ['evt_1Qx'] },
      type: { type: 'string', examples: ['invoice.paid'] },
      created: { type: 'integer', description: 'Seconds since 1970.', examples: [1767225600] },
      data: { type: 'object', additionalProperties: true, properties: { object: { type: 'object' } } },
    },
  },
};
