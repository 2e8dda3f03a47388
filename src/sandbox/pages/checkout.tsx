import type Stripe from 'stripe';
import { invalidParamError } from '../api/errors.js';
import { expireCheckout, payCheckout } from '../operations/checkout.js';
import { mustGet, lockOr404 } from '../unit-of-work.js';
import type { PageResponse, PageRoute, PageRequest } from './route.js';
import { renderPage, formatMoney } from './layout.js';

const CHECKOUT_METHODS = ['own', 'shared', 'declined', 'sepa', 'sepa_incomplete'] as const;

/** The checkout page and its form. */
export const checkoutPages: PageRoute[] = [
  { method: 'GET', path: '/checkout/:id', handle: showCheckout },
  { method: 'POST', path: '/checkout/:id', handle: submitCheckout },
];

async function showCheckout(pageRequest: PageRequest): Promise<PageResponse> {
  const session = await currentSession(pageRequest);
  if (session.status !== 'open') return { html: closedCheckoutPage(session, pageRequest.context.appName) };
  return renderForm(pageRequest, session, null);
}

async function submitCheckout(pageRequest: PageRequest): Promise<PageResponse> {
  const session = await payOpenCheckout(pageRequest);
  if (session === 'declined') {
    const declined = await currentSession(pageRequest);
    return {
      ...(await renderForm(pageRequest, declined, 'Your card was declined. Try another one.')),
      status: 402,
    };
  }
  if (session.status === 'complete') return { goTo: successUrl(session) };
  return { html: closedCheckoutPage(session, pageRequest.context.appName), status: 410 };
}

/**
 * Pays a checkout as its page does. Returns it as it is then; `declined` when the card was. *again*
 * answers the paid one
 */
export async function payOpenCheckout(
  pageRequest: PageRequest,
): Promise<Stripe.Checkout.Session | 'declined'> {
  const session = await currentSession(pageRequest);
  const card = pageRequest.fields.oneOf('card', ...CHECKOUT_METHODS) ?? 'own';
  if (session.status !== 'open') return session;
  if (card === 'declined') return 'declined';
  return payCheckout(pageRequest.unitOfWork, session, readEmail(pageRequest, session), card);
}

async function renderForm(
  { unitOfWork, context }: PageRequest,
  session: Stripe.Checkout.Session,
  problem: string | null,
) {
  const terms = await unitOfWork.store.mustGetFulfilment(session.id);
  const price = await mustGet(unitOfWork, 'price', terms.price);
  const html = checkoutPage({
    session,
    price,
    trialDays: terms.trialDays,
    appName: context.appName,
    problem,
  });
  return { html, leadsTo: session.success_url };
}

async function currentSession(pageRequest: PageRequest): Promise<Stripe.Checkout.Session> {
  const session = await lockOr404(pageRequest.unitOfWork, 'checkout.session', pageRequest.id);
  const due = session.status === 'open' && session.expires_at <= pageRequest.unitOfWork.now;
  return due ? expireCheckout(pageRequest.unitOfWork, session) : session;
}

function readEmail({ fields }: PageRequest, session: Stripe.Checkout.Session): string | null {
  if (session.customer !== null) return null;
  const email = fields.required('email').trim();
  if (!/^[^\s@]+@[^\s@]+$/.test(email))
    throw invalidParamError('email', `'${email}' is no e-mail address.`, 'email_invalid');
  return email;
}

function successUrl(session: Stripe.Checkout.Session): string {
  if (session.success_url === null) return '/';
  // As a browser would write it: a header cannot carry every character that an address may be given
  // with.
  return new URL(session.success_url.replaceAll('{CHECKOUT_SESSION_ID}', session.id)).href;
}

/** What the checkout page shows. `problem` is why the last try did not work, null at first. */
export interface CheckoutView {
  session: Stripe.Checkout.Session;
  price: Stripe.Price;
  trialDays: number;
  appName: string;
  problem: string | null;
}

/** The page on which a person pays, or declines to. */
export function checkoutPage(view: CheckoutView): string {
  const { session, appName, problem } = view;
  return renderPage({
    title: `Subscribe to ${appName}`,
    appName,
    children: (
      <>
        <LineItem {...view} />
        {problem !== null && (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
        <form method="post" action={`/checkout/${session.id}`} class="card">
          <Email session={session} />
          <Cards />
          <button class="primary">
            {view.trialDays > 0
              ? 'Start the trial'
              : `Pay ${formatMoney(view.price.unit_amount, view.price.currency)}`}
          </button>
        </form>
        {session.cancel_url !== null && (
          <p class="after">
            <a href={session.cancel_url.replaceAll('{CHECKOUT_SESSION_ID}', session.id)}>
              Cancel and go back
            </a>
          </p>
        )}
      </>
    ),
  });
}

/** The page of a checkout that is over. */
export function closedCheckoutPage(session: Stripe.Checkout.Session, appName: string): string {
  const text =
    session.status === 'complete'
      ? 'This checkout is complete; you may close this page.'
      : 'This checkout has expired. Start a new one.';
  return renderPage({ title: 'Nothing to pay here', appName, children: <p class="card">{text}</p> });
}

function LineItem({ price, trialDays, appName }: CheckoutView) {
  const each = price.recurring?.interval ?? 'time';
  return (
    <section class="card line-item" aria-label="Your order">
      <div>
        <strong>{appName}</strong>
        <span class="quiet">
          {price.nickname ?? price.id}, billed every {each}
        </span>
        {trialDays > 0 && <span class="quiet">{trialDays} days free first</span>}
      </div>
      <div class="amount">
        {formatMoney(price.unit_amount, price.currency)}
        <span class="quiet"> / {each}</span>
      </div>
    </section>
  );
}

function Email({ session }: { session: Stripe.Checkout.Session }) {
  const known = session.customer_details?.email ?? '';
  return (
    <p class="field">
      <label for="email">E-mail</label>
      <input
        id="email"
        name="email"
        type="email"
        autocomplete="email"
        required
        value={known}
        readonly={session.customer !== null}
      />
    </p>
  );
}

function Cards() {
  return (
    <fieldset>
      <legend>Test card or account</legend>
      <CardChoice value="own" name="Visa •••• 4242" text="Works. A card of your own." checked />
      <CardChoice
        value="shared"
        name="Visa •••• 1111"
        text="Works. The same card for everybody who picks it."
      />
      <CardChoice value="declined" name="Visa •••• 0002" text="Is declined." />
      <CardChoice
        value="sepa"
        name="SEPA debit •••• 3000"
        text="Arrives, or not, by a button of the overview."
      />
    </fieldset>
  );
}

function CardChoice({
  value,
  name,
  text,
  checked = false,
}: {
  value: string;
  name: string;
  text: string;
  checked?: boolean;
}) {
  return (
    <label class="choice">
      <input type="radio" name="card" value={value} checked={checked} />
      <span>
        <strong>{name}</strong>
        <span class="quiet">{text}</span>
      </span>
    </label>
  );
}
