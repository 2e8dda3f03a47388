import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.mjs';

/**
 * Node loads libraries itself, and the files of one worker share what is loaded. Every test file
 * that needs a database gets its own copy of a migrated template.
 */
export default defineConfig({
  oxc: {
    decorator: { legacy: true, emitDecoratorMetadata: true },
    jsx: { runtime: 'automatic', importSource: '#jsx', development: false },
    target: 'es2024',
  },
  // package.json maps it to what is compiled
  resolve: {
    alias: {
      '#jsx/jsx-runtime': join(import.meta.dirname, 'src/jsx/jsx-runtime.ts'),
      // for route handlers of examples/; test/clients/package.test.ts installs the package itself
      '@twofold/client/react': join(import.meta.dirname, 'clients/typescript/src/react.ts'),
      '@twofold/client': join(import.meta.dirname, 'clients/typescript/src/index.ts'),
    },
  },
  test: {
    include: ['{src,test}/**/*.test.{ts,tsx}'],
    globalSetup: [join(import.meta.dirname, 'test/support/global-setup.mjs')],
    pool: 'forks',
    isolate: false,
    maxWorkers: 3, // some wait for a process or a clock: more than two cores can do
    sequence: { hooks: 'list', sequencer: LongestFirst },
    taskTitleValueFormatTruncate: 0, // test names are whole
    // hangs end here; no test may count on how long anything takes, which nobody knows on a busy
    // machine
    testTimeout: 1_200_000,
    hookTimeout: 1_200_000,
  },
});
