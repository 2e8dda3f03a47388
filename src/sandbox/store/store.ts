import type Stripe from 'stripe';
import type { PoolClient } from 'pg';
import { readPage, type ListQuery, type Page } from './page.js';
import type { Resource, ResourceType, Resources } from './resources.js';

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

  /** Marks an object as deleted: it can still be retrieved by id, but is in no list. *again* changes nothing. */
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

  /** As `find`, and no other person changes the object until the transaction ends. */
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

  private async selectRow<K extends ResourceType>(type: K, id: string, locking: '' | 'FOR UPDATE') {
    const { rows } = await this.client.query<{ data: Resources[K]; deleted: boolean }>(
      `SELECT data, deleted FROM sandbox.object WHERE type = $1 AND id = $2 ${locking}`,
      [type, id],
    );
    return rows[0] ?? null;
  }
}
