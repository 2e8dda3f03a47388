import type Stripe from 'stripe';
import { invalidParamError } from '../api/errors.js';
import { expireCheckout, payCheckout } from '../operations/checkout.js';
import { mustGet, lockOr404 } from '../unit-of-work.js';
import type { PageResponse, PageRoute, PageRequest } from './route.js';
import type { CustomerTexts } from './customer-texts.js';
import { renderPage, formatMoney, moneyLocale } from './layout.js';

const CHECKOUT_METHODS = ['own', 'shared', 'declined', 'sepa', 'sepa_incomplete'] as const;

/** The checkout page and its form. */
export const checkoutPages: PageRoute[] = [
  { method: 'GET', path: '/checkout/:id', handle: showCheckout },
  { method: 'POST', path: '/checkout/:id', handle: submitCheckout },
];

async function showCheckout(pageRequest: PageRequest): Promise<PageResponse> {
  const session = await currentSession(pageRequest);
  if (session.status !== 'open') return { html: closedCheckoutPage(session, pageRequest) };
  return renderForm(pageRequest, session, null);
}

async function submitCheckout(pageRequest: PageRequest): Promise<PageResponse> {
  const session = await payOpenCheckout(pageRequest);
  if (session === 'declined') {
    const declined = await currentSession(pageRequest);
    return {
      ...(await renderForm(pageRequest, declined, pageRequest.t('checkout.declined'))),
      status: 402,
    };
  }
  if (session.status === 'complete') return { goTo: successUrl(session) };
  return { html: closedCheckoutPage(session, pageRequest), status: 410 };
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
  { unitOfWork, context, t }: PageRequest,
  session: Stripe.Checkout.Session,
  problem: string | null,
) {
  const terms = await unitOfWork.store.mustGetFulfilment(session.id);
  const price = await mustGet(unitOfWork, 'price', terms.price);
  const html = checkoutPage({
    session,
    price,
    trialDays: terms.trialDays,
    appName: session.branding_settings?.display_name || context.appName,
    problem,
    t,
  });
  return { html, leadsTo: session.success_url };
}

async function currentSession(pageRequest: PageRequest): Promise<Stripe.Checkout.Session> {
  const session = await lockOr404(pageRequest.unitOfWork, 'checkout.session', pageRequest.id);
  const due = session.status === 'open' && session.expires_at <= pageRequest.unitOfWork.now;
  return due ? expireCheckout(pageRequest.unitOfWork, session) : session;
}

function readEmail({ fields, t }: PageRequest, session: Stripe.Checkout.Session): string | null {
  if (session.customer !== null) return null;
  const email = fields.required('email').trim();
  if (!/^[^\s@]+@[^\s@]+$/.test(email))
    throw invalidParamError('email', t('checkout.emailInvalid', { email }), 'email_invalid');
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
  t: CustomerTexts;
}

/** The page on which a person pays, or declines to. */
export function checkoutPage(view: CheckoutView): string {
  const { session, appName, problem, t } = view;
  return renderPage({
    title: t('checkout.title', { app: appName }),
    ...{ appName, t },
    children: (
      <>
        <LineItem {...view} />
        {problem !== null && (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
        <form method="post" action={`/checkout/${session.id}`} class="card">
          <Email session={session} t={t} />
          <Cards t={t} />
          <button class="primary">
            {view.trialDays > 0
              ? t('checkout.startTrial')
              : t('checkout.pay', {
                  money: formatMoney(view.price.unit_amount, view.price.currency, moneyLocale(t)),
                })}
          </button>
        </form>
        {session.cancel_url !== null && (
          <p class="after">
            <a href={session.cancel_url.replaceAll('{CHECKOUT_SESSION_ID}', session.id)}>
              {t('checkout.cancel')}
            </a>
          </p>
        )}
      </>
    ),
  });
}

/** The page of a checkout that is over. */
function closedCheckoutPage(
  session: Stripe.Checkout.Session,
  { context: { appName }, t }: PageRequest,
): string {
  const text = t(session.status === 'complete' ? 'checkout.complete' : 'checkout.expired');
  return renderPage({ title: t('checkout.over'), appName, t, children: <p class="card">{text}</p> });
}

function LineItem({ price, trialDays, appName, t }: CheckoutView) {
  const each = price.recurring?.interval ?? 'time';
  return (
    <section class="card line-item" aria-label={t('checkout.order')}>
      <div>
        <strong>{appName}</strong>
        <span class="quiet">{t(`checkout.billed.${each}`, { plan: price.nickname ?? price.id })}</span>
        {trialDays > 0 && <span class="quiet">{t('checkout.trialDays', { days: trialDays })}</span>}
      </div>
      <div class="amount">
        {formatMoney(price.unit_amount, price.currency, moneyLocale(t))}
        <span class="quiet"> {t(`per.${each}`)}</span>
      </div>
    </section>
  );
}

function Email({ session, t }: Pick<CheckoutView, 'session' | 't'>) {
  const known = session.customer_details?.email ?? '';
  return (
    <p class="field">
      <label for="email">{t('checkout.email')}</label>
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

function Cards({ t }: Pick<CheckoutView, 't'>) {
  return (
    <fieldset>
      <legend>{t('checkout.cards')}</legend>
      <CardChoice value="own" name="Visa •••• 4242" text={t('checkout.card.own')} checked />
      <CardChoice value="shared" name="Visa •••• 1111" text={t('checkout.card.shared')} />
      <CardChoice value="declined" name="Visa •••• 0002" text={t('checkout.card.declined')} />
      <CardChoice value="sepa" name={t('checkout.sepaName')} text={t('checkout.card.sepa')} />
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
