import type Stripe from 'stripe';
import { idOf } from '../objects/stripe-objects.js';
import { cancelSubscription, withCancelAtPeriodEnd } from '../operations/subscriptions.js';
import { mustGet, lockOr404 } from '../unit-of-work.js';
import { invalidStateError } from '../api/errors.js';
import type { PageResponse, PageRoute, PageRequest } from './route.js';
import { subscriptionItemOf } from '../objects/subscription.js';
import type { CustomerTexts } from './customer-texts.js';
import { dayLocale, renderPage, StatusBadge, formatDay, formatMoney, moneyLocale } from './layout.js';

/** The billing portal and its forms. */
export const portalPages: PageRoute[] = [
  { method: 'GET', path: '/portal/:id', handle: showPortal },
  { method: 'POST', path: '/portal/:id', handle: submitPortal },
];

async function showPortal(pageRequest: PageRequest): Promise<PageResponse> {
  const { unitOfWork, context, t } = pageRequest;
  const portal = await lockOr404(pageRequest.unitOfWork, 'billing_portal.session', pageRequest.id);
  const ofCustomer = { sql: `data->>'customer' = $`, value: portal.customer };
  const live = { sql: `data->>'status' <> 'canceled'` };
  const subscriptions = await unitOfWork.store.list('subscription', {
    filters: [ofCustomer, live],
    limit: 10,
  });
  const invoices = await unitOfWork.store.list('invoice', { filters: [ofCustomer], limit: 12 });
  const customer = await mustGet(unitOfWork, 'customer', portal.customer);
  return {
    html: portalPage({
      portal,
      customer,
      subscriptions: subscriptions.data,
      invoices: invoices.data,
      appName: context.appName,
      t,
    }),
  };
}

async function submitPortal(pageRequest: PageRequest): Promise<PageResponse> {
  const { unitOfWork, fields } = pageRequest;
  const portal = await lockOr404(pageRequest.unitOfWork, 'billing_portal.session', pageRequest.id);
  const subscription = await lockOr404(
    pageRequest.unitOfWork,
    'subscription',
    fields.required('subscription'),
  );
  if (idOf(subscription.customer) !== portal.customer)
    throw invalidStateError(pageRequest.t('portal.otherCustomer'));
  const action = fields.oneOf('action', 'cancel_at_period_end', 'cancel_now', 'resume');
  // A second click on a page that was loaded before the first: what it asks for is already so.
  if (subscription.status === 'canceled') return { goTo: `/portal/${portal.id}` };
  if (action === 'cancel_now') await cancelSubscription(unitOfWork, subscription);
  else {
    const after = withCancelAtPeriodEnd(subscription, action === 'cancel_at_period_end', unitOfWork.now);
    await unitOfWork.update('customer.subscription.updated', subscription, after);
  }
  return { goTo: `/portal/${portal.id}` };
}

/** What the billing portal shows. */
export interface PortalView {
  portal: Stripe.BillingPortal.Session;
  customer: Stripe.Customer;
  subscriptions: Stripe.Subscription[];
  invoices: Stripe.Invoice[];
  appName: string;
  t: CustomerTexts;
}

/** The page on which a customer manages their subscription. */
export function portalPage({ portal, customer, subscriptions, invoices, appName, t }: PortalView): string {
  return renderPage({
    title: t('portal.title'),
    ...{ appName, t },
    children: (
      <>
        <p class="quiet">{customer.email ?? customer.id}</p>
        {subscriptions.length === 0 && <p class="card empty">{t('portal.none')}</p>}
        {subscriptions.map((subscription) => (
          <Plan key={subscription.id} subscription={subscription} portalId={portal.id} t={t} />
        ))}
        <Invoices invoices={invoices} t={t} />
        {portal.return_url !== null && (
          <p class="after">
            <a href={portal.return_url}>← {t('portal.back', { app: appName })}</a>
          </p>
        )}
      </>
    ),
  });
}

function Plan({
  subscription,
  portalId,
  t,
}: {
  subscription: Stripe.Subscription;
  portalId: string;
  t: CustomerTexts;
}) {
  const { price, current_period_end: end } = subscriptionItemOf(subscription);
  return (
    <section class="card">
      <h2>
        {price.nickname ?? price.id}{' '}
        <StatusBadge status={subscription.status} word={t(`status.${subscription.status}`)} />
      </h2>
      <p>
        {formatMoney(price.unit_amount, price.currency, moneyLocale(t))}{' '}
        {t(`per.${price.recurring?.interval ?? 'time'}`)}
      </p>
      <p class="quiet">
        {t(subscription.cancel_at_period_end ? 'portal.endsOn' : 'portal.renewsOn', {
          date: formatDay(end, dayLocale(t)),
        })}
      </p>
      <form method="post" action={`/portal/${portalId}`} class="actions">
        <input type="hidden" name="subscription" value={subscription.id} />
        {subscription.cancel_at_period_end ? (
          <button name="action" value="resume" class="primary">
            {t('portal.keep')}
          </button>
        ) : (
          <button name="action" value="cancel_at_period_end">
            {t('portal.cancelAtEnd')}
          </button>
        )}
        <button name="action" value="cancel_now" class="danger">
          {t('portal.cancelNow')}
        </button>
      </form>
    </section>
  );
}

function Invoices({ invoices, t }: Pick<PortalView, 'invoices' | 't'>) {
  return (
    <section>
      <h2>{t('portal.invoices')}</h2>
      {invoices.length === 0 && <p class="card empty">{t('portal.noInvoices')}</p>}
      <ul class="rows">
        {invoices.map((invoice) => (
          <li key={invoice.id}>
            <span>{invoice.number}</span>
            <span class="quiet">{formatDay(invoice.created, dayLocale(t))}</span>
            <span>{formatMoney(invoice.total, invoice.currency, moneyLocale(t))}</span>
            <StatusBadge status={invoice.status ?? 'draft'} word={t(`status.${invoice.status ?? 'draft'}`)} />
          </li>
        ))}
      </ul>
    </section>
  );
}
