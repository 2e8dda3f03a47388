import type { PoolClient } from 'pg';
import { invalidParamError } from '../api/errors.js';
import type { Params } from '../api/params.js';

/**
 * What goes wrong on the way to the app on purpose. *shape* `duplicate`: copies on top of the
 * first; `reorder`: each waits up to 3 s more or less; `dropPercent`: 0–100 never go out
 */
export interface Faults {
  duplicate: number;
  reorder: boolean;
  delayMs: number;
  dropPercent: number;
}

const NO_FAULTS: Faults = { duplicate: 0, reorder: false, delayMs: 0, dropPercent: 0 };

const REORDER_MS = 3_000;

/** The faults in force; none by default. */
export async function readFaults(client: PoolClient): Promise<Faults> {
  const { rows } = await client.query<{ value: Faults }>(
    `SELECT value FROM sandbox.setting WHERE name = 'faults'`,
  );
  return rows[0]?.value ?? NO_FAULTS;
}

/**
 * Puts other faults in force, for events that happen from now on. What is not named stays. *errors*
 * a value out of bounds
 */
export async function writeFaults(client: PoolClient, fields: Params): Promise<Faults> {
  const before = await readFaults(client);
  const faults = {
    duplicate: readBounded(fields, 'duplicate', 20) ?? before.duplicate,
    reorder: fields.flag('reorder') ?? before.reorder,
    delayMs: readBounded(fields, 'delayMs', 3_600_000) ?? before.delayMs,
    dropPercent: readBounded(fields, 'dropPercent', 100) ?? before.dropPercent,
  };
  await save(client, faults);
  return faults;
}

/** Lets nothing go wrong any more. */
export function clearFaults(client: PoolClient): Promise<void> {
  return save(client, NO_FAULTS);
}

async function save(client: PoolClient, faults: Faults): Promise<void> {
  await client.query(
    `INSERT INTO sandbox.setting (name, value) VALUES ('faults', $1)
       ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
    [JSON.stringify(faults)],
  );
}

/**
 * Lets an event go out as often and as late as the faults want, or never: a dropped one waits for
 * "Send again".
 */
export async function enqueueDeliveries(client: PoolClient, eventId: string, faults: Faults): Promise<void> {
  const isDropped = Math.random() * 100 < faults.dropPercent;
  const copies = isDropped ? 1 : 1 + faults.duplicate;
  for (let copy = 0; copy < copies; copy++) {
    const delayMs = faults.delayMs + (faults.reorder ? Math.floor(Math.random() * REORDER_MS) : 0);
    await client.query('INSERT INTO sandbox.delivery (event_id, status, due_at_ms) VALUES ($1, $2, $3)', [
      eventId,
      isDropped ? 'dropped' : 'pending',
      Date.now() + delayMs,
    ]);
  }
}

function readBounded(fields: Params, name: string, most: number): number | undefined {
  const value = fields.integer(name);
  if (value !== undefined && (value < 0 || value > most))
    throw invalidParamError(name, `${name} must be between 0 and ${most}.`);
  return value;
}
