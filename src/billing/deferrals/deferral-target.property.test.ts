import { expect, it } from 'vitest';
import fc from 'fast-check';
import { revertibleMs, computeTarget } from './deferral-target.js';

const dayMs = 86_400_000;
const secondMs = 1_000;
const begins = Date.parse('2026-11-01T12:00:00.000Z');

it('a charge comes back by no more than it was put off by, in whole seconds, and with three days of notice', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 400 * dayMs }),
      fc.integer({ min: 0, max: 500 * dayMs }),
      (putOffMs, laterMs) => {
        const end = begins / secondMs + 30 * 86_400;
        const subscription = {
          ...{ status: 'active', collection_method: 'charge_automatically', schedule: null, cancel_at: null },
          ...{
            cancel_at_period_end: false,
            pause_collection: null,
            billing_cycle_anchor: end,
            trial_end: null,
          },
          items: { has_more: false, data: [{ current_period_end: end }] },
        };
        const placed = computeTarget(
          subscription as unknown as Parameters<typeof computeTarget>[0],
          putOffMs,
        );
        if ('refused' in placed) throw new Error(placed.refused);
        const { previousEnd, target } = placed;
        const heldMs = target.getTime() - previousEnd.getTime();
        expect([target.getTime() % secondMs, heldMs - putOffMs >= 0, heldMs - putOffMs < secondMs]).toEqual([
          ...[0, true, true],
        ]);
        const now = new Date(begins + laterMs);
        const returned = revertibleMs(previousEnd, target, now);
        const undoTo = target.getTime() - returned;
        expect(returned >= 0 && returned <= heldMs && returned % secondMs === 0).toBe(true);
        if (returned > 0) expect(undoTo).toBeGreaterThanOrEqual(now.getTime() + 3 * dayMs);
        // as early as that allows: not a whole second more could come back
        const earlier = undoTo - secondMs;
        if (returned > 0 && returned < heldMs) expect(earlier).toBeLessThan(now.getTime() + 3 * dayMs);
      },
    ),
    { numRuns: 300, seed: 29 },
  );
});
