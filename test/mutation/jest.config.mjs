import whole from '../../jest.config.mjs';

const { globalSetup: _, globalTeardown: __, ...rest } = whole;

/** The tests that stand beside the pure rules: they need no database, so that a mutant costs little. */
export default {
  ...rest,
  rootDir: process.cwd(),
  roots: ['<rootDir>/src'],
  testMatch: [
    '<rootDir>/src/admin/{refunds,stats,terms/simulation}/*.test.ts',
    '<rootDir>/src/billing/{deferrals,reversals,subscriptions}/*.test.ts',
    '<rootDir>/src/credit/ledger/*.test.ts',
    '<rootDir>/src/referral/{conversions,fraud,merging,terms}/*.test.ts',
    '<rootDir>/src/settings/me/access.test.ts',
  ],
};
