import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EventHandlerWorker } from '../../src/platform/jobs/event-handler-worker.js';
import { StripeProxy } from '../support/stripe-proxy.js';
import { stripeId } from '../support/stripe-payloads.js';
import { until } from '../support/until.js';
import { createWorld, type World } from '../support/world.js';

/**
 * A question that must wait because Stripe is away, while PostgreSQL has a mishap as its job is put
 * back into the queue.
 */
describe('a job that is put off', () => {
  let stripe: StripeProxy;
  let world: World;
  let intent: string;
  /** How often it was asked about the payment, and answered. */
  let answered: number;
  beforeEach(async () => {
    answered = 0;
    stripe = new StripeProxy();
    stripe.stub = () => ({ status: 500, body: { error: { type: 'api_error', message: 'away' } } });
    world = await createWorld({
      stripeApiBase: await stripe.start(),
      stripeLimits: { timeoutMs: 5_000, failuresUntilOpen: 1, firstPauseMs: 100, longestPauseMs: 100 },
    });
    intent = stripeId('pi');
    await waits({
      handler: 'syncFromStripe',
      event: { name: 'billing.payment_conflict', paymentId: intent },
    });
  });
  afterEach(async () => {
    await world.close();
    await stripe.stop();
  });

  const waits = (data: object) =>
    world.sql.query(`INSERT INTO pgboss.job (name, data, retry_limit) VALUES ('stripe', $1, 9)`, [data]);
  const question = `data ->> 'handler' = 'syncFromStripe'`;
  const jobs = async (condition: string) => {
    const { rows } = await world.sql.query<{ state: string; tries: number }>(
      `SELECT state, retry_count AS tries FROM pgboss.job WHERE name = 'stripe' AND ${condition}`,
    );
    return rows;
  };

  /** The first time that a job is put back, `statement` runs instead. */
  async function mishap(statement: string): Promise<void> {
    await world.sql.query(`
      CREATE SEQUENCE public.put_back;
      CREATE FUNCTION public.mishap() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN IF nextval('public.put_back') = 1 THEN ${statement} END IF; RETURN NEW; END $$;
      CREATE TRIGGER mishap BEFORE UPDATE ON pgboss.job FOR EACH ROW
        WHEN (OLD.state = 'active' AND NEW.state = 'created') EXECUTE FUNCTION public.mishap()`);
  }

  async function works(): Promise<void> {
    await world.app.get(EventHandlerWorker, { strict: false }).start();
    await until(async () => (await world.see.count('public.put_back WHERE is_called')) === 1);
    stripe.stub = ({ path }) => {
      if (path.includes(intent)) answered++;
      return { status: 200, body: { object: 'list', data: [], has_more: false } };
    };
    await until(async () => (await jobs(question)).every(({ state }) => state === 'completed'));
  }

  it('a job that is put off comes again when it cannot be put back, and the job beside it is not done twice', async () => {
    await mishap(`RAISE EXCEPTION 'out of luck';`);
    await waits({ handler: 'restoreCharge', event: { name: 'credit.taken', entryIds: [] } });
    await works();
    expect(answered).toBeGreaterThan(0);
    expect(await jobs(`data ->> 'handler' = 'restoreCharge'`)).toEqual([{ state: 'completed', tries: 0 }]);
  });

  it('a job that is put off is not taken for done when another worker has it before that is reported', async () => {
    await mishap(`NEW.state := 'active'; NEW.started_on := now();`);
    await works();
    expect(answered).toBeGreaterThan(0);
  });
});
