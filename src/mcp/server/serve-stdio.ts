import { once } from 'node:events';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import type { GetService } from '../../platform/get-service.js';
import { operatorCaller } from '../caller.js';
import { createToolServer } from './create-tool-server.js';

/**
 * Answers messages of standard input on standard output, until the input ends or the process is
 * asked to stop.
 */
export async function serveOnStdio(get: GetService, options: { mayWrite: boolean }): Promise<void> {
  const caller = operatorCaller(options);
  const reportFailure = (tool: string, error: unknown) => console.error(`${tool} failed:`, error);
  const server = serveStdio(() => createToolServer({ get, caller, reportFailure }));
  await Promise.race([
    once(process.stdin, 'end'),
    once(process.stdin, 'close'),
    once(process, 'SIGINT'),
    once(process, 'SIGTERM'),
  ]);
  await server.close();
}
