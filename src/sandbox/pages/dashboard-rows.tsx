import type { ComponentChildren } from 'preact';
import type Stripe from 'stripe';
import { idOf } from '../objects/reference.js';
import { itemOf } from '../objects/subscription.js';
import type { EventSummary } from './overview.js';
import { StatusMark } from './status-mark.js';
import { day, moment, money } from './words.js';

/** Whose row it is. */
interface Payer {
  email: string | undefined;
}

/** A customer in the overview. */
export function CustomerRow({ customer }: { customer: Stripe.Customer }) {
  return (
    <li>
      <span class="wide-cell">{customer.email ?? 'no e-mail'}</span>
      <code>{customer.id}</code>
    </li>
  );
}

/** A subscription in the overview, with what can happen to it while it lives. */
export function SubscriptionRow({ subscription, email }: { subscription: Stripe.Subscription } & Payer) {
  const { price, current_period_end: end } = itemOf(subscription);
  const ended = subscription.status === 'canceled';
  return (
    <li>
      <span class="wide-cell">
        {price.nickname} <StatusMark status={subscription.status} />
        <span class="quiet">
          {ended ? 'ended' : `${subscription.cancel_at_period_end ? 'ends' : 'renews'} ${day(end)}`}
        </span>
        <span>{email ?? idOf(subscription.customer)}</span>
        <code>{subscription.id}</code>
      </span>
      {!ended && (
        <Actions path={`/subscriptions/${subscription.id}`} of={subscription.id}>
          <button name="action" value="renew">
            {subscription.cancel_at_period_end
              ? 'End period now'
              : subscription.status === 'past_due'
                ? 'Pay now'
                : 'Renew now'}
          </button>
          {!subscription.cancel_at_period_end && (
            <button name="action" value="fail">
              Fail renewal
            </button>
          )}
          <button name="action" value="cancel" class="danger">
            Cancel now
          </button>
        </Actions>
      )}
    </li>
  );
}

/** A payment in the overview; what is left of it can be refunded, or disputed. */
export function PaymentRow({ charge, email }: { charge: Stripe.Charge } & Payer) {
  const status = charge.refunded ? 'refunded' : charge.disputed ? 'disputed' : charge.status;
  return (
    <li>
      <span class="wide-cell">
        {money(charge.amount, charge.currency)} <StatusMark status={status} />
        <span class="quiet">{day(charge.created)}</span>
        <span>{email ?? idOf(charge.customer)}</span>
        <code>{charge.id}</code>
      </span>
      {charge.paid && !charge.refunded && !charge.disputed && (
        <Actions path={`/charges/${charge.id}`} of={charge.id}>
          <button name="action" value="refund">
            Refund
          </button>
          <button name="action" value="dispute">
            Dispute
          </button>
        </Actions>
      )}
    </li>
  );
}

/** A dispute in the overview, to be decided while it is open. */
export function DisputeRow({ dispute, email }: { dispute: Stripe.Dispute } & Payer) {
  return (
    <li>
      <span class="wide-cell">
        {money(dispute.amount, dispute.currency)} <StatusMark status={dispute.status} />
        <span>{email}</span>
        <code>{dispute.id}</code>
      </span>
      {dispute.status === 'needs_response' && (
        <Actions path={`/disputes/${dispute.id}`} of={dispute.id}>
          <button name="action" value="won">
            Decide: won
          </button>
          <button name="action" value="lost" class="danger">
            Decide: lost
          </button>
        </Actions>
      )}
    </li>
  );
}

/** An event in the overview: whether it arrived, and a button to send it once more. */
export function EventRow({ event }: { event: EventSummary }) {
  const count = event.attempts === 1 ? '1 attempt' : `${event.attempts} attempts`;
  return (
    <li>
      <span class="wide-cell">
        <a href={`/events/${event.id}`}>{event.type}</a> <StatusMark status={event.status} />
        <span class="quiet">
          {moment(event.created * 1_000)}, {count}
        </span>
      </span>
      <Actions path={`/events/${event.id}`} of={event.type}>
        <button name="action" value="send">
          Send again
        </button>
      </Actions>
    </li>
  );
}

function Actions({ path, of, children }: { path: string; of: string; children: ComponentChildren }) {
  return (
    <form method="post" action={path} class="actions" aria-label={`Actions for ${of}`}>
      {children}
    </form>
  );
}
