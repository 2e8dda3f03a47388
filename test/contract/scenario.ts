import { createHmac } from 'node:crypto';
import Stripe from 'stripe';
import { scopes } from '../../src/platform/security/api-key.js';
import { addAuthenticatorApp } from '../support/authenticator-app.js';
import { bearer, type Person } from '../support/given.js';
import { givenHostKey } from '../support/person-tokens.js';
import type { SandboxWorld } from '../support/sandbox-world.js';
import { webhookSecret, type World } from '../support/world.js';

/** Who sends a request: a person with a session, or an API key. */
export type Caller = Pick<Person, 'token'>;

/** What a request needs to succeed. */
export interface Preparation {
  as?: Caller;
  params?: Record<string, string>;
  query?: Record<string, string>;
  body?: unknown;
  headers?: Record<string, string>;
  /** The raw body, where it is signed. */
  payload?: string;
}

/** People and things that requests can be about: Anna invited Bert, who has paid. */
export interface Scenario {
  world: World;
  admin: Person;
  support: Person;
  anna: Person;
  bert: Person;
  /** It may do everything that keys may. Anna's external id is `anna`. */
  apiKey: Caller;
  inviteId: string;
  entryId: string;
  eventId: string;
  /** The answer of GET `path` to a person. */
  read<T>(path: string, person: Person): Promise<T>;
  /** The answer of POST or PUT `path` to a caller. */
  send<T>(method: 'POST' | 'PUT', path: string, caller: Caller, body: object): Promise<T>;
}

/** Makes the people, and has Bert pay in the sandbox. */
export async function createScenario(sandbox: SandboxWorld): Promise<Scenario> {
  const { world } = sandbox;
  const read = async <T>(url: string, person: Person) =>
    (await world.app.inject({ url, headers: bearer(person) })).json<T>();
  const send = async <T>(method: 'POST' | 'PUT', url: string, caller: Caller, body: object) =>
    (await world.app.inject({ method, url, headers: bearer(caller), payload: body })).json<T>();
  const [admin, support] = [
    await world.given.user({ role: 'admin' }),
    await world.given.user({ role: 'support' }),
  ];
  const anna = await world.given.user();
  const bert = await world.given.userInvitedBy(anna);
  await sandbox.subscribe(bert);
  await sandbox.deliverEvents();
  await world.runHandlers();
  type Page = { items: { id: string }[] };
  const [invite] = (await read<Page>('/api/v1/referral/invites', anna)).items;
  const [entry] = (await read<{ entries: { id: string }[] }>('/api/v1/credit', anna)).entries;
  const [event] = (await read<Page>('/api/v1/admin/stripe/events', admin)).items;
  if (invite === undefined || entry === undefined || event === undefined)
    throw new Error('The payment of Bert brought nothing');
  await world.sql.query(`UPDATE auth."user" SET external_id = 'anna' WHERE id = $1`, [anna.id]);
  const apiKey = { token: await world.given.apiKey(...scopes) };
  const ids = { inviteId: invite.id, entryId: entry.id, eventId: event.id };
  return { world, admin, support, anna, bert, apiKey, ...ids, read, send };
}

const stripe = new Stripe('sk_test_signing_only');

/**
 * How each operation that needs more than a fresh user succeeds. What is missing succeeds by the
 * examples of the description.
 */
export const preparations: Record<string, (scenario: Scenario) => Promise<Preparation> | Preparation> = {
  requestCode: () => ({ body: { email: 'carla@example.org' } }),
  signIn: async ({ world }) => ({ body: await world.given.challenge('carla@example.org') }),
  revokeSession: async ({ world, read }) => {
    const as = await world.given.user();
    const { items } = await read<{ items: { id: string }[] }>('/api/v1/auth/sessions', as);
    return { as, params: { id: items[0]?.id ?? '' } };
  },
  proveSecondFactor: async ({ world }) => {
    const { app, person } = await addAuthenticatorApp(world, await world.given.user({ role: 'support' }));
    world.clock.advance(60_000);
    return { as: person, body: { code: app.code() } };
  },
  getInvitation: async ({ world, anna }) => ({ params: { code: await world.given.referralCodeOf(anna) } }),
  changeEmail: async ({ world }) => ({ body: await world.given.challenge('carla.new@example.org') }),
  eraseMe: async ({ world }) => {
    const as = await world.given.user();
    return { as, body: await world.given.challenge(as.email) };
  },
  createCheckout: () => ({ body: { priceId: 'price_twofold_monthly' } }),
  openPortal: ({ bert }) => ({ as: bert, body: {} }),
  getSubscription: ({ bert }) => ({ as: bert }),
  getMe: ({ bert }) => ({ as: bert }),
  exportMe: ({ bert }) => ({ as: bert }),
  getReferralOverview: ({ anna }) => ({ as: anna }),
  getLinkStats: ({ anna }) => ({ as: anna }),
  listInvites: ({ anna }) => ({ as: anna }),
  getCredit: ({ anna }) => ({ as: anna }),
  explainInvite: ({ anna, inviteId }) => ({ as: anna, params: { id: inviteId } }),
  explainInvitation: ({ bert }) => ({ as: bert }),
  explainCreditEntry: ({ anna, entryId }) => ({ as: anna, params: { id: entryId } }),
  claimReferral: async ({ world, anna }) => ({ body: { code: await world.given.referralCodeOf(anna) } }),
  changeCode: () => ({ body: {} }),
  getSettings: ({ bert }) => ({ as: bert }),
  getBackup: withBackup,
  deleteBackup: withBackup,
  listBackupRevisions: withBackup,
  restoreBackup: withBackup,
  receiveStripeEvent: signedEvent,
  getUser: ({ bert }) => ({ params: { id: bert.id } }),
  grantCredit: ({ bert }) => ({ params: { id: bert.id }, body: { days: 2, reason: 'A present.' } }),
  revokeCredit: async ({ admin, bert, send }) => {
    const path = `/api/v1/admin/users/${bert.id}/credit`;
    const { id } = await send<{ id: string }>('POST', path, admin, { days: 1, reason: 'By mistake.' });
    return { params: { entryId: id }, body: { reason: 'It was a mistake.' } };
  },
  putPerson: () => ({ params: { externalId: 'carla' }, body: hostPerson('carla') }),
  putPayment: () => ({ params: atPaddle('txn_1'), body: reportedPayment }),
  putRefund: async (scenario) => ({
    params: atPaddle('adj_1'),
    body: { ...(await paymentAtPaddle(scenario)), status: 'succeeded', at: reportedPayment.paidAt },
  }),
  putDispute: async (scenario) => ({
    params: atPaddle('dp_1'),
    body: { ...(await paymentAtPaddle(scenario)), status: 'won', at: reportedPayment.paidAt },
  }),
  putSubscription: () => ({
    params: atPaddle('sub_1'),
    body: {
      externalId: 'anna',
      status: 'active',
      currentPeriodEnd: '2026-12-01T12:00:00.000Z',
      cancelAtPeriodEnd: false,
      updatedAt: reportedPayment.paidAt,
    },
  }),
  receivePaddleEvent: ({ world }) => {
    const payload = JSON.stringify({ event_type: 'customer.created', data: {} });
    const sentAt = String(world.when.seconds);
    const signature = `ts=${sentAt};h1=${hmac(`${sentAt}:${payload}`)}`;
    return { payload, headers: { 'paddle-signature': signature, 'content-type': 'application/json' } };
  },
  receiveLemonSqueezyEvent: () => {
    const payload = JSON.stringify({ meta: { event_name: 'license_key_created' }, data: {} });
    return { payload, headers: { 'x-signature': hmac(payload), 'content-type': 'application/json' } };
  },
  putPeople: () => ({ body: { items: [{ externalId: 'dora', ...hostPerson('dora') }] } }),
  getPerson: ofAnna,
  getPersonAccess: ofAnna,
  getPersonReferral: ofAnna,
  listPersonInvites: ofAnna,
  getPersonCredit: ofAnna,
  createPersonToken: async ({ world }) => ({
    as: await givenHostKey(world),
    params: { externalId: 'anna' },
  }),
  listPeopleAccess: () => ({ query: { externalId: 'anna' } }),
  giveCredit: () => ({ ...ofAnna(), body: { days: 2, reason: 'A present.' } }),
  erasePerson: async ({ world, apiKey }) => {
    const url = '/api/v1/people/emil';
    await world.app.inject({ method: 'PUT', url, headers: bearer(apiKey), payload: hostPerson('emil') });
    return { params: { externalId: 'emil' } };
  },
  createWebhookEndpoint: () => ({ body: webhookEndpoint }),
  getWebhookEndpoint: withWebhookEndpoint,
  changeWebhookEndpoint: async (scenario) => ({
    ...(await withWebhookEndpoint(scenario)),
    body: { description: 'for tests', enabled: true },
  }),
  deleteWebhookEndpoint: withWebhookEndpoint,
  rotateWebhookSecret: withWebhookEndpoint,
  testWebhookEndpoint: withWebhookEndpoint,
  listWebhookDeliveries: withWebhookEndpoint,
  redeliverWebhook: async (scenario) => {
    const { world, admin, anna, send } = scenario;
    const { id } = await withWebhookEndpoint(scenario).then(({ params }) => params);
    const grant = { days: 1, reason: 'A present.' };
    await send('POST', `/api/v1/admin/users/${anna.id}/credit`, admin, grant);
    await world.runHandlers();
    const { rows } = await world.sql.query<{ id: string }>(
      `SELECT id FROM webhooks.delivery WHERE endpoint_id = $1`,
      [id],
    );
    return { params: { id: rows[0]?.id ?? '' } };
  },
  setRole: async ({ world }) => ({
    params: { id: (await world.given.user()).id },
    body: { role: 'support' },
  }),
  setReferrer: async ({ world, anna }) => ({
    params: { id: (await world.given.user()).id },
    body: { code: await world.given.referralCodeOf(anna), reason: 'They said so.' },
  }),
  blockCode: codeOfUser,
  unblockCode: codeOfUser,
  exportUser: ({ bert }) => ({ params: { id: bert.id } }),
  signOutUser: async ({ world }) => ({ params: { id: (await world.given.user()).id } }),
  eraseUser: async ({ world }) => {
    const { id, email } = await world.given.user();
    return { params: { id }, body: { email } };
  },
  previewRefundAsCredit: ({ bert }) => ({ params: { id: bert.id }, query: { amount: '500' } }),
  grantRefundAsCredit: async ({ bert, support, read }) => {
    const path = `/api/v1/admin/users/${bert.id}/refund-as-credit`;
    const { days } = await read<{ days: number }>(`${path}?amount=300`, support);
    return { params: { id: bert.id }, body: { days, amount: 300, reason: 'They asked.' } };
  },
  mergeAccounts: async (scenario) => ({ body: await twoAccounts(scenario) }),
  undoMerge: async (scenario) => {
    const body = await twoAccounts(scenario);
    const { id } = await scenario.send<{ id: string }>('POST', '/api/v1/admin/merges', scenario.admin, body);
    return { params: { id }, body: { reason: 'They are two.' } };
  },
  getReferral: ({ inviteId }) => ({ params: { id: inviteId } }),
  explainReferral: ({ inviteId }) => ({ params: { id: inviteId } }),
  explainUserCreditEntry: ({ entryId }) => ({ params: { entryId } }),
  approveReferral: openReferral,
  rejectReferral: openReferral,
  reopenReferral: async (scenario) => {
    const prepared = await openReferral(scenario);
    const path = `/api/v1/admin/referrals/${prepared.params?.['id']}/reject`;
    await scenario.send('POST', path, scenario.admin, { reason: 'It looks odd.' });
    return prepared;
  },
  reverseReferral: ({ inviteId }) => ({ params: { id: inviteId }, body: { reason: 'It was abuse.' } }),
  restoreReferral: ({ inviteId }) => ({ params: { id: inviteId }, body: { reason: 'It was not.' } }),
  getStripeEvent: ({ eventId }) => ({ params: { id: eventId } }),
  replayStripeEvent: ({ eventId }) => ({ params: { id: eventId } }),
  getFraudRule: anyRule,
  updateFraudRule: async (scenario) => ({
    ...(await anyRule(scenario)),
    body: { mode: 'shadow', weight: 10, reason: 'It is too strict.' },
  }),
  getTerms: () => ({ params: { version: '1' } }),
  compareTerms: () => ({ params: { version: '1', other: '1' } }),
  previewTerms: () => ({ body: { referrerDays: 30, days: 30 } }),
  publishTerms: () => ({ body: { referrerDays: 30, reason: 'Less is enough.' } }),
};

async function withBackup({ world, send }: Scenario): Promise<Preparation> {
  const as = await world.given.user();
  await send('PUT', '/api/v1/settings/backup', as, { data: { theme: 'dark' } });
  return { as, params: { revision: '1' } };
}

/** The secret of the webhooks of other processors. */
export const providerSecret = 'a secret of processors';
const hmac = (text: string) => createHmac('sha256', providerSecret).update(text).digest('hex');

const atPaddle = (id: string) => ({ provider: 'paddle', id });
const reportedPayment = {
  externalId: 'anna',
  paidAt: '2026-11-01T12:00:00.000Z',
  amount: 999,
  currency: 'EUR',
};

async function paymentAtPaddle({ send, apiKey }: Scenario) {
  await send('PUT', '/api/v1/payments/paddle/txn_1', apiKey, reportedPayment);
  return { paymentId: 'txn_1', amount: 999 };
}

async function signedEvent({ world }: Scenario): Promise<Preparation> {
  const person = await world.given.user();
  await world.given.linkCustomer(person);
  const payload = JSON.stringify(world.when.invoicePaid(person));
  const signature = stripe.webhooks.generateTestHeaderString({
    payload,
    secret: webhookSecret,
    timestamp: world.when.seconds,
  });
  return { payload, headers: { 'stripe-signature': signature, 'content-type': 'application/json' } };
}

async function codeOfUser({ world }: Scenario): Promise<Preparation> {
  const code = await world.given.referralCodeOf(await world.given.user());
  return { params: { code }, body: { reason: 'It is abused.' } };
}

async function twoAccounts({ world }: Scenario) {
  const [from, into] = [await world.given.user(), await world.given.user()];
  return { fromUserId: from.id, intoUserId: into.id, reason: 'They are one person.' };
}

async function openReferral({ world, anna, read }: Scenario): Promise<Preparation> {
  const person = await world.given.userInvitedBy(anna);
  const { invite } = await read<{ invite: { id: string } }>('/api/v1/referral/invitation/explain', person);
  return { params: { id: invite.id }, body: { reason: 'I have checked it.' } };
}

async function anyRule({ admin, read }: Scenario): Promise<Preparation> {
  const { items } = await read<{ items: { name: string }[] }>('/api/v1/admin/fraud/rules?limit=1', admin);
  return { params: { name: items[0]?.name ?? '' } };
}

function ofAnna() {
  return { params: { externalId: 'anna' } };
}

function hostPerson(name: string) {
  return { email: `${name}@host.example.org`, emailVerified: true };
}

const webhookEndpoint = { url: 'https://app.invalid/twofold/events' };

async function withWebhookEndpoint({ apiKey, send }: Scenario): Promise<{ params: { id: string } }> {
  const { id } = await send<{ id: string }>('POST', '/api/v1/webhook-endpoints', apiKey, webhookEndpoint);
  return { params: { id } };
}
