#!/usr/bin/env -S node --max-semi-space-size=8
// Whatever is imported here is loaded before the first statement runs: everything else waits for
// the check.
import { requireNodeVersion } from './require-node.js';

requireNodeVersion(process.version);
void import('./v8-flags.js')
  .then(() => import('./cli/run.js'))
  .then(({ runCli }) => runCli(process.argv.slice(2), process.env))
  .then((code) => {
    process.exitCode = code;
  });
