/** Mutants of what is reported of other processors: see the header of mutants.mjs. */
const reports = 'test/payments/reports.test.ts';
const adapters = 'test/payments/adapters.test.ts';
const payments = 'test/payments/payments.test.ts';
const retold = 'test/payments/retold-histories.test.ts';
const twoProcessors = 'test/payments/two-processors.test.ts';
const checkoutSessions = 'test/edge-cases/checkout-sessions.test.ts';

export const paymentReports = [
  {
    name: 'a report with other facts is taken for the first one',
    killer: [reports, 'a payment with the same facts is known already, with others a conflict'],
    edits: [
      [
        'src/billing/webhooks/inbox.repository.ts',
        'if (fields.length > 0 || !digest.equals(event.digest)) throw',
        'if (false) throw',
      ],
    ],
  },
  {
    name: 'a person who is saved retries no report',
    killer: [payments, 'a payment of an unknown person waits for them'],
    edits: [
      [
        'src/people/people.service.ts',
        'mayHaveReports ? this.customers.retryReports(tx, person.externalId) : null,',
        '',
      ],
    ],
  },
  {
    name: 'a person is saved without the lock of their reports',
    killer: [payments, 'a person is saved after a report of theirs'],
    edits: [
      [
        'src/billing/customers/host-customers.ts',
        'lockStripeIds(tx, [personKey(externalId), ',
        'lockStripeIds(tx, [',
      ],
    ],
  },
  {
    name: 'an older report of a refund overwrites a newer one',
    killer: [reports, 'money that goes back older news of it changes nothing'],
    edits: [
      [
        'src/billing/reversals/reversals.repository.ts',
        'return steps > 0 || (steps === 0 &&',
        'return !isStripeId(reversal.id) || steps > 0 || (steps === 0 &&',
      ],
    ],
  },
  {
    name: 'a reported payment retries no refund that waits for it',
    killer: [reports, 'money that goes back waits for its payment'],
    edits: [
      [
        'src/billing/reports/payment-report-handlers.ts',
        'if (recorded.isNew) await retryParkedEvents(tx, this.outbox, paymentKey);',
        '',
      ],
    ],
  },
  {
    name: 'reconciliation asks Stripe about what is reported elsewhere',
    killer: [reports, 'everything else that knows payments reconciliation leaves other processors alone'],
    edits: [['src/billing/reconciliation/reconciliation.repository.ts', " AND id NOT LIKE '%:%'", '']],
  },
  {
    name: 'a report of Paddle with an old signature is taken',
    killer: [adapters, 'Paddle is refused with an old signature'],
    edits: [['src/billing/adapters/paddle.ts', ' || age > signatureToleranceSeconds', '']],
  },
  {
    name: 'a report of Lemon Squeezy with any signature is taken',
    killer: [adapters, 'Lemon Squeezy is refused without the right signature'],
    edits: [
      [
        'src/billing/adapters/adapter.ts',
        'given.length === expected.length && timingSafeEqual(given, expected)',
        'given.length === expected.length',
      ],
    ],
  },
  {
    name: 'a chargeback at Paddle and its end are two disputes',
    killer: [retold, 'reported by Paddle in the order in which it happened'],
    edits: [
      [
        'src/billing/adapters/paddle.ts',
        "{ kind: 'dispute', provider, id: paymentId,",
        "{ kind: 'dispute', provider, id: data.id('id'),",
      ],
    ],
  },
  {
    name: 'what waits for a customer is not retried once a checkout names the person',
    killer: [retold, 'reported by Paddle every order'],
    edits: [
      [
        'src/billing/customers/customers.repository.ts',
        'if (rows.length > 0) await retryParkedEvents(tx, this.outbox, customerId);\n  }\n\n  /**\n   * Writes',
        '}\n\n  /**\n   * Writes',
      ],
    ],
  },
  {
    name: 'a payment at Stripe is the first one before all others',
    killer: [twoProcessors, 'payments of one person at Stripe and at other processors convert once'],
    edits: [
      [
        'src/billing/payments/payments.repository.ts',
        'ORDER BY i.paid_at, i.id LIMIT 1',
        "ORDER BY i.id LIKE '%:%', i.paid_at, i.id LIMIT 1",
      ],
    ],
  },
  {
    name: 'a person who is subscribed at another processor may subscribe at Stripe, too',
    killer: [checkoutSessions, 'a subscription at another processor refuses a checkout'],
    edits: [
      [
        'src/billing/billing.service.ts',
        'if (paying === null) return;',
        'if (paying === null || !isStripeId(paying.id)) return;',
      ],
    ],
  },
];
