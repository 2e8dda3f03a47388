import type Stripe from 'stripe';
import type { PoolClient, Pool } from 'pg';

/** The objects of the sandbox, inside one open transaction. */
export class Store {
  constructor(private readonly client: PoolClient) {}

  /** Keeps a new object. *errors* throws when its id is taken. */
  async insert<T extends Resource>(object: T): Promise<T> {
    await this.client.query('INSERT INTO sandbox.object (id, type, data) VALUES ($1, $2, $3)', [
      object.id,
      object.object,
      JSON.stringify(object),
    ]);
    return object;
  }

  /** Replaces an object by a newer version of itself. */
  async save<T extends Resource>(object: T): Promise<T> {
    await this.client.query('UPDATE sandbox.object SET data = $2 WHERE id = $1', [
      object.id,
      JSON.stringify(object),
    ]);
    return object;
  }

  /**
   * Marks an object as deleted: it can still be retrieved by id, but is in no list. *again* changes
   * nothing.
   */
  async remove(id: string): Promise<void> {
    await this.client.query('UPDATE sandbox.object SET deleted = true WHERE id = $1', [id]);
  }

  /** The object of this kind and id, or null; `deleted` marks one that was removed. */
  async find<K extends ResourceType>(
    type: K,
    id: string,
  ): Promise<{ data: Resources[K]; deleted: boolean } | null> {
    return this.selectRow(type, id, '');
  }

  /** As `find`, and no other transaction changes the object until this one ends. */
  async lock<K extends ResourceType>(
    type: K,
    id: string,
  ): Promise<{ data: Resources[K]; deleted: boolean } | null> {
    return this.selectRow(type, id, 'FOR UPDATE');
  }

  /** An object of any kind by its id alone; null when there is none. */
  async findAny(id: string): Promise<Resource | Stripe.DeletedCustomer | null> {
    const { rows } = await this.client.query<{ data: Resource; deleted: boolean }>(
      'SELECT data, deleted FROM sandbox.object WHERE id = $1',
      [id],
    );
    const [row] = rows;
    return row?.deleted ? { id, object: 'customer', deleted: true } : (row?.data ?? null);
  }

  /** One page of a kind of object, newest first. */
  async list<K extends ResourceType>(type: K, query: ListQuery): Promise<Page<Resources[K]>> {
    const filters = [{ sql: 'type = $', value: type }, { sql: 'NOT deleted' }, ...query.filters];
    return readPage<Resources[K]>(this.client, 'sandbox.object', { ...query, filters });
  }

  /** How many objects of a kind there are, without the deleted. */
  async count(type: ResourceType): Promise<number> {
    const { rows } = await this.client.query<{ n: number }>(
      'SELECT count(*)::int AS n FROM sandbox.object WHERE type = $1 AND NOT deleted',
      [type],
    );
    return rows[0]?.n ?? 0;
  }

  /** The emails of the customers whom objects name, by the ids of the objects. */
  async customerEmails(ids: string[]): Promise<ReadonlyMap<string, string>> {
    const { rows } = await this.client.query<{ id: string; email: string }>(
      `SELECT o.id, c.data->>'email' AS email
         FROM sandbox.object o JOIN sandbox.object c ON c.id = o.data->>'customer'
        WHERE o.id = ANY($1) AND c.data->>'email' IS NOT NULL`,
      [ids],
    );
    return new Map(rows.map(({ id, email }) => [id, email]));
  }

  /** Keeps the part of a checkout that Stripe never shows again. */
  async insertFulfilment(sessionId: string, terms: CheckoutFulfilment): Promise<void> {
    await this.client.query(
      `INSERT INTO sandbox.object (id, type, data) VALUES ($1, 'checkout_fulfilment', $2)`,
      [`fulfilment_${sessionId}`, JSON.stringify(terms)],
    );
  }

  /**
   * What {@link insertFulfilment} kept. *errors* throws when there is nothing: every session is
   * created with it.
   */
  async mustGetFulfilment(sessionId: string): Promise<CheckoutFulfilment> {
    const { rows } = await this.client.query<{ data: CheckoutFulfilment }>(
      'SELECT data FROM sandbox.object WHERE id = $1',
      [`fulfilment_${sessionId}`],
    );
    if (rows[0] === undefined) throw new Error(`checkout session ${sessionId} has no terms`);
    return rows[0].data;
  }

  private async selectRow<K extends ResourceType>(type: K, id: string, locking: '' | 'FOR UPDATE') {
    const { rows } = await this.client.query<{ data: Resources[K]; deleted: boolean }>(
      `SELECT data, deleted FROM sandbox.object WHERE type = $1 AND id = $2 ${locking}`,
      [type, id],
    );
    return rows[0] ?? null;
  }
}

/** One condition; a `$` at its end stands for the value. Written in code, never from input. */
export interface Filter {
  sql: string;
  value?: string | number | boolean | string[];
}

/**
 * Which page of a list: conditions, how many (1–100), and behind (`startingAfter`) or before
 * (`endingBefore`) which id.
 */
export interface ListQuery {
  filters: Filter[];
  limit: number;
  startingAfter?: string | undefined;
  endingBefore?: string | undefined;
}

/** Objects newest first, and whether more lie beyond in the direction of reading. */
export interface Page<T> {
  data: T[];
  hasMore: boolean;
}

/** Reads one page of a table with `id`, `seq` and `data`, newest first as Stripe lists. */
export async function readPage<T>(
  client: PoolClient,
  table: 'sandbox.object' | 'sandbox.event',
  query: ListQuery,
): Promise<Page<T>> {
  const values: unknown[] = [];
  const conditions = query.filters.map(({ sql, value }) => {
    if (value === undefined) return sql;
    values.push(value);
    return sql.replace('$', `$${values.length}`);
  });
  const isBackwards = query.endingBefore !== undefined;
  const cursor = query.endingBefore ?? query.startingAfter;
  if (cursor !== undefined) {
    values.push(cursor);
    conditions.push(`seq ${isBackwards ? '>' : '<'} (SELECT seq FROM ${table} WHERE id = $${values.length})`);
  }
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  const { rows } = await client.query<{ data: T }>(
    `SELECT data FROM ${table} ${where} ORDER BY seq ${isBackwards ? 'ASC' : 'DESC'} LIMIT ${query.limit + 1}`,
    values,
  );
  const data = rows.slice(0, query.limit).map((row) => row.data);
  return { data: isBackwards ? data.reverse() : data, hasMore: rows.length > query.limit };
}

/**
 * The part of a checkout that Stripe never shows again: what the subscription will be started with.
 */
export interface CheckoutFulfilment {
  price: string;
  quantity: number;
  subscriptionMetadata: Stripe.Metadata;
  trialDays: number;
}

/** Every kind of object that the sandbox keeps, by its name in Stripe's `object` field. */
export interface Resources {
  customer: Stripe.Customer;
  customer_balance_transaction: Stripe.CustomerBalanceTransaction;
  product: Stripe.Product;
  price: Stripe.Price;
  payment_method: Stripe.PaymentMethod;
  'checkout.session': Stripe.Checkout.Session;
  subscription: Stripe.Subscription;
  invoiceitem: Stripe.InvoiceItem;
  invoice: Stripe.Invoice;
  invoice_payment: Stripe.InvoicePayment;
  payment_intent: Stripe.PaymentIntent;
  charge: Stripe.Charge;
  refund: Stripe.Refund;
  credit_note: Stripe.CreditNote;
  dispute: Stripe.Dispute;
  'radar.early_fraud_warning': Stripe.Radar.EarlyFraudWarning;
  'billing_portal.session': Stripe.BillingPortal.Session;
}

/** The name of a kind of object. */
export type ResourceType = keyof Resources;

/** Any object that the sandbox keeps. */
export type Resource = Resources[ResourceType];

/** The sandbox's connections. */
export type SandboxDatabase = Pool;

/** Runs `work` in one transaction: what it wrote is kept when it returns, undone when it throws. */
export async function transaction<T>(
  database: SandboxDatabase,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const client = await database.connect();
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
