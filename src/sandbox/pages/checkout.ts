import type Stripe from 'stripe';
import { invalidParamError } from '../api/errors.js';
import { loadFulfilment, expireCheckout, payCheckout } from '../operations/checkout.js';
import { mustGet, lockOr404 } from '../operations/get-object.js';
import { closedCheckoutPage, checkoutPage } from './checkout-page.js';
import type { PageResponse, PageRoute, PageRequest } from './route.js';

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

/** Pays a checkout as its page does. Returns it as it is then; `declined` when the card was. *again* answers the paid one */
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
  const terms = await loadFulfilment(unitOfWork, session);
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
  // As a browser would write it: a header cannot carry every character that an address may be given with.
  return new URL(session.success_url.replaceAll('{CHECKOUT_SESSION_ID}', session.id)).href;
}
