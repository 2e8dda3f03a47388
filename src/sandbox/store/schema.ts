import type { Pool } from 'pg';
import { twofoldPrices, twofoldProduct } from '../objects/catalog.js';
import { transaction, type SandboxDatabase } from './store.js';

/**
 * `json`, not `jsonb`: an event must be sent with the keys in the order in which a reader of
 * Stripe's documentation expects them.
 */
const SCHEMA = `
CREATE SCHEMA IF NOT EXISTS sandbox;
CREATE TABLE IF NOT EXISTS sandbox.object (
  id text PRIMARY KEY,
  type text NOT NULL,
  seq bigint GENERATED ALWAYS AS IDENTITY,
  deleted boolean NOT NULL DEFAULT false,
  data json NOT NULL
);
CREATE INDEX IF NOT EXISTS object_newest_of_type ON sandbox.object (type, seq DESC);
CREATE INDEX IF NOT EXISTS object_of_customer ON sandbox.object (type, (data->>'customer'), seq DESC);
CREATE TABLE IF NOT EXISTS sandbox.event (
  id text PRIMARY KEY,
  type text NOT NULL,
  seq bigint GENERATED ALWAYS AS IDENTITY,
  data json NOT NULL
);
CREATE INDEX IF NOT EXISTS event_newest ON sandbox.event (seq DESC);
CREATE TABLE IF NOT EXISTS sandbox.delivery (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event_id text NOT NULL REFERENCES sandbox.event,
  status text NOT NULL DEFAULT 'pending',
  due_at_ms bigint NOT NULL,
  attempts json NOT NULL DEFAULT '[]'
);
ALTER TABLE sandbox.delivery DROP CONSTRAINT IF EXISTS delivery_status_check;
ALTER TABLE sandbox.delivery ADD CONSTRAINT delivery_status_check
  CHECK (status IN ('pending', 'delivered', 'failed', 'dropped'));
CREATE INDEX IF NOT EXISTS delivery_due ON sandbox.delivery (due_at_ms) WHERE status = 'pending';
CREATE INDEX IF NOT EXISTS delivery_of_event ON sandbox.delivery (event_id);
CREATE TABLE IF NOT EXISTS sandbox.idempotency (
  key text PRIMARY KEY,
  fingerprint text NOT NULL,
  answer json
);
CREATE TABLE IF NOT EXISTS sandbox.setting (
  name text PRIMARY KEY,
  value json NOT NULL
);
`;

/** Creates the sandbox's own schema. *again* changes nothing. */
export async function createSchema(pool: Pool): Promise<void> {
  await pool.query(SCHEMA);
}

/** Puts the product and its two prices on sale. *again* keeps those that are there. */
export async function seedCatalog(database: SandboxDatabase, appName: string): Promise<void> {
  const now = Math.floor(Date.now() / 1_000);
  await transaction(database, async (client) => {
    for (const object of [twofoldProduct(now, appName), ...twofoldPrices(now)])
      await client.query(
        'INSERT INTO sandbox.object (id, type, data) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING',
        [object.id, object.object, JSON.stringify(object)],
      );
  });
}
