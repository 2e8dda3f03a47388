import { fraudWarning } from '../../support/payment-payloads.js';
import { event } from '../../support/stripe-payloads.js';
import {
  creditedResult,
  day,
  disputeEvents,
  invoiceEvents,
  refundEvents,
  type ExpectedResult,
  type History,
} from './history.js';

const reversedResult: ExpectedResult = { tier: 'paid', days: [0, 0], rewardStatus: 'reversed' };

/** Disputes of the first payment, and what else puts it at risk. */
export const disputes: History[] = [
  disputeHistory('dispute open', { ...reversedResult, rewardStatus: 'suspended' }, [
    ['created', 'needs_response'],
    ['funds_withdrawn', 'needs_response'],
    ['updated', 'under_review'],
  ]),
  disputeHistory('dispute won', creditedResult, [
    ['created', 'needs_response'],
    ['updated', 'under_review'],
    ['closed', 'won'],
  ]),
  disputeHistory('dispute lost', reversedResult, [
    ['created', 'needs_response'],
    ['funds_withdrawn', 'needs_response'],
    ['closed', 'lost'],
  ]),
  disputeHistory('dispute lost, appealed, won', creditedResult, [
    ['created', 'needs_response'],
    ['closed', 'lost'],
    ['updated', 'appeal_under_review'],
    ['closed', 'won'],
    ['funds_reinstated', 'won'],
  ]),
  disputeHistory('inquiry only', creditedResult, [
    ['created', 'warning_needs_response'],
    ['updated', 'warning_under_review'],
    ['closed', 'warning_closed'],
  ]),
  disputeHistory('inquiry that becomes a dispute, lost', reversedResult, [
    ['created', 'warning_needs_response'],
    ['updated', 'needs_response'],
    ['closed', 'lost'],
  ]),
  disputeHistory('dispute prevented', reversedResult, [
    ['created', 'prevented'],
    ['closed', 'prevented'],
  ]),
  disputeHistory(
    'dispute won within a second',
    creditedResult,
    [
      ['created', 'needs_response'],
      ['updated', 'under_review'],
      ['closed', 'won'],
    ],
    0,
  ),
  {
    name: 'fraud warning',
    expected: creditedResult,
    buildEvents: ({ bert, startsAt }) => {
      const { payment, paid, invoicePayment } = invoiceEvents(bert, startsAt);
      const warning = fraudWarning(payment, startsAt + day);
      return [
        invoicePayment,
        paid,
        event('radar.early_fraud_warning.created', warning, startsAt + day),
        event('radar.early_fraud_warning.updated', { ...warning, actionable: false }, startsAt + 2 * day),
      ];
    },
  },
  {
    name: 'dispute won, money given back nevertheless',
    expected: reversedResult,
    buildEvents: ({ bert, startsAt }) => {
      const { payment, paid, invoicePayment } = invoiceEvents(bert, startsAt);
      const [opened, won] = disputeEvents(payment, startsAt + day, [
        ['created', 'needs_response'],
        ['closed', 'won'],
      ]);
      const back = refundEvents(payment, startsAt + day, [['created', 'succeeded']]);
      return [invoicePayment, paid, opened, ...back, won].filter((told) => told !== undefined);
    },
  },
  {
    name: 'dispute won while refunded, refund failed',
    expected: creditedResult,
    buildEvents: ({ bert, startsAt }) => {
      const { payment, paid, invoicePayment } = invoiceEvents(bert, startsAt);
      const [opened, won] = disputeEvents(payment, startsAt + day, [
        ['created', 'needs_response'],
        ['closed', 'won'],
      ]);
      const back = refundEvents(payment, startsAt + day, [
        ['created', 'succeeded'],
        ['failed', 'failed'],
      ]);
      return [invoicePayment, paid, opened, ...back, won].filter((told) => told !== undefined);
    },
  },
];

function disputeHistory(
  name: string,
  ends: ExpectedResult,
  states: [type: string, status: string][],
  apart = day,
): History {
  return {
    name,
    expected: ends,
    buildEvents: ({ bert, startsAt }) => {
      const { payment, paid, invoicePayment } = invoiceEvents(bert, startsAt);
      return [invoicePayment, paid, ...disputeEvents(payment, startsAt + day, states, apart)];
    },
  };
}
