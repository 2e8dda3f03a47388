/**
 * PROVISIONAL: the routes that openapi.json does not describe yet, written manually. Once it does,
 * delete this file: `npm run openapi` makes these types, and the compiler names the imports to
 * change (`paths` and `components` of generated/api.ts have the same names).
 */

interface Answer<Body> {
  content: { 'application/json': Body };
}

interface Operation<Path, Body, Responses> {
  parameters: { path: Path };
  requestBody: Body extends null ? undefined : Answer<Body>;
  responses: Responses;
}

type ProviderAndId = { provider: string; id: string };
type Fact<Body> = { put: Operation<ProviderAndId, Body, { 200: Answer<Outcome>; 202: Answer<Outcome> }> };

export interface ContractPaths {
  '/api/v1/people/{externalId}/tokens': {
    post: Operation<{ externalId: string }, null, { 201: Answer<PersonToken> }>;
  };
  '/api/v1/payments/{provider}/{id}': Fact<PutPayment>;
  '/api/v1/refunds/{provider}/{id}': Fact<PutRefund>;
  '/api/v1/disputes/{provider}/{id}': Fact<PutDispute>;
  '/api/v1/subscriptions/{provider}/{id}': Fact<PutSubscription>;
}

/** A token for the widget: it reads and changes one person's referral, for 15 minutes. */
export interface PersonToken {
  /** `tfp_…` */
  token: string;
  expiresAt: string;
}

/** A payment that a processor has received. */
export interface PutPayment {
  /** Who paid: your id of the person. */
  externalId: string;
  paidAt: string | Date;
  /** In the smallest unit of the currency. */
  amount: number;
  /** ISO 4217, such as `EUR`. */
  currency: string;
  priceId?: string | undefined;
  /** What it pays for. */
  period?: { start: string | Date; end: string | Date } | undefined;
  subscriptionId?: string | undefined;
}

export interface PutRefund {
  paymentId: string;
  amount: number;
  status: 'pending' | 'succeeded' | 'failed';
  at: string | Date;
}

export interface PutDispute {
  paymentId: string;
  amount: number;
  status: 'open' | 'won' | 'lost';
  at: string | Date;
}

export interface PutSubscription {
  externalId: string;
  status: string;
  /** Null where there is none. */
  currentPeriodEnd: string | Date | null;
  cancelAtPeriodEnd: boolean;
  updatedAt: string | Date;
}

/**
 * What a fact did. `parked`: its person or payment is not known yet; it is applied when they are.
 * `already`: it was known.
 */
export interface Outcome {
  outcome: 'converted' | 'first_payment' | 'renewal' | 'already' | 'parked' | (string & {});
  /** A sentence. */
  detail: string;
}
