import { delivery, invoicePaid } from '../deliveries.mjs';
import { measureApp, measureDrawn, measureEquivalent, measureNumbered } from '../measure.mjs';
import { asFunction, statementsOf } from '../pgbench.mjs';

const clients = 16;

/**
 * Each a new pair: stored, tier flipped, converted, both credited. `referrer`: one for all of them,
 * or each their own.
 */
function conversions(referrer) {
  const statements = statementsOf('conversion', {
    referrer: referrer === null ? "bench.id_of('8000', :n)" : `bench.id_of('8000', ${referrer})`,
  });
  const name = referrer === null ? 'convert' : 'convert_of_one';
  return {
    async setUp(stage) {
      if (referrer !== null) await stage.query(`SELECT bench.make_users('8000', $1, $1)`, [referrer]);
      await stage.query(asFunction(name, statements));
    },
    ...rounds({
      make: (stage, count) => stage.makePairs(count, referrer),
      turn: () => 0,
      statements: () => statements,
      call: () => `SELECT bench.${name}(:n);`,
      equivalent: referrer === null ? 'conversion' : undefined,
      mostPerSecond: { app: 2000, steps: 1600, call: 3200 },
    }),
  };
}

/**
 * What is common to loads whose every number is good for one delivery. `mostPerSecond`: more than
 * each can use up.
 */
function rounds({ make, turn, statements, call, equivalent, mostPerSecond }) {
  const numbers = async (stage, seconds, load) => {
    const each = Math.ceil((mostPerSecond[load] * seconds) / clients);
    const first = await make(stage, each * clients);
    await stage.settle();
    return { first, each };
  };
  return {
    async app(stage, seconds) {
      const { first, each } = await numbers(stage, seconds, 'app');
      const now = Math.floor(Date.now() / 1000);
      const requests = Array.from({ length: each * clients }, (_, index) =>
        delivery(invoicePaid(first + index, turn(), now), now),
      );
      return measureApp(stage, { connections: clients, requests, seconds });
    },
    async steps(stage, seconds) {
      return measureNumbered(stage, statements(), {
        clients,
        seconds,
        ...(await numbers(stage, seconds, 'steps')),
      });
    },
    async call(stage, seconds) {
      return measureNumbered(stage, call(), { clients, seconds, ...(await numbers(stage, seconds, 'call')) });
    },
    ...(equivalent === undefined
      ? {}
      : { equivalent: (stage, seconds) => measureEquivalent(stage, equivalent, { clients, seconds }) }),
  };
}

const renewalStatements = statementsOf('renewal', { turn: '1' });

/** (a) to (d): what Stripe delivers. */
export const payments = {
  a: {
    title: 'first payments that convert, each a new pair',
    unit: 'deliveries',
    goal: 0.7,
    goalToEquivalent: 0.65,
    ...conversions(null),
  },
  b: {
    title: 'renewals',
    unit: 'deliveries',
    goal: 0.7,
    goalToEquivalent: 0.8,
    setUp: (stage) => stage.query(asFunction('renew', renewalStatements)),
    ...rounds({
      make: (stage, count) => stage.makePayers(count),
      turn: () => 1,
      statements: () => renewalStatements,
      call: () => `SELECT bench.renew(:n);`,
      equivalent: 'renewal',
      mostPerSecond: { app: 2400, steps: 2400, call: 8000 },
    }),
  },
  c: duplicates(),
  d: {
    title: 'first payments that all credit one referrer',
    unit: 'deliveries',
    goal: 0.8,
    ...conversions(999_999_999),
  },
};

/** Events that were applied long ago, reported again and again. */
function duplicates() {
  const statements = statementsOf('duplicate');
  let first = 0;
  const count = 500;
  let requests = [];
  return {
    title: 'duplicates of applied events',
    unit: 'deliveries',
    async setUp(stage) {
      first = await stage.makePairs(count);
      const now = Math.floor(Date.now() / 1000);
      requests = Array.from({ length: count }, (_, index) =>
        delivery(invoicePaid(first + index, 0, now), now),
      );
      await measureApp(stage, { connections: clients, requests, seconds: 60 });
    },
    app: (stage, seconds) => measureApp(stage, { connections: clients, requests: around(requests), seconds }),
    steps: (stage, seconds) =>
      measureDrawn(stage, statements, { clients, seconds, first, last: first + count - 1 }),
  };
}

function* around(requests) {
  for (let index = 0; ; index++) yield requests[index % requests.length];
}
