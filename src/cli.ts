#!/usr/bin/env -S node --max-semi-space-size=8
import './heap.js';
import { runCli } from './cli/run.js';

process.exitCode = await runCli(process.argv.slice(2), process.env);
