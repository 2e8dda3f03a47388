/** Mutants of what decides until when a person is paid: see the header of mutants.mjs. */
const subscriptions = 'test/edge-cases/subscriptions.test.ts';
const firstPayments = 'test/edge-cases/qualifying-payments.test.ts';
const tier = 'src/billing/subscriptions/tier.ts';
const facts = 'src/billing/stripe/stripe-parsers.ts';

export const paidPeriods = [
  {
    name: 'a late payment keeps the tier to the end of an unpaid period',
    killer: [subscriptions, 'past due an overdue invoice'],
    edits: [[tier, 'latest([paidFor, graceEnd(own)])', 'own.currentPeriodEnd']],
  },
  {
    name: 'a late payment keeps the tier of a user who never paid',
    killer: [subscriptions, 'past due a trial whose first charge fails'],
    edits: [
      [tier, 'hasPaid ? latest([paidFor, graceEnd(own)]) : paidFor', 'latest([paidFor, graceEnd(own)])'],
    ],
  },
  {
    name: 'a late payment takes what was paid for',
    killer: [subscriptions, 'past due a failed seat invoice'],
    edits: [[tier, 'hasPaid ? latest([paidFor, graceEnd(own)]) : paidFor', 'hasPaid ? graceEnd(own) : null']],
  },
  {
    name: 'the days of a late payment begin again with each event',
    killer: [subscriptions, 'repeated events do not restart'],
    edits: [
      [
        'src/billing/subscriptions/past-due.ts',
        /const first = reportedAt\.find\(.*?\?\? reportedAt\[0\];/s,
        'const first = reportedAt.at(-1);',
      ],
    ],
  },
  {
    name: 'what an older event says of being past due is lost',
    killer: [subscriptions, 'past due a second time'],
    edits: [
      [
        'src/billing/subscriptions/subscriptions.repository.ts',
        'else if (known !== null && !isFetched) await this.recordReport(tx, known, snapshot, report);',
        '',
      ],
    ],
  },
  {
    name: 'a planned end that is far ahead counts as a cancellation',
    killer: [subscriptions, 'an end that is planned far ahead'],
    edits: [
      [facts, 'return items.every((item) => item.current_period_end >= Number(cancel_at));', 'return true;'],
    ],
  },
  {
    name: 'only one of several subscriptions is asked whether it charges',
    killer: [subscriptions, 'an end that is planned of one subscription'],
    edits: [['src/billing/billing.service.ts', '.some(willRenew)', '.slice(0, 1).some(willRenew)']],
  },
  {
    name: 'a subscription is paid for ever while its invoices are voided',
    killer: [
      subscriptions,
      'free time that is given at Stripe behind what was paid for, paused collection that says void',
    ],
    edits: [[tier, "own.collectionVoided ? paidFor : 'open'", "'open'"]],
  },
  {
    name: 'the longest period of any item counts',
    killer: [subscriptions, 'a yearly add-on'],
    edits: [[facts, 'paying.length > 0 ? paying : items', 'items']],
  },
  {
    name: 'a set-up fee beside a discount of all is a first payment',
    killer: [firstPayments, 'a first payment of a set-up fee beside a discount'],
    edits: [[facts, 'return sum(lines) - sum(discounts);', 'return discounts ? sum(lines) : 0;']],
  },
  {
    name: 'a key of another Stripe account is as good as any',
    killer: ['test/edge-cases/stripe-account.test.ts', 'the doctor shows whether'],
    edits: [
      [
        'src/billing/stripe/stripe-account.ts',
        'return one.accountId === other.accountId && one.livemode === other.livemode;',
        'return one.livemode === other.livemode;',
      ],
    ],
  },
];
