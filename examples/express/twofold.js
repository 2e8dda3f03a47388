// @ts-check
import express, { Router } from 'express';
import { verifyWebhook } from '@twofold/client';
import { cookieOf } from './product.js';

/**
 * @import { Twofold } from '@twofold/client'
 * @import { Product, User } from './product.js'
 */

/**
 * All that connects the product with Twofold. `webhookSecret` is that of the webhook endpoint.
 * @param {Product} product
 * @param {Twofold} twofold
 * @param {string} webhookSecret
 */
export function connectTwofold(product, twofold, webhookSecret) {
  // begin of the integration
  const router = Router();

  // A link leads to any page, with ?ref=CODE: keep code and time of the first until the sign-up.
  const maxAge = 30 * 86_400_000; // the attributionDays of your terms
  router.use((request, response, next) => {
    const { ref, via, fpr } = request.query; // the last two are of other tools
    const code = [ref, via, fpr].find((text) => typeof text === 'string' && /^\P{C}{1,100}$/u.test(text));
    if (code !== undefined && cookieOf(request, 'ref') === '')
      response.cookie('ref', `${code} ${Date.now()}`, { maxAge, httpOnly: true, sameSite: 'lax' });
    next();
  });

  router.get('/api/twofold/access', async (request, response) => {
    response.json(await twofold.people.access(product.userOf(request).id));
  });

  router.get('/api/twofold/referral', async (request, response) => {
    response.json(await twofold.people.referral(product.userOf(request).id));
  });

  router.post('/api/twofold/token', async (request, response) => {
    response.status(201).json(await twofold.people.createToken(product.userOf(request).id));
  });

  router.post('/twofold/events', express.raw({ type: '*/*' }), async (request, response) => {
    const event = verifyWebhook(webhookSecret, request.headers, request.body);
    if (event.type === 'referral.credited')
      for (const { person, days } of event.data.credited)
        if (person.externalId !== null) product.notify(person.externalId, event.id, `You got ${days} days`);
    response.status(204).end();
  });

  /** Saves a person. The product goes on without Twofold: what failed is sent again each minute. */
  const save = async (/** @type {User} */ user) => {
    const { id, email, emailVerified, createdAt, stripeCustomerId, ref } = user;
    const [, code, at] = /^(\P{C}{1,100}) (\d{13})$/u.exec(ref) ?? [];
    const invitedBy =
      code === undefined ? undefined : { code, at: new Date(Math.min(Number(at), Date.now())) };
    const provider = /** @type {const} */ ('stripe');
    const customers = stripeCustomerId === null ? [] : [{ provider, id: stripeCustomerId }];
    const person = { email, emailVerified, createdAt, customers, invitedBy };
    await twofold.people.put(id, person, { maxRetries: 0 });
    unsaved.delete(user);
  };
  const unsaved = new Set(); // a column of the product's users, in earnest
  const saveOrRetry = async (/** @type {User} */ user) => {
    unsaved.add(user);
    await save(user).catch((error) => console.error('not saved yet:', error.message));
  };
  setInterval(() => unsaved.forEach(saveOrRetry), 60_000).unref();
  // end of the integration

  return { router, save: saveOrRetry };
}
