/** Mutants of what decides until when somebody is paid: see the header of mutants.mjs. */
const subscriptions = 'test/wild/subscriptions.test.ts';
const firstPayments = 'test/wild/first-payments.test.ts';
const tier = 'src/billing/tier.ts';
const facts = 'src/billing/facts.ts';

export const paidPeriods = [
  {
    name: 'a late payment keeps the tier to the end of the period that nobody paid',
    killer: [subscriptions, 'past due an overdue invoice'],
    edits: [[tier, 'maximum([paidFor, graceOf(own)])', 'own.currentPeriodEnd']],
  },
  {
    name: 'a late payment keeps the tier of somebody who never paid',
    killer: [subscriptions, 'past due a trial whose first charge fails'],
    edits: [
      [tier, 'hasPaid ? maximum([paidFor, graceOf(own)]) : paidFor', 'maximum([paidFor, graceOf(own)])'],
    ],
  },
  {
    name: 'a late payment takes what was paid for',
    killer: [subscriptions, 'past due a failed seat invoice'],
    edits: [[tier, 'hasPaid ? maximum([paidFor, graceOf(own)]) : paidFor', 'hasPaid ? graceOf(own) : null']],
  },
  {
    name: 'the days of a late payment begin again with each event',
    killer: [subscriptions, 'past due what Stripe says of it again'],
    edits: [
      [
        'src/billing/past-due.ts',
        /const first = saidAt\.find\(.*?\?\? saidAt\[0\];/s,
        'const first = saidAt.at(-1);',
      ],
    ],
  },
  {
    name: 'what an older event says of being past due is lost',
    killer: [subscriptions, 'past due a second time'],
    edits: [
      [
        'src/billing/subscriptions.ts',
        'else if (known !== null && !isAnswer) await this.hear(tx, known, snapshot, said);',
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
    edits: [['src/billing/billing.service.ts', '.some(goesOn)', '.slice(0, 1).some(goesOn)']],
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
    killer: ['test/wild/stripe-account.test.ts', 'the doctor tells whether'],
    edits: [
      [
        'src/billing/stripe-account/account-of-key.ts',
        'return one.accountId === other.accountId && one.livemode === other.livemode;',
        'return one.livemode === other.livemode;',
      ],
    ],
  },
];
