import { defineConfig } from 'vitest/config';
import unit from '../../vitest.unit.config.mjs';

/** The tests beside the pure rules. */
export default defineConfig({
  ...unit,
  root: process.cwd(),
  test: {
    ...unit.test,
    setupFiles: ['test/mutation/no-shrinking.mjs'],
    include: [
      'src/admin/{refunds,stats,terms/simulation}/*.test.ts',
      'src/billing/{deferrals,reversals,subscriptions}/*.test.ts',
      'src/credit/ledger/*.test.ts',
      'src/platform/{durations,iso-date-time}.test.ts',
      'src/referral/{conversions,fraud,limits,merging,terms}/*.test.ts',
      'src/settings/me/access.test.ts',
    ],
  },
});
