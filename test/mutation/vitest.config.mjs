import { defineConfig } from 'vitest/config';
import whole from '../../vitest.config.mjs';

const { globalSetup: _, ...test } = whole.test;

/** The tests that stand beside the pure rules: they need no database, so that a mutant costs little. */
export default defineConfig({
  ...whole,
  root: process.cwd(),
  test: {
    ...test,
    include: [
      'src/admin/{refunds,stats,terms/simulation}/*.test.ts',
      'src/billing/{deferrals,reversals,subscriptions}/*.test.ts',
      'src/credit/ledger/*.test.ts',
      'src/referral/{conversions,fraud,merging,terms}/*.test.ts',
      'src/settings/me/access.test.ts',
    ],
  },
});
