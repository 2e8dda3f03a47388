// @ts-check
import express from 'express';
import { cookieOf, Product } from './product.js';
import { connectTwofold } from './twofold.js';

/**
 * A product with its own users and its own Stripe code. What is about Twofold is marked.
 * @param {{
 *   stripe: import('stripe').default, stripeWebhookSecret: string, price: string, baseUrl: string,
 *   twofold: import('@twofold/client').Twofold, twofoldWebhookSecret: string,
 * }} settings
 */
export function createApp({ stripe, stripeWebhookSecret, price, baseUrl, twofold, twofoldWebhookSecret }) {
  const app = express();
  const product = new Product();
  const referrals = connectTwofold(product, twofold, twofoldWebhookSecret); // Twofold
  app.use(referrals.router); // Twofold

  app.post('/sign-up', express.json(), async (request, response) => {
    const user = product.signUp(request.body.email, cookieOf(request, 'ref'));
    await referrals.save(user); // Twofold
    response.cookie('session', user.session, { httpOnly: true, sameSite: 'lax' });
    response.status(201).json({ id: user.id });
  });

  app.post('/subscribe', async (request, response) => {
    const user = product.userOf(request);
    user.stripeCustomerId ??= (await stripe.customers.create({ email: user.email })).id;
    await referrals.save(user); // Twofold: whose payments these are
    const session = await stripe.checkout.sessions.create({
      ...{ mode: 'subscription', customer: user.stripeCustomerId, line_items: [{ price, quantity: 1 }] },
      ...{ success_url: `${baseUrl}/premium`, cancel_url: baseUrl },
    });
    response.json({ url: session.url });
  });

  app.post('/webhooks/stripe', express.raw({ type: '*/*' }), async (request, response) => {
    const signature = request.header('stripe-signature') ?? '';
    const event = await stripe.webhooks.constructEventAsync(request.body, signature, stripeWebhookSecret);
    console.log('own work for', event.type);
    await twofold.stripe.forward(request.body, signature); // Twofold; if it fails, Stripe retries
    response.json({ received: true });
  });

  app.get('/premium', async (request, response) => {
    const { active } = await twofold.people.access(product.userOf(request).id); // Twofold
    response.status(active ? 200 : 402).send(active ? 'Welcome.' : 'Please subscribe.');
  });

  app.delete('/account', async (request, response) => {
    const user = product.userOf(request);
    await twofold.people.delete(user.id); // Twofold
    product.users.delete(user.id);
    response.status(204).end();
  });

  app.get('/notifications', (request, response) => {
    const { id } = product.userOf(request);
    const own = [...product.notifications].filter(([about]) => about.startsWith(`${id} `));
    response.json(own.map(([, text]) => text));
  });

  app.get('/', (_request, response) => void response.send('<h1>The product</h1>'));

  app.use(
    (
      /** @type {any} */ error,
      /** @type {any} */ _request,
      /** @type {any} */ response,
      /** @type {any} */ _next,
    ) => {
      const isOwn =
        error.expose === true || ['client.bad_signature', 'auth.still_charged'].includes(error.code);
      const status = isOwn || error.type === 'StripeSignatureVerificationError' ? (error.status ?? 400) : 502;
      if (status === 502) console.error(error);
      response.status(status).send(isOwn ? error.message : 'Not now.');
    },
  );
  return app;
}
