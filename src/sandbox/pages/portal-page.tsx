import type Stripe from 'stripe';
import { subscriptionItemOf } from '../objects/subscription.js';
import { renderPage, StatusBadge } from './layout.js';
import { formatDay, formatMoney } from './format.js';

/** What the billing portal shows. */
export interface PortalView {
  portal: Stripe.BillingPortal.Session;
  customer: Stripe.Customer;
  subscriptions: Stripe.Subscription[];
  invoices: Stripe.Invoice[];
  appName: string;
}

/** The page on which a customer looks after his subscription. */
export function portalPage({ portal, customer, subscriptions, invoices, appName }: PortalView): string {
  return renderPage({
    title: 'Your subscription',
    appName,
    children: (
      <>
        <p class="quiet">{customer.email ?? customer.id}</p>
        {subscriptions.length === 0 && <p class="card empty">You have no subscription.</p>}
        {subscriptions.map((subscription) => (
          <Plan key={subscription.id} subscription={subscription} portalId={portal.id} />
        ))}
        <Invoices invoices={invoices} />
        {portal.return_url !== null && (
          <p class="after">
            <a href={portal.return_url}>← Back to {appName}</a>
          </p>
        )}
      </>
    ),
  });
}

function Plan({ subscription, portalId }: { subscription: Stripe.Subscription; portalId: string }) {
  const { price, current_period_end: end } = subscriptionItemOf(subscription);
  return (
    <section class="card">
      <h2>
        {price.nickname ?? price.id} <StatusBadge status={subscription.status} />
      </h2>
      <p>
        {formatMoney(price.unit_amount, price.currency)} every {price.recurring?.interval}
      </p>
      <p class="quiet">
        {subscription.cancel_at_period_end ? `Ends on ${formatDay(end)}.` : `Renews on ${formatDay(end)}.`}
      </p>
      <form method="post" action={`/portal/${portalId}`} class="actions">
        <input type="hidden" name="subscription" value={subscription.id} />
        {subscription.cancel_at_period_end ? (
          <button name="action" value="resume" class="primary">
            Keep the subscription
          </button>
        ) : (
          <button name="action" value="cancel_at_period_end">
            Cancel at period end
          </button>
        )}
        <button name="action" value="cancel_now" class="danger">
          Cancel now
        </button>
      </form>
    </section>
  );
}

function Invoices({ invoices }: { invoices: Stripe.Invoice[] }) {
  return (
    <section>
      <h2>Invoices</h2>
      {invoices.length === 0 && <p class="card empty">No invoices yet.</p>}
      <ul class="rows">
        {invoices.map((invoice) => (
          <li key={invoice.id}>
            <span>{invoice.number}</span>
            <span class="quiet">{formatDay(invoice.created)}</span>
            <span>{formatMoney(invoice.total, invoice.currency)}</span>
            <StatusBadge status={invoice.status ?? 'draft'} />
          </li>
        ))}
      </ul>
    </section>
  );
}
