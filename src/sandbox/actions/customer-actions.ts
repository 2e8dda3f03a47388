import type Stripe from 'stripe';
import { invalidStateError } from '../api/errors.js';
import { deleteCustomer, defaultMethodOf, savePickedMethod } from '../operations/customers.js';
import { expireCheckout } from '../operations/checkout.js';
import type { ActionGroup, Action, ActionCall } from './action.js';
import { cancelSubscription, withCancelAtPeriodEnd, pauseSubscription } from '../operations/subscriptions.js';
import { endDunning, renewSubscription, resumeSubscription } from '../operations/renewals.js';
import { type UnitOfWork, mustGet } from '../unit-of-work.js';

/** What can happen to a customer. */
export const customerActions: ActionGroup<'customer'> = {
  type: 'customer',
  path: 'customers',
  actions: [
    {
      name: 'delete',
      label: 'Delete',
      shown: 'first',
      danger: true,
      isAvailable: () => true,
      run: async ({ unitOfWork, object }) => {
        await deleteCustomer(unitOfWork, object);
        return object;
      },
    },
  ],
};

/** What can happen to a checkout beside its own page. */
export const checkoutActions: ActionGroup<'checkout.session'> = {
  type: 'checkout.session',
  path: 'checkouts',
  actions: [
    {
      name: 'expire',
      label: 'Expire',
      isAvailable: ({ status }) => status === 'open',
      run: ({ unitOfWork, object }) => {
        if (object.status !== 'open') throw invalidStateError(`This checkout is ${object.status}.`);
        return expireCheckout(unitOfWork, object);
      },
    },
  ],
};

const ENDED_STATUSES = ['canceled', 'incomplete_expired'];
const OVERDUE_STATUSES = ['past_due', 'unpaid'];
const hasNotEnded = ({ status }: Stripe.Subscription) => !ENDED_STATUSES.includes(status);
const isOverdue = ({ status }: Stripe.Subscription) => OVERDUE_STATUSES.includes(status);
const hasUnpaidInvoice = (subscription: Stripe.Subscription) =>
  isOverdue(subscription) || subscription.status === 'incomplete';
const willRenew = (subscription: Stripe.Subscription) =>
  hasNotEnded(subscription) && subscription.status !== 'paused' && !subscription.cancel_at_period_end;

const periodActions: Action<'subscription'>[] = [
  {
    name: 'renew',
    label: (subscription) =>
      subscription.cancel_at_period_end
        ? 'End period now'
        : hasUnpaidInvoice(subscription)
          ? 'Pay now'
          : 'Renew now',
    shown: 'first',
    isAvailable: (subscription) => hasNotEnded(subscription) && subscription.status !== 'paused',
    run: async ({ unitOfWork, object }) =>
      renewSubscription(unitOfWork, requireRenewable(object), await successOutcome(unitOfWork, object)),
  },
  {
    name: 'fail',
    label: (subscription) => (hasUnpaidInvoice(subscription) ? 'Fail again' : 'Fail renewal'),
    shown: 'first',
    isAvailable: willRenew,
    run: ({ unitOfWork, object }) => renewSubscription(unitOfWork, requireRenewable(object), 'declines'),
  },
  {
    name: 'ask',
    label: 'Renewal asks for a confirmation',
    shown: 'more',
    isAvailable: willRenew,
    run: ({ unitOfWork, object }) => renewSubscription(unitOfWork, requireRenewable(object), 'needs_action'),
  },
];

const endActions: Action<'subscription'>[] = [
  {
    name: 'pause',
    label: 'Trial ends without a card',
    shown: 'more',
    isAvailable: ({ status }) => status === 'trialing',
    run: ({ unitOfWork, object }) => pauseSubscription(unitOfWork, object),
  },
  {
    name: 'resume',
    label: 'Add a card and resume',
    shown: 'first',
    isAvailable: ({ status }) => status === 'paused',
    run: resumeWithCard,
  },
  {
    name: 'unpaid',
    label: 'Give up: unpaid',
    shown: 'more',
    isAvailable: ({ status }) => status === 'past_due',
    run: ({ unitOfWork, object }) => endDunning(unitOfWork, object, 'unpaid'),
  },
  {
    name: 'give_up',
    label: 'Give up: cancel',
    shown: 'more',
    danger: true,
    isAvailable: isOverdue,
    run: ({ unitOfWork, object }) => endDunning(unitOfWork, object, 'canceled'),
  },
  {
    name: 'cancel_at_period_end',
    label: 'Cancel at period end',
    shown: 'more',
    isAvailable: willRenew,
    run: ({ unitOfWork, object }) =>
      unitOfWork.update(
        'customer.subscription.updated',
        requireRenewable(object),
        withCancelAtPeriodEnd(object, true, unitOfWork.now),
      ),
  },
  {
    name: 'cancel',
    label: 'Cancel now',
    shown: 'more',
    danger: true,
    isAvailable: hasNotEnded,
    run: ({ unitOfWork, object }) => cancelSubscription(unitOfWork, notEnded(object)),
  },
];

/** What can happen to a subscription. */
export const subscriptionActions: ActionGroup<'subscription'> = {
  type: 'subscription',
  path: 'subscriptions',
  actions: [...periodActions, ...endActions],
};

function notEnded(subscription: Stripe.Subscription): Stripe.Subscription {
  if (!hasNotEnded(subscription)) throw invalidStateError('This subscription has ended.');
  return subscription;
}

function requireRenewable(subscription: Stripe.Subscription): Stripe.Subscription {
  notEnded(subscription);
  if (subscription.status === 'paused') throw invalidStateError('This subscription is paused.');
  return subscription;
}

/** A press of "Renew now" succeeds whatever the card; a debit is on its way first, as always. */
async function successOutcome(unitOfWork: UnitOfWork, subscription: Stripe.Subscription) {
  const method = await defaultMethodOf(unitOfWork, subscription);
  return method?.type === 'sepa_debit' ? ('processes' as const) : ('succeeds' as const);
}

async function resumeWithCard({ unitOfWork, object }: ActionCall<'subscription'>) {
  const method = await savePickedMethod(
    unitOfWork,
    await mustGet(unitOfWork, 'customer', object.customer),
    'own',
  );
  return resumeSubscription(unitOfWork, { ...object, default_payment_method: method.id });
}
