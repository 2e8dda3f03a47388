import type Stripe from 'stripe';
import { renderPage } from './layout.js';
import { formatMoney } from './format.js';

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

/** What a person sees who opens a checkout that is over. */
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
        readOnly={session.customer !== null}
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
      <input type="radio" name="card" value={value} defaultChecked={checked} />
      <span>
        <strong>{name}</strong>
        <span class="quiet">{text}</span>
      </span>
    </label>
  );
}
