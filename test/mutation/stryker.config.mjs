/**
 * Mutation testing of the pure rules: `npm run mutation`. Its score stands in docs/correctness.md.
 */
export default {
  mutate: [
    'src/admin/refunds/refund-days.ts',
    'src/admin/stats/period.ts',
    'src/admin/terms/simulation/terms-simulation.ts',
    'src/billing/deferrals/deferral-target.ts',
    'src/billing/reversals/reversal.ts',
    'src/billing/subscriptions/{past-due,tier}.ts',
    'src/credit/ledger/{build-entry,credit-entry,intervals,ledger-consistency,replay}.ts',
    'src/platform/{durations,iso-date-time}.ts',
    'src/referral/conversions/{referral-state,reward-status}.ts',
    'src/referral/fraud/rule-evaluation.ts',
    'src/referral/limits/milestone-rules.ts',
    'src/referral/merging/referral-merge-plan.ts',
    'src/referral/terms/{active-periods,payment-requirement,terms,terms-draft,terms-fields,terms-validation}.ts',
    'src/settings/me/access.ts',
  ],
  testRunner: 'vitest',
  vitest: { configFile: 'test/mutation/vitest.config.mjs' },
  coverageAnalysis: 'perTest',
  ignoreStatic: false,
  concurrency: Number(process.env.MUTATION_CONCURRENCY ?? 2),
  timeoutMS: 30_000,
  reporters: ['clear-text', 'progress-append-only', 'json'],
  jsonReporter: { fileName: 'node_modules/.cache/mutation.json' },
  tempDirName: '.data/mutation',
  ignorePatterns: ['dist', '.data', 'screenshots', 'bench'],
  thresholds: { high: 95, low: 90, break: 90 },
  checkers: [],
};
