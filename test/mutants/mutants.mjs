import { guards } from './access-and-input.mjs';
import { identity } from './identity.mjs';
import { otherProducts } from './other-products.mjs';
import { paidPeriods } from './paid-periods.mjs';
import { personTokenGuards } from './person-tokens.mjs';
import { paymentReports } from './reports.mjs';
import { ssoGuards } from './sso.mjs';

/**
 * Each mutant takes one guard out of a copy of the source. `killer` is the test that must turn red
 * for it: a file, and the words its name begins with. An edit replaces the first text by the
 * second, everywhere in the file.
 */
const faults = 'test/e2e/regressions.test.ts';
const origin = 'test/e2e/origin.test.ts';
const refusals = 'test/http/route-errors.test.ts';
const firstPayment = 'test/proofs/first-payment.test.ts';
const limits = 'test/properties/limits.test.ts';
const holds = 'test/e2e/refund-window.test.ts';
const promise = 'test/properties/pinned-terms.test.ts';
const adminTerms = 'test/http/admin-terms.test.ts';
const reversals = 'test/proofs/reversals.test.ts';
const locks = 'test/proofs/lock-order.test.ts';
const deferral = 'test/e2e/deferral.test.ts';
const checkoutPages = 'test/edge-cases/checkout-sessions.test.ts';
const deferralSteps = 'src/billing/deferrals/deferral-transitions.ts';

/**
 * Constraints by what drops them: each is refused to a copy of a row, by name, in the test that is
 * called like it.
 */
const constraints = [
  ['user_email_is_unique', '0001_auth', ' CONSTRAINT user_email_is_unique UNIQUE'],
  ['session_token_hash_is_unique', '0001_auth', ' CONSTRAINT session_token_hash_is_unique UNIQUE'],
  [
    'code_one_active_per_user',
    '0005_referral',
    'CREATE UNIQUE INDEX code_one_active',
    'CREATE INDEX code_one_active',
  ],
  ['referral_once_per_referred', '0005_referral', ' CONSTRAINT referral_once_per_referred UNIQUE'],
  ['conversion_once_per_referral', '0005_referral', ' CONSTRAINT conversion_once_per_referral UNIQUE'],
  ['conversion_once_per_referred', '0005_referral', ' CONSTRAINT conversion_once_per_referred UNIQUE'],
  ['conversion_once_per_invoice', '0005_referral', ' CONSTRAINT conversion_once_per_invoice UNIQUE'],
  ['reward_status_pkey', '0005_referral', 'conversion_id     uuid PRIMARY KEY', 'conversion_id     uuid'],
  [
    'credit_entry_once_per_side',
    '0004_credit',
    'CONSTRAINT credit_entry_once_per_side UNIQUE (conversion_id, side, revision),',
  ],
  [
    'credit_entry_seq_is_unique',
    '0004_credit',
    'CONSTRAINT credit_entry_seq_is_unique UNIQUE (user_id, seq),',
  ],
  [
    'credit_entry_is_revoked_once',
    '0004_credit',
    'CREATE UNIQUE INDEX credit_entry_is_revoked',
    'CREATE INDEX credit_entry_is_revoked',
  ],
  [
    'customer_used_for_checkout_is_one_per_user',
    '0006_billing',
    'CREATE UNIQUE INDEX customer_used',
    'CREATE INDEX customer_used',
  ],
  [
    'invoice_pkey',
    '0006_billing',
    'billing.invoice (\n  id              text PRIMARY KEY',
    'billing.invoice (\n  id              text',
  ],
  ['inbox_pkey', '0006_billing', 'event_id      text PRIMARY KEY', 'event_id      text'],
  [
    'invoice_payment_pkey',
    '0006_billing',
    'billing.invoice_payment (\n  id          text PRIMARY KEY',
    'billing.invoice_payment (\n  id          text',
  ],
  [
    'reversal_pkey',
    '0006_billing',
    'billing.reversal (\n  id                text PRIMARY KEY',
    'billing.reversal (\n  id                text',
  ],
].map(([name, file, from, to = '']) => ({
  name: `${name} is not there`,
  killer: ['test/proofs/constraints.test.ts', name],
  edits: [
    [`migrations/${file}.sql`, from, to],
    // a foreign key cannot do without
    ...(name === 'invoice_pkey'
      ? [
          [
            'migrations/0006_billing.sql',
            ' CONSTRAINT refund_as_credit_is_of_an_invoice REFERENCES billing.invoice',
            '',
          ],
        ]
      : []),
    ...(name === 'inbox_pkey'
      ? [
          [
            'migrations/0006_billing.sql',
            ' CONSTRAINT event_alert_is_about_an_event REFERENCES billing.inbox',
            '',
          ],
        ]
      : []),
  ],
}));

export const mutants = [
  {
    name: 'credit is read, added to and written back without a lock',
    killer: [faults, '20 friends who pay at once all count'],
    edits: [
      ['migrations/functions/credit.insert_grants.sql', ' FOR NO KEY UPDATE', ''],
      [
        'migrations/functions/credit.insert_grants.sql',
        'a.last_seq + 1',
        'a.last_seq + 1 + (random() * 1000000000)::bigint',
      ],
    ],
  },
  {
    name: 'a conversion is looked for, not constrained, and nothing is locked',
    killer: [faults, 'one payment under 16 event ids at once'],
    edits: [
      [
        'migrations/0005_referral.sql',
        /CONSTRAINT conversion_once_per_(referral|referred|invoice) UNIQUE/g,
        '',
      ],
      [
        'migrations/0006_billing.sql',
        'CREATE TABLE billing.invoice (\n  id              text PRIMARY KEY',
        'CREATE TABLE billing.invoice (\n  id              text',
      ],
      [
        'migrations/0006_billing.sql',
        ' CONSTRAINT refund_as_credit_is_of_an_invoice REFERENCES billing.invoice',
        '',
      ],
      ['migrations/functions/billing.record_payment.sql', 'ON CONFLICT (id) DO NOTHING', ''],
      [
        'migrations/functions/billing.record_payment.sql',
        'a.user_id = payer FOR NO KEY UPDATE',
        'a.user_id = payer',
      ],
      [
        'migrations/functions/billing.lock_stripe_ids.sql',
        'pg_advisory_xact_lock(hashtextextended(id, 0))',
        'id',
      ],
      ['migrations/functions/referral.lock_referral.sql', ' FOR NO KEY UPDATE', ''],
      [
        'src/referral/referral.service.ts',
        'if (existing !== null) {',
        "if (existing !== null && existing.id === '') {",
      ],
    ],
  },
  {
    name: 'the referral is linked when a code is asked for, before the address is verified',
    killer: [faults, 'requesting a code with a referral link'],
    edits: [
      [
        'src/auth/sign-in/challenge.service.ts',
        'import { SignInLimits,',
        "import { SignUpService } from './sign-up.service.js';\nimport { SignInLimits,",
      ],
      [
        'src/auth/sign-in/challenge.service.ts',
        'private readonly database: Database,',
        'private readonly database: Database,\n    private readonly signUpService: SignUpService,',
      ],
      [
        'src/auth/sign-in/challenge.service.ts',
        '    return { ...challenge, invitedBy };',
        '    await this.database.transaction((tx) => this.signUpService.findOrCreate(tx, email, invitedBy?.code ?? null));\n    return { ...challenge, invitedBy };',
      ],
    ],
  },
  {
    name: 'a racing request overwrites the code that was given out',
    killer: [faults, 'an issued code is never replaced'],
    edits: [
      [
        'src/referral/codes/referral-codes.repository.ts',
        '(SELECT FROM current)\n         ON CONFLICT DO NOTHING',
        '(SELECT FROM current)\n         ON CONFLICT (user_id) WHERE retired_at IS NULL DO UPDATE SET code = excluded.code',
      ],
    ],
  },
  {
    name: 'credit is called useful although the card is charged meanwhile',
    killer: [faults, 'credit that runs during a subscription'],
    edits: [['src/credit/delivery/useful-days.ts', '(paidThrough?.getTime() ?? 0)', '0']],
  },
  {
    name: 'a user is looked for, then inserted',
    killer: [faults, 'a new address verified twice at once'],
    edits: [['src/auth/users/users.repository.ts', 'ON CONFLICT (email) DO NOTHING', '']],
  },
  {
    name: 'a redelivered payment is applied again',
    killer: [faults, 'a payment delivered five times'],
    edits: [
      [
        'src/billing/webhooks/inbox.repository.ts',
        "known.status === 'applied' || known.status === 'ignored'",
        'false',
      ],
      ['src/billing/payments/payment.service.ts', "if (!recorded.isNew) return applied('already');", ''],
      [
        'src/billing/subscriptions/billing-accounts.repository.ts',
        'if (before.tier === after.tier) return;',
        '',
      ],
    ],
  },
  {
    name: 'credit is read in the statement that takes its lock',
    killer: [faults, '20 friends who pay at once all count'],
    edits: [
      ['migrations/functions/credit.insert_grants.sql', ' FOR NO KEY UPDATE', ''],
      [
        'migrations/functions/credit.insert_grants.sql',
        'SELECT * INTO one FROM credit.account a WHERE a.user_id = users[i]',
        `SELECT a.user_id, a.last_seq, a.last_at,
           (SELECT until FROM credit.account old WHERE old.user_id = a.user_id)
         INTO one.user_id, one.last_seq, one.last_at, one.until
         FROM credit.account a WHERE a.user_id = users[i] FOR NO KEY UPDATE OF a`,
      ],
    ],
  },
  {
    name: 'the inbox row is committed before the work that it stands for',
    killer: [origin, 'a failure in the middle rolls back'],
    edits: [
      [
        'src/billing/webhooks/inbox.repository.ts',
        'if (known === null) return null;',
        `if (known === null) {
          await this.database.query(
            "INSERT INTO billing.inbox (event_id, type, created_at, received_at, status, digest) VALUES ($1, $2, $3, $3, 'applied', $4)",
            [event.id, event.type, event.createdAt, event.digest],
          );
          return null;
        }`,
      ],
    ],
  },
  {
    name: 'an unsigned event is believed',
    killer: [refusals, 'refuses what is unsigned'],
    edits: [
      [
        'src/billing/webhooks/stripe-signatures.ts',
        'if (!this.config.stripeWebhookSecrets.some(',
        'if (!rawBody && !this.config.stripeWebhookSecrets.some(',
      ],
    ],
  },
  {
    name: 'a renewal looks for a referral',
    killer: [origin, 'a renewal does not look up a referral'],
    edits: [
      [
        'src/billing/payments/payment.service.ts',
        'before.firstPaidAt < qualifyingPayment.paidAt',
        'before.firstPaidAt < before.firstPaidAt',
      ],
    ],
  },
  {
    name: 'a user who had paid before us counts as new once a payment is refunded',
    killer: [reversals, 'credit for a first payment is none for a person'],
    edits: [['src/billing/payments/payments.repository.ts', '(i.paid_at <= a.first_paid_at OR', '(true OR']],
  },
  {
    name: 'the first payment is the one that arrived first',
    killer: [reversals, 'credit for a first payment follows the earliest'],
    edits: [
      [
        'src/billing/payments/payments.repository.ts',
        'ORDER BY i.paid_at, i.id LIMIT 1',
        'ORDER BY i.recorded_at, i.id LIMIT 1',
      ],
      ['src/billing/payments/payments.repository.ts', '(i.paid_at <= a.first_paid_at OR', '(true OR'],
    ],
  },
  {
    name: 'an earlier payment that is reported later is taken for a renewal',
    killer: [reversals, 'credit for a first payment follows the earliest'],
    edits: [
      [
        'src/billing/payments/payment.service.ts',
        'before.firstPaidAt !== null && before.firstPaidAt < qualifyingPayment.paidAt',
        'before.firstPaidAt !== null',
      ],
    ],
  },
  {
    name: 'grants do not stack',
    killer: [firstPayment, 'a first payment of 50 friends'],
    edits: [
      [
        'migrations/functions/credit.insert_grants.sql',
        'GREATEST(clock, a.last_at, a.until, not_before[n])',
        'GREATEST(clock, a.last_at, not_before[n])',
      ],
    ],
  },
  {
    name: 'a revocation takes what was used up, too',
    killer: ['src/credit/ledger/replay.test.ts', 'an account gives back only what is left'],
    edits: [
      [
        'src/credit/ledger/intervals.ts',
        'const from = Math.max(piece.from, at);',
        'const from = interval.from;',
      ],
    ],
  },
  {
    name: 'a won dispute gives nothing back',
    killer: [reversals, 'credit for a first payment follows a dispute'],
    edits: [
      [
        'src/referral/conversions/reward-status.service.ts',
        'return this.ledger.reverseOrRestoreRewards(',
        'return [] || this.ledger.reverseOrRestoreRewards(',
      ],
    ],
  },
  {
    name: 'a reversed conversion is granted again instead of restored',
    killer: [reversals, 'credit for a first payment goes with a full refund'],
    edits: [
      [
        'src/referral/conversions/reward-status.service.ts',
        'if (before !== null && before.creditedAt !== null)',
        'if (before === null)',
      ],
    ],
  },
  {
    name: 'a pending refund counts',
    killer: [reversals, 'credit for a first payment stays while a refund is pending'],
    edits: [['src/billing/reversals/reversal.ts', "pending: 'none'", "pending: 'money_back'"]],
  },
  {
    name: 'a later snapshot of a refund wins, however far along the earlier one was',
    killer: [reversals, 'credit for a first payment stays while a refund is pending'],
    edits: [
      [
        'src/billing/reversals/reversals.repository.ts',
        'return steps > 0 || (steps === 0 && isCorrection(reversal, at, storedReversal));',
        'return true;',
      ],
    ],
  },
  {
    name: 'an older snapshot of a dispute wins',
    killer: [reversals, 'credit for a first payment follows a dispute'],
    edits: [
      [
        'src/billing/reversals/reversals.repository.ts',
        'return later > 0 || (later === 0',
        'return later !== 0 || (later === 0',
      ],
    ],
  },
  {
    name: 'each reversal is counted by itself, not the conversion as a whole',
    killer: [reversals, 'credit for a first payment has several reasons'],
    edits: [
      ['src/referral/conversions/reward-status.service.ts', 'if (wasGranted === isGranted) return [];', ''],
      ['src/credit/ledger/credit-ledger.ts', ' : !isTaken)', ' : true)'],
    ],
  },
  {
    name: 'a refund that a credit note made counts twice',
    killer: [reversals, 'credit for a first payment counts a credit note'],
    edits: [
      [
        'src/billing/reversals/reversal.ts',
        'note.post_payment_amount - viaRefunds',
        'note.post_payment_amount',
      ],
    ],
  },
  {
    name: 'the budget is looked at, but neither kept by the statement nor by its check',
    killer: [limits, 'caps, budgets and milestones the budget lasts'],
    edits: [
      ['src/referral/limits/limits.repository.ts', ' AND reserved_ms + $2 <= limit_ms', ''],
      ['migrations/0005_referral.sql', 'CHECK (reserved_ms BETWEEN 0 AND limit_ms)', 'CHECK (true)'],
    ],
  },
  {
    name: 'places in a cap are counted without the accounts being locked',
    killer: [limits, 'caps, budgets and milestones a cap leaves'],
    edits: [
      [
        'src/referral/limits/milestones.ts',
        'this.ledger.lockAccounts(tx, referrerId === null ? [referredId] : [referrerId, referredId]),',
        'undefined,',
      ],
    ],
  },
  {
    name: 'the payment of an event is stored though the event is known',
    killer: ['test/proofs/malformed-events.test.ts', 'an event that fails again and again'],
    edits: [
      [
        'src/billing/payments/payments.repository.ts',
        'CASE WHEN e.status IS NULL THEN $1::text END',
        'CASE WHEN e.status IS NULL THEN $1::text ELSE $1::text END',
      ],
    ],
  },
  {
    name: 'a conversion misses a milestone that was reached while it waited',
    killer: [limits, 'caps, budgets and milestones a milestone that is reached while'],
    edits: [
      [
        'src/referral/conversions/reward-status.service.ts',
        'movesMore || !rose ? undefined : this.milestones.refuseNew(tx, referral),',
        'undefined,',
      ],
    ],
  },
  {
    name: 'a reversal keeps its place and its days',
    killer: [limits, 'caps, budgets and milestones the budget lasts'],
    edits: [
      [
        'src/referral/conversions/reward-status.service.ts',
        'if (needsReservation(before) && !needsReservation(change.after))',
        'if (false)',
      ],
    ],
  },
  {
    name: 'a milestone stays whatever becomes of its invitations',
    killer: [limits, 'caps, budgets and milestones a milestone is earned once'],
    edits: [
      [
        'src/referral/limits/milestones.ts',
        '({ requiredCount, isGranted }) => requiredCount <= grantedCount !== isGranted',
        '() => false',
      ],
    ],
  },
  {
    name: 'a release believes that nothing happened to the payment meanwhile',
    killer: [holds, 'a reward that waits for its refund window is not released after a refund'],
    edits: [
      [
        'src/referral/conversions/reward-status.ts',
        'const reasons = [...findings.reasons];',
        'const reasons = [];',
      ],
    ],
  },
  {
    name: 'a hold is forgotten when the payment is reported again',
    killer: [holds, 'a reward that waits for its refund window arrives'],
    edits: [
      [
        'src/referral/conversions/reward-status.ts',
        'const wasOpen = before === null || before.holds.includes',
        'const wasOpen = before === null || !before.holds.includes',
      ],
    ],
  },
  {
    name: 'the terms of today decide about a referral of yesterday',
    killer: [promise, 'a promise under version n is kept'],
    edits: [
      [
        'migrations/0011_cheaper_payments.sql',
        'JOIN referral.terms t ON t.version = r.terms_version',
        'JOIN referral.terms t ON t.version = (SELECT max(version) FROM referral.terms)',
      ],
    ],
  },
  {
    name: 'terms are published without waiting for each other',
    killer: [adminTerms, 'the terms of the programme are numbered without gaps'],
    edits: [['src/referral/terms/terms-publisher.ts', 'await this.repository.lockVersions(tx);', '']],
  },
  {
    name: 'terms are published over an unseen version',
    killer: [adminTerms, 'the terms of the programme of one who has not seen the newest are refused'],
    edits: [
      ['src/referral/terms/terms-publisher.ts', 'if (basedOn !== null && basedOn !== newest)', 'if (false)'],
    ],
  },
  {
    name: 'parking and mapping do not hold one key',
    killer: [locks, 'a payment that parks'],
    edits: [
      [
        'migrations/functions/billing.record_payment.sql',
        'record_payment.invoice_id, record_payment.customer_id, record_payment.subscription_id]',
        'record_payment.invoice_id]',
      ],
    ],
  },
  {
    name: 'a parked refund and its mapping do not hold one key',
    killer: [locks, 'a refund that parks'],
    edits: [
      [
        'src/billing/payments/payment-webhook-handlers.ts',
        'lockStripeIds(tx, [paymentId, invoiceId])',
        'lockStripeIds(tx, [invoiceId])',
      ],
    ],
  },
  {
    name: 'a refund does not wait for the payment that it takes back',
    killer: [locks, 'a refund and the payment'],
    edits: [['src/billing/reversals/reversal-webhook-handlers.ts', 'lockStripeIds(tx, [invoiceId]);', '']],
  },
  {
    name: 'a reversal believes what it read before its lock',
    killer: [locks, 'a reversal that waited'],
    edits: [
      [
        'src/credit/ledger/credit-ledger.ts',
        "await this.entries.findByConversion(tx, conversionId, 'revision')",
        'entries',
      ],
      // both lock the accounts, so that neither alone makes a difference
      [
        'src/referral/limits/milestones.ts',
        'this.ledger.lockAccounts(tx, referrerId === null ? [referredId] : [referrerId, referredId])',
        'Promise.resolve()',
      ],
    ],
  },
  {
    name: 'the tier is read before its lock',
    killer: [firstPayment, 'a subscription of two customers'],
    edits: [
      [
        'src/billing/subscriptions/billing-accounts.repository.ts',
        'WHERE user_id = $1 FOR NO KEY UPDATE',
        'WHERE user_id = $1',
      ],
    ],
  },
  {
    name: 'a reversal locks the referral before the account',
    killer: [locks, 'a refund takes the billing account'],
    edits: [
      [
        'src/billing/payments/payment.service.ts',
        'await this.accounts.lock(tx, userId);\n    const { conversion } = await this.syncReferral(tx, userId);',
        'const { conversion } = await this.syncReferral(tx, userId);\n    await this.accounts.lock(tx, userId);',
      ],
    ],
  },
  {
    name: 'a conversion does not lock its referral',
    killer: [locks, 'a first payment takes the referral'],
    edits: [['migrations/functions/referral.lock_referral.sql', ' FOR NO KEY UPDATE', '']],
  },
  {
    name: 'credit accounts are locked in no order',
    killer: [locks, 'a first payment takes the credit of both sides'],
    edits: [['migrations/functions/credit.insert_grants.sql', 'ORDER BY id', 'ORDER BY id DESC']],
  },
  {
    name: 'an older snapshot of a subscription wins',
    killer: [firstPayment, 'a subscription takes no older snapshot'],
    edits: [
      [
        'src/billing/subscriptions/subscriptions.repository.ts',
        "if (at < known.snapshotAt) return 'stale';",
        '',
      ],
    ],
  },
  {
    name: 'a subscription that ended is revived',
    killer: [firstPayment, 'a subscription that ended'],
    edits: [
      [
        'src/billing/subscriptions/subscriptions.repository.ts',
        "if (known !== null && known.endedAt !== null) return 'already';",
        '',
      ],
    ],
  },
  {
    name: 'money that was given back to the last cent is not all of it',
    killer: ['test/properties/model.test.ts', 'whatever people'],
    edits: [
      ['src/billing/reversals/reversal.ts', 'moneyBack * 100 >= amountPaid', 'moneyBack * 100 > amountPaid'],
    ],
  },
  {
    name: 'a charge is moved from where it stood before another moved it',
    killer: [deferral, 'never moves a charge'],
    edits: [
      [
        deferralSteps,
        'if ((await this.preconditionToken(deferral, tx)) !== expectedToken) throw busyError();',
        '',
      ],
    ],
  },
  {
    name: 'a charge is moved for days that were taken back meanwhile',
    killer: [deferral, 'days that are taken back while'],
    edits: [[deferralSteps, 'return `${entryCount} ${', 'return `${entryCount && 0} ${']],
  },
  {
    name: 'a charge is moved for a user whose account was merged meanwhile',
    killer: [deferral, 'when a merge takes it'],
    edits: [
      [deferralSteps, 'return `${entryCount} ${', 'return `${entryCount && 0} ${'],
      [
        'src/billing/deferrals/deferrals.repository.ts',
        '(attempt > 0 OR entry_id = $2)',
        '$2::uuid IS NOT NULL AND attempt > 0',
      ],
    ],
  },
  {
    name: 'a question that may still arrive is thought over',
    killer: [deferral, 'a late request, after the charge has moved on'],
    edits: [
      [
        'src/billing/deferrals/charge-deferral.ts',
        /else if \(commonPeriodEnd.*await this\.send\(requested\);/s,
        '',
      ],
    ],
  },
  {
    name: 'an undoing that may still arrive is thought over',
    killer: [deferral, 'a late request to move a charge back'],
    edits: [
      [
        'src/billing/deferrals/deferral-rollback.ts',
        "subscription.status === 'trialing' && hasEnoughNotice(revertTo, this.clock.now())",
        'false',
      ],
    ],
  },
  {
    name: 'what Stripe failed at is asked again under the same key',
    killer: [deferral, 'a request that failed at Stripe'],
    edits: [[deferralSteps, 'await this.transition(deferral, deferral.state, { isNewAttempt: true });', '']],
  },
  {
    name: 'sign-in codes share a lane with questions to Stripe',
    killer: ['test/edge-cases/full-lane.test.ts', 'a sign-in code is mailed'],
    edits: [['src/event-handlers.ts', 'emailSignInCode: onSignInLane(', 'emailSignInCode: onStripeLane(']],
  },
  {
    name: 'a job that Stripe keeps waiting loses an attempt each time',
    killer: ['test/edge-cases/stripe-outage.test.ts', 'while Stripe fails'],
    edits: [['src/platform/jobs/event-handler-worker.ts', "if (this.isOutage(error)) return 'late';", '']],
  },
  {
    name: 'a stored page is taken for open without looking at what Stripe says of it',
    killer: [checkoutPages, 'no one pays twice: within its day'],
    edits: [
      ['src/billing/checkout/checkout-sessions.ts', '&& isPayable(session)) url', '&& session !== null) url'],
    ],
  },
  {
    name: 'a customer who is gone at Stripe is not noted',
    killer: [checkoutPages, 'is noted, and another takes'],
    edits: [
      [
        'src/billing/checkout/checkout-customers.ts',
        'await this.checkouts.markCustomerMissing(customerId);',
        '',
      ],
    ],
  },
  {
    name: 'a cap counts the account, not the person',
    killer: ['test/edge-cases/limits-of-merged-accounts.test.ts', 'share one cap: a friend of each pays'],
    edits: [
      [
        'src/referral/limits/limits.repository.ts',
        "referrer_id = ANY(${allAccountsSql('$1')}) AND uses_cap",
        'referrer_id = $1 AND uses_cap',
      ],
    ],
  },
  {
    name: 'who an account was merged into while its lock was waited for is not locked',
    killer: [
      'test/edge-cases/limits-of-merged-accounts.test.ts',
      'share one cap when they become one while a payment waits',
    ],
    edits: [
      [
        'migrations/functions/credit.lock_accounts.sql',
        'EXIT WHEN platform.with_current_accounts(users) <@ wanted;',
        'EXIT;',
      ],
    ],
  },
  {
    name: 'a budget keeps parts of days',
    killer: ['test/edge-cases/limits-of-merged-accounts.test.ts', 'of 180 days has room for two pairs'],
    edits: [
      [
        'src/referral/limits/reward-reservations.ts',
        'floorToDays(Math.max(0, durationMs))',
        'Math.max(0, lengthMs)',
      ],
    ],
  },
  {
    name: 'the opposite of a review decision that stands is taken',
    killer: ['test/http/admin-review.test.ts', 'lets the first of many opposite decisions'],
    edits: [
      ['src/referral/review/review.service.ts', 'if (before !== null && decision !== null)', 'if (false)'],
    ],
  },
  {
    name: 'a review decision is undone after it takes effect',
    killer: ['test/console/review-undo.test.ts', 'cannot be undone once it takes effect'],
    edits: [
      [
        'src/referral/review/scheduled-decisions.repository.ts',
        'WHERE referral_id = $1 AND takes_effect_at > $2',
        'WHERE referral_id = $1 AND $2::timestamptz IS NOT NULL',
      ],
    ],
  },
  {
    name: 'a review decision takes effect before its time',
    killer: ['test/console/review-undo.test.ts', 'is undone or carried out, never both'],
    edits: [
      [
        'src/referral/review/scheduled-decisions.repository.ts',
        'WHERE takes_effect_at <= $1',
        'WHERE $1::timestamptz IS NOT NULL',
      ],
      [
        'src/referral/review/scheduled-decisions.repository.ts',
        'WHERE referral_id = $1 AND takes_effect_at <= $2',
        'WHERE referral_id = $1 AND $2::timestamptz IS NOT NULL',
      ],
    ],
  },
  {
    name: 'a second person decides a review that is decided already',
    killer: ['test/console/review-undo.test.ts', 'is made by one of several people at once'],
    edits: [
      [
        'src/referral/review/scheduled-decisions.repository.ts',
        'ON CONFLICT DO NOTHING RETURNING referral_id',
        'ON CONFLICT (referral_id) DO UPDATE SET decision = excluded.decision RETURNING referral_id',
      ],
    ],
  },
  {
    name: 'a code is one only as it is written',
    killer: ['test/edge-cases/programme-rules.test.ts', 'belongs to one person in all its spellings'],
    edits: [
      [
        'migrations/0005_referral.sql',
        'CREATE UNIQUE INDEX code_unique_in_any_spelling',
        'CREATE INDEX code_unique_in_any_spelling',
      ],
    ],
  },
  {
    name: 'bulk work may read whole tables',
    killer: ['test/edge-cases/fresh-statistics.test.ts', 'export costs the same for each'],
    edits: [
      [
        'src/platform/database/bulk-mode.ts',
        'SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off',
        'SELECT 1',
      ],
    ],
  },
  ...guards,
  ...identity,
  ...paidPeriods,
  ...personTokenGuards,
  ...paymentReports,
  {
    name: 'a body may have as many fields as it likes',
    killer: ['test/edge-cases/anonymous-request-cost.test.ts', 'a body of 60,000 keys'],
    edits: [['src/platform/http/request-parsing.ts', 'values: 1_000', 'values: Infinity']],
  },
  {
    name: 'an answer names every unknown field',
    killer: ['test/edge-cases/anonymous-request-cost.test.ts', 'a body of 60,000 keys'],
    edits: [['src/platform/http/validation.ts', /errors\s*\.slice\(0, maxErrors\)/, 'errors']],
  },
  {
    name: 'a body of an ordinary route may be large',
    killer: ['test/edge-cases/anonymous-request-cost.test.ts', 'a body of 60,000 keys'],
    edits: [['src/platform/http/request-parsing.ts', '65_536', '1_200_000']],
  },
  {
    name: 'a plain error of the signature check is our failure',
    killer: [
      'test/edge-cases/webhook-bodies.test.ts',
      'a signature header that is odd that has an empty v1 is',
    ],
    edits: [
      [
        'src/billing/webhooks/stripe-signatures.ts',
        'return false; // it throws plain errors, too, for headers that it cannot take apart',
        "throw new Error('plain');",
      ],
    ],
  },
  {
    name: 'a signed event with the name of a prototype is refused',
    killer: [
      'test/edge-cases/webhook-bodies.test.ts',
      'a signed event with names of a prototype .*"constructor":"y"',
    ],
    edits: [
      [
        'src/platform/http/safe-json.ts',
        'if (Object.hasOwn(object, name)) Reflect.deleteProperty(object, name)',
        "if (Object.hasOwn(object, name)) throw unreadable('no')",
      ],
    ],
  },
  {
    name: 'a proxy that names itself is taken for this machine',
    killer: [
      'test/edge-cases/local-only-routes.test.ts',
      'what is for this machine only is not there for a request that a proxy added via to',
    ],
    edits: [['src/platform/http/loopback.ts', 'forwarded|via|', 'forwarded|']],
  },
  {
    name: 'a BASE_URL of another machine says nothing',
    killer: [
      'test/edge-cases/local-only-routes.test.ts',
      'what is for this machine only is not there where BASE_URL',
    ],
    edits: [['src/platform/http/loopback.ts', ' && isLoopbackUrl(baseUrl)', '']],
  },
  {
    name: 'the metrics need no token behind a trusted proxy',
    killer: ['test/edge-cases/local-only-routes.test.ts', 'the metrics need their token where TRUST_PROXY'],
    edits: [
      ['src/platform/observability/metrics/metrics.controller.ts', 'this.config.trustProxy === null && ', ''],
    ],
  },
  {
    name: 'the order of keys makes another body',
    killer: [
      'test/edge-cases/idempotency-keys.test.ts',
      'a POST with an Idempotency-Key to /api/v1/admin/users/{id}/credit',
    ],
    edits: [['src/platform/http/idempotency.ts', '.sort(([one], [other]) => (one < other ? -1 : 1))', '']],
  },
  {
    name: 'another body under the same key is answered the first result',
    killer: [
      'test/edge-cases/idempotency-keys.test.ts',
      'a POST with an Idempotency-Key to /api/v1/billing/checkout',
    ],
    edits: [['src/platform/http/idempotency.ts', '!body_hash.equals(bodyHash)', 'false']],
  },
  {
    name: 'the loser of two portal pages returns its own',
    killer: [
      'test/edge-cases/idempotency-keys.test.ts',
      'a POST with an Idempotency-Key that is sent twenty times',
    ],
    edits: [
      [
        'src/platform/http/idempotency.ts',
        'first === undefined || isSameJson(first.answer, answer)',
        'first === undefined || isSameJson(answer, answer)',
      ],
    ],
  },
  {
    name: 'a wrong method on a known path gets no Allow header',
    killer: ['test/edge-cases/problem-documents.test.ts', 'a path that exists answers each method'],
    edits: [
      [
        'src/platform/http/unmatched-routes.ts',
        'answerUnmatched(server: FastifyInstance, routes: readonly RegisteredRoute[]): void {',
        'answerUnmatched(server: FastifyInstance, routes: readonly RegisteredRoute[]): void {\n  if (routes) return;',
      ],
    ],
  },
  {
    name: 'a form without a body is our failure',
    killer: ['test/edge-cases/problem-documents.test.ts', 'a route that takes a body'],
    edits: [
      ['src/platform/http/validation.ts', "metadata.type === 'body' && (", "metadata.type === 'param' && ("],
    ],
  },
  {
    name: 'a look at a waiting event is not recorded',
    killer: [
      'test/edge-cases/parked-events.test.ts',
      'the scheduled retry of parked events records each look',
    ],
    edits: [
      [
        'src/billing/webhooks/parked-events.repository.ts',
        'UPDATE billing.inbox SET last_tried_at = $2, retries = retries + 1,\n           next_retry_at = billing.next_retry_at($2, status, detail, retries + 1)',
        'UPDATE billing.inbox SET retries = retries + CASE WHEN $2::timestamptz IS NULL THEN 1 ELSE 0 END',
      ],
    ],
  },
  {
    name: 'the event that was looked at last goes first',
    killer: [
      'test/edge-cases/parked-events.test.ts',
      'the scheduled retry of parked events takes the event first',
    ],
    edits: [
      [
        'src/billing/webhooks/parked-events.repository.ts',
        'ORDER BY last_tried_at NULLS FIRST, event_id LIMIT $2',
        'ORDER BY event_id LIMIT $2',
      ],
    ],
  },
  {
    name: 'what needs an answer of Stripe waits for the scheduled look',
    killer: ['test/edge-cases/stripe-lookup-after-commit.test.ts', 'Stripe is asked which invoice'],
    edits: [
      [
        'src/billing/webhooks/webhook-processor.ts',
        "if (outcome === 'parked' && isResolvedByStripe(detail))",
        "if (outcome === 'dead' && isResolvedByStripe(detail))",
      ],
    ],
  },
  {
    name: 'a cut list of lines is taken for all of them',
    killer: [
      'test/edge-cases/truncated-lists.test.ts',
      'a list that Stripe cut of an invoice with 10 extras',
    ],
    edits: [
      [
        'src/billing/stripe/stripe-parsers.ts',
        'if (invoice.lines?.has_more) return { ignored: truncatedList };',
        '',
      ],
    ],
  },
  {
    name: 'a cut list of items is taken for all of them',
    killer: [
      'test/edge-cases/truncated-lists.test.ts',
      'a list that Stripe cut of a subscription is fetched to its end',
    ],
    edits: [
      [
        'src/billing/stripe/stripe-parsers.ts',
        'if (subscription.items?.has_more) return { ignored: truncatedList };',
        '',
      ],
    ],
  },
  {
    name: 'a body that stalls holds its connection',
    killer: ['test/edge-cases/slow-clients.test.ts', 'a body that stalls'],
    edits: [
      ['src/platform/http/client-timeouts.ts', 'connectionTimeout: stallMs', 'connectionTimeout: 0'],
      ['src/platform/http/client-timeouts.ts', 'requestTimeout: requestMs', 'requestTimeout: 0'],
    ],
  },
  {
    name: 'an unread answer holds its connection',
    killer: ['test/edge-cases/slow-clients.test.ts', 'an answer that no one reads'],
    edits: [['src/platform/http/connections.ts', '|| exchange.reply.raw.headersSent', '']],
  },
  {
    name: 'a migration stands in the queue for a lock without end',
    killer: ['test/platform/concurrent-migrations.test.ts', 'a migration that meets a long reader'],
    edits: [
      ['src/platform/database/migrate.ts', "SET LOCAL lock_timeout = '2s'", "SET LOCAL lock_timeout = '0'"],
    ],
  },
  {
    name: 'a repository commits the transaction that it is used in',
    killer: ['test/platform/database.test.ts', 'keeps nothing when the transaction fails'],
    edits: [['src/platform/database/tx.ts', ', isTransactionActive: true, transactionDepth: 1', '']],
  },
  {
    name: 'a repository writes after the transaction is over',
    killer: ['test/platform/database.test.ts', 'a repository in a transaction writes nothing once'],
    edits: [['src/platform/database/tx.ts', 'Object.assign(tx.queryRunner ?? {}, { query });', '']],
  },
  ...otherProducts,
  ...ssoGuards,
  ...constraints,
];
