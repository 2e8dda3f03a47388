#!/usr/bin/env -S node --max-semi-space-size=4
import { runCli } from './cli/run.js';

process.exitCode = await runCli(process.argv.slice(2), process.env);
