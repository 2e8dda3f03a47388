import { fraudWarning } from '../../support/money-payloads.js';
import { event } from '../../support/stripe-payloads.js';
import { credited, day, disputeOf, paying, refundOf, type Ending, type History } from './history.js';

const reversed: Ending = { tier: 'paid', days: [0, 0], stands: 'reversed' };

/** Disputes of the first payment, and what else puts it at risk. */
export const disputes: History[] = [
  disputed('dispute open', { ...reversed, stands: 'suspended' }, [
    ['created', 'needs_response'],
    ['funds_withdrawn', 'needs_response'],
    ['updated', 'under_review'],
  ]),
  disputed('dispute won', credited, [
    ['created', 'needs_response'],
    ['updated', 'under_review'],
    ['closed', 'won'],
  ]),
  disputed('dispute lost', reversed, [
    ['created', 'needs_response'],
    ['funds_withdrawn', 'needs_response'],
    ['closed', 'lost'],
  ]),
  disputed('dispute lost, appealed, won', credited, [
    ['created', 'needs_response'],
    ['closed', 'lost'],
    ['updated', 'appeal_under_review'],
    ['closed', 'won'],
    ['funds_reinstated', 'won'],
  ]),
  disputed('inquiry only', credited, [
    ['created', 'warning_needs_response'],
    ['updated', 'warning_under_review'],
    ['closed', 'warning_closed'],
  ]),
  disputed('inquiry that becomes a dispute, lost', reversed, [
    ['created', 'warning_needs_response'],
    ['updated', 'needs_response'],
    ['closed', 'lost'],
  ]),
  disputed('dispute prevented', reversed, [
    ['created', 'prevented'],
    ['closed', 'prevented'],
  ]),
  disputed(
    'dispute won within a second',
    credited,
    [
      ['created', 'needs_response'],
      ['updated', 'under_review'],
      ['closed', 'won'],
    ],
    0,
  ),
  {
    name: 'fraud warning',
    ends: credited,
    tell: ({ bert, begins }) => {
      const { payment, paid, mapped } = paying(bert, begins);
      const warning = fraudWarning(payment, begins + day);
      return [
        mapped,
        paid,
        event('radar.early_fraud_warning.created', warning, begins + day),
        event('radar.early_fraud_warning.updated', { ...warning, actionable: false }, begins + 2 * day),
      ];
    },
  },
  {
    name: 'dispute won, money given back nevertheless',
    ends: reversed,
    tell: ({ bert, begins }) => {
      const { payment, paid, mapped } = paying(bert, begins);
      const [opened, won] = disputeOf(payment, begins + day, [
        ['created', 'needs_response'],
        ['closed', 'won'],
      ]);
      const back = refundOf(payment, begins + day, [['created', 'succeeded']]);
      return [mapped, paid, opened, ...back, won].filter((told) => told !== undefined);
    },
  },
  {
    name: 'dispute won while refunded, refund failed',
    ends: credited,
    tell: ({ bert, begins }) => {
      const { payment, paid, mapped } = paying(bert, begins);
      const [opened, won] = disputeOf(payment, begins + day, [
        ['created', 'needs_response'],
        ['closed', 'won'],
      ]);
      const back = refundOf(payment, begins + day, [
        ['created', 'succeeded'],
        ['failed', 'failed'],
      ]);
      return [mapped, paid, opened, ...back, won].filter((told) => told !== undefined);
    },
  },
];

function disputed(
  name: string,
  ends: Ending,
  states: [type: string, status: string][],
  apart = day,
): History {
  return {
    name,
    ends,
    tell: ({ bert, begins }) => {
      const { payment, paid, mapped } = paying(bert, begins);
      return [mapped, paid, ...disputeOf(payment, begins + day, states, apart)];
    },
  };
}
