import type Stripe from 'stripe';
import { invalid } from '../api/errors.js';
import { hiddenTerms } from '../verbs/checkout-terms.js';
import { expireCheckout } from '../verbs/expire-checkout.js';
import { held } from '../verbs/held.js';
import { payCheckout } from '../verbs/pay-checkout.js';
import { checkoutOverPage, checkoutPage } from './checkout-page.js';
import { found } from '../found.js';
import type { PageAnswer, PageRoute, Visit } from './route.js';

const METHODS = ['own', 'shared', 'declined', 'sepa', 'sepa_incomplete'] as const;

/** The checkout page and its form. */
export const checkoutPages: PageRoute[] = [
  { method: 'GET', path: '/checkout/:id', answer: show },
  { method: 'POST', path: '/checkout/:id', answer: pay },
];

async function show(visit: Visit): Promise<PageAnswer> {
  const session = await current(visit);
  if (session.status !== 'open') return { html: checkoutOverPage(session, visit.context.appName) };
  return form(visit, session, null);
}

async function pay(visit: Visit): Promise<PageAnswer> {
  const session = await payOpen(visit);
  if (session === 'declined') {
    const declined = await current(visit);
    return { ...(await form(visit, declined, 'Your card was declined. Try another one.')), status: 402 };
  }
  if (session.status === 'complete') return { goTo: afterSuccess(session) };
  return { html: checkoutOverPage(session, visit.context.appName), status: 410 };
}

/** Pays a checkout as its page does. Returns it as it is then; `declined` when the card was. *again* answers the paid one */
export async function payOpen(visit: Visit): Promise<Stripe.Checkout.Session | 'declined'> {
  const session = await current(visit);
  const card = visit.fields.oneOf('card', ...METHODS) ?? 'own';
  if (session.status !== 'open') return session;
  if (card === 'declined') return 'declined';
  return payCheckout(visit.work, session, emailIn(visit, session), card);
}

async function form({ work, context }: Visit, session: Stripe.Checkout.Session, problem: string | null) {
  const terms = await hiddenTerms(work, session);
  const price = await held(work, 'price', terms.price);
  const html = checkoutPage({
    session,
    price,
    trialDays: terms.trialDays,
    appName: context.appName,
    problem,
  });
  return { html, leadsTo: session.success_url };
}

async function current(visit: Visit): Promise<Stripe.Checkout.Session> {
  const session = await found(visit.work, 'checkout.session', visit.id);
  const due = session.status === 'open' && session.expires_at <= visit.work.now;
  return due ? expireCheckout(visit.work, session) : session;
}

function emailIn({ fields }: Visit, session: Stripe.Checkout.Session): string | null {
  if (session.customer !== null) return null;
  const email = fields.required('email').trim();
  if (!/^[^\s@]+@[^\s@]+$/.test(email))
    throw invalid('email', `'${email}' is no e-mail address.`, 'email_invalid');
  return email;
}

function afterSuccess(session: Stripe.Checkout.Session): string {
  if (session.success_url === null) return '/';
  // As a browser would write it: a header cannot carry every letter that an address may be given with.
  return new URL(session.success_url.replaceAll('{CHECKOUT_SESSION_ID}', session.id)).href;
}
