import type Stripe from 'stripe';
import { refused } from '../api/errors.js';
import { cancelNow, endingWithPeriod } from '../verbs/cancel.js';
import { giveUp } from '../verbs/dunning.js';
import { methodOf } from '../verbs/method-of.js';
import { saveForCheckout } from '../verbs/methods.js';
import { held } from '../verbs/held.js';
import { pause } from '../verbs/pause.js';
import { renew } from '../verbs/renew.js';
import { resume } from '../verbs/resume.js';
import type { Work } from '../work.js';
import type { Button, Panel, Press } from './button.js';

const OVER = ['canceled', 'incomplete_expired'];
const BEHIND = ['past_due', 'unpaid'];
const lives = ({ status }: Stripe.Subscription) => !OVER.includes(status);
const behind = ({ status }: Stripe.Subscription) => BEHIND.includes(status);
const owes = (subscription: Stripe.Subscription) =>
  behind(subscription) || subscription.status === 'incomplete';
const goesOn = (subscription: Stripe.Subscription) =>
  lives(subscription) && subscription.status !== 'paused' && !subscription.cancel_at_period_end;

const periods: Button<'subscription'>[] = [
  {
    name: 'renew',
    label: (subscription) =>
      subscription.cancel_at_period_end ? 'End period now' : owes(subscription) ? 'Pay now' : 'Renew now',
    shown: 'first',
    fits: (subscription) => lives(subscription) && subscription.status !== 'paused',
    press: async ({ work, object }) => renew(work, living(object), await workingOutcome(work, object)),
  },
  {
    name: 'fail',
    label: (subscription) => (owes(subscription) ? 'Fail again' : 'Fail renewal'),
    shown: 'first',
    fits: goesOn,
    press: ({ work, object }) => renew(work, living(object), 'declines'),
  },
  {
    name: 'ask',
    label: 'Renewal asks for a confirmation',
    shown: 'more',
    fits: goesOn,
    press: ({ work, object }) => renew(work, living(object), 'needs_action'),
  },
];

const ends: Button<'subscription'>[] = [
  {
    name: 'pause',
    label: 'Trial ends without a card',
    shown: 'more',
    fits: ({ status }) => status === 'trialing',
    press: ({ work, object }) => pause(work, object),
  },
  {
    name: 'resume',
    label: 'Add a card and resume',
    shown: 'first',
    fits: ({ status }) => status === 'paused',
    press: resumeWithCard,
  },
  {
    name: 'unpaid',
    label: 'Give up: unpaid',
    shown: 'more',
    fits: ({ status }) => status === 'past_due',
    press: ({ work, object }) => giveUp(work, object, 'unpaid'),
  },
  {
    name: 'give_up',
    label: 'Give up: cancel',
    shown: 'more',
    danger: true,
    fits: behind,
    press: ({ work, object }) => giveUp(work, object, 'canceled'),
  },
  {
    name: 'cancel_at_period_end',
    label: 'Cancel at period end',
    shown: 'more',
    fits: goesOn,
    press: ({ work, object }) =>
      work.update('customer.subscription.updated', living(object), endingWithPeriod(object, true, work.now)),
  },
  {
    name: 'cancel',
    label: 'Cancel now',
    shown: 'more',
    danger: true,
    fits: lives,
    press: ({ work, object }) => cancelNow(work, unended(object)),
  },
];

/** What can happen to a subscription. */
export const subscriptionPanel: Panel<'subscription'> = {
  type: 'subscription',
  path: 'subscriptions',
  buttons: [...periods, ...ends],
};

function unended(subscription: Stripe.Subscription): Stripe.Subscription {
  if (!lives(subscription)) throw refused('This subscription has ended.');
  return subscription;
}

function living(subscription: Stripe.Subscription): Stripe.Subscription {
  unended(subscription);
  if (subscription.status === 'paused') throw refused('This subscription is paused.');
  return subscription;
}

/** A press of "Renew now" succeeds whatever the card; a debit is on its way first, as always. */
async function workingOutcome(work: Work, subscription: Stripe.Subscription) {
  const method = await methodOf(work, subscription);
  return method?.type === 'sepa_debit' ? ('processes' as const) : ('succeeds' as const);
}

async function resumeWithCard({ work, object }: Press<'subscription'>) {
  const method = await saveForCheckout(work, await held(work, 'customer', object.customer), 'own');
  return resume(work, { ...object, default_payment_method: method.id });
}
