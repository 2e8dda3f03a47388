import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import fc from 'fast-check';
import { RateLimitsRepository, type RateLimit } from '../../src/platform/security/rate-limits.repository.js';
import { createWorld, type World } from '../support/world.js';

let world: World;
let repository: RateLimitsRepository;
beforeAll(async () => {
  world = await createWorld();
  repository = world.app.get(RateLimitsRepository, { strict: false });
});
afterAll(() => world.close());
beforeEach(() => world.sql.query('TRUNCATE platform.rate_limit'));

const windowMs = 60_000;
/** Limits by name: how many hits each allows. */
const allowed = { one: 1, two: 2, five: 5 } as const;
type Name = keyof typeof allowed;
const limit = (key: Name): RateLimit => ({ key, hits: allowed[key], windowMs });

/** What the limits allow, counted one request at a time. */
class Model {
  private readonly windows = new Map<Name, { hits: number; endsAt: number }>();

  /** Milliseconds to wait, or 0: then the request is counted. */
  hit(names: Name[], now: number): number {
    const open = (name: Name) => {
      const window = this.windows.get(name);
      return window !== undefined && window.hits > 0 && window.endsAt > now ? window : null;
    };
    const used = names
      .map(open)
      .filter((window, index) => (window?.hits ?? 0) >= allowed[names[index] ?? 'one']);
    if (used.length > 0) return Math.max(...used.map((window) => (window?.endsAt ?? now) - now));
    for (const name of names) {
      const window = open(name) ?? { hits: 0, endsAt: now + windowMs };
      this.windows.set(name, { ...window, hits: window.hits + 1 });
    }
    return 0;
  }
}

const names = fc.uniqueArray(fc.constantFrom<Name>('one', 'two', 'five'), { minLength: 1 });
const batch = fc.array(names, { minLength: 1, maxLength: 6 });
const steps = fc.array(fc.record({ batch, pauseMs: fc.nat({ max: 40_000 }) }), {
  minLength: 1,
  maxLength: 8,
});

it('requests that are counted together wait exactly as long as one at a time', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (chosen) => {
      await world.sql.query('TRUNCATE platform.rate_limit');
      const model = new Model();
      for (const { batch: requests, pauseMs } of chosen) {
        world.clock.advance(pauseMs);
        const waits = await repository.countHits(requests.map((request) => request.map(limit)));
        const now = world.clock.now().getTime();
        expect(waits).toEqual(requests.map((request) => model.hit(request, now)));
      }
    }),
    { numRuns: 200 },
  );
});
