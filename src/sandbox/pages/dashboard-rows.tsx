import type { Children } from '#jsx/jsx-runtime';
import type Stripe from 'stripe';
import { chargeActions } from '../actions/charge-actions.js';
import { invoiceActions } from '../actions/invoice-actions.js';
import { customerActions, subscriptionActions } from '../actions/customer-actions.js';
import { idOf, idOrNull } from '../objects/stripe-objects.js';
import { subscriptionItemOf } from '../objects/subscription.js';
import type { EventSummary } from '../store/events.js';
import { StatusBadge, formatDay, formatDateTime, formatMoney } from './layout.js';
import type { Action, ActionGroup } from '../actions/action.js';
import type { ResourceType, Resources } from '../store/store.js';

/** Whose row it is. */
export interface Payer {
  email: string | undefined;
}

/** A customer in the overview. */
export function CustomerRow({ customer }: { customer: Stripe.Customer }) {
  const name = customer.email ?? 'no e-mail';
  return (
    <li>
      <span class="wide-cell">
        {name}
        {customer.balance !== 0 && (
          <span class="quiet">balance {formatMoney(customer.balance, customer.currency ?? null)}</span>
        )}
        <code>{customer.id}</code>
      </span>
      <ActionButtons actionGroup={customerActions} object={customer} of={name} />
    </li>
  );
}

/** A subscription in the overview, with what can happen to it while it lives. */
export function SubscriptionRow({ subscription, email }: { subscription: Stripe.Subscription } & Payer) {
  const { price } = subscriptionItemOf(subscription);
  return (
    <li>
      <span class="wide-cell">
        {price.nickname ?? price.id} <StatusBadge status={subscription.status} />
        <span class="quiet">{periodEndText(subscription)}</span>
        <span>{email ?? idOf(subscription.customer)}</span>
        <code>{subscription.id}</code>
      </span>
      <ActionButtons actionGroup={subscriptionActions} object={subscription} of={subscription.id} />
    </li>
  );
}

/** A payment in the overview, with what came of it below: refunds, disputes, warnings. */
export function PaymentRow({
  charge,
  email,
  children,
}: { charge: Stripe.Charge; children: Children } & Payer) {
  const back = charge.amount_refunded > 0 && !charge.refunded;
  return (
    <li>
      <span class="wide-cell">
        {formatMoney(charge.amount, charge.currency)} <StatusBadge status={chargeStatus(charge)} />
        {back && <span class="quiet">{formatMoney(charge.amount_refunded, charge.currency)} given back</span>}
        <span class="quiet">{formatDay(charge.created)}</span>
        <span>{email ?? idOrNull(charge.customer)}</span>
        <code>{charge.id}</code>
      </span>
      <ActionButtons actionGroup={chargeActions} object={charge} of={charge.id} />
      {children}
    </li>
  );
}

/** An invoice in the overview, with its credit notes below. */
export function InvoiceRow({ invoice, children }: { invoice: Stripe.Invoice; children: Children }) {
  const name = invoice.number ?? 'Draft';
  return (
    <li>
      <span class="wide-cell">
        {name} <StatusBadge status={invoice.status ?? 'draft'} />
        <span class="quiet">
          {formatMoney(invoice.total, invoice.currency)}
          {invoice.amount_remaining > 0 &&
            `, ${formatMoney(invoice.amount_remaining, invoice.currency)} left`}
        </span>
        <span>{invoice.customer_email}</span>
        <code>{invoice.id}</code>
      </span>
      <ActionButtons actionGroup={invoiceActions} object={invoice} of={name} />
      {children}
    </li>
  );
}

/** An event in the overview: whether it arrived, and a button to send it once more. */
export function EventRow({ event }: { event: EventSummary }) {
  const count = event.attempts === 1 ? '1 attempt' : `${event.attempts} attempts`;
  return (
    <li>
      <span class="wide-cell">
        <a href={`/events/${event.id}`}>{event.type}</a> <StatusBadge status={event.status} />
        <span class="quiet">
          {formatDateTime(event.created * 1_000)}, {count}
        </span>
      </span>
      <form
        method="post"
        action={`/events/${event.id}`}
        class="actions"
        aria-label={`Actions for ${event.type}`}
      >
        <button name="action" value="send" aria-label={`Send again: ${event.type}`}>
          Send again
        </button>
      </form>
    </li>
  );
}

function periodEndText(subscription: Stripe.Subscription): string {
  if (subscription.ended_at !== null) return `ended ${formatDay(subscription.ended_at)}`;
  if (subscription.status === 'paused') return '';
  const end = formatDay(subscriptionItemOf(subscription).current_period_end);
  return `${subscription.cancel_at_period_end ? 'ends' : 'renews'} ${end}`;
}

function chargeStatus(charge: Stripe.Charge): string {
  if (charge.refunded) return 'refunded';
  return charge.disputed ? 'disputed' : charge.status;
}

/**
 * The buttons of a row that fit its object as it is, the rarer ones behind "More". `of` names the
 * row for who cannot see it.
 */
export function ActionButtons<K extends ResourceType>({
  actionGroup,
  object,
  of,
}: {
  actionGroup: ActionGroup<K>;
  object: Resources[K];
  of: string;
}) {
  const available = actionGroup.actions.filter(
    (button) => button.shown !== undefined && button.isAvailable(object),
  );
  const more = available.filter(({ shown }) => shown === 'more');
  // Nothing is gained by hiding all that there is.
  const first =
    available.length === more.length ? more : available.filter((button) => !more.includes(button));
  if (available.length === 0) return null;
  return (
    <form
      method="post"
      action={`/${actionGroup.path}/${object.id}`}
      class="actions"
      aria-label={`Actions for ${of}`}
    >
      {first.map((button) => (
        <ActionButton key={button.name} action={button} object={object} of={of} />
      ))}
      {more.length > 0 && first !== more && (
        <details class="more">
          <summary aria-label={`More for ${of}`}>More</summary>
          <div class="actions">
            {more.map((button) => (
              <ActionButton key={button.name} action={button} object={object} of={of} />
            ))}
          </div>
        </details>
      )}
    </form>
  );
}

function ActionButton<K extends ResourceType>({
  action,
  object,
  of,
}: {
  action: Action<K>;
  object: Resources[K];
  of: string;
}) {
  const label = typeof action.label === 'string' ? action.label : action.label(object);
  return (
    <button
      name="action"
      value={action.name}
      class={action.danger === true ? 'danger' : undefined}
      aria-label={`${label}: ${of}`}
    >
      {label}
    </button>
  );
}
