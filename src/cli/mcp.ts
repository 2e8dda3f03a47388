import { loadStdioServer } from '../mcp/index.js';
import type { GetService } from './command-context.js';

/**
 * Speaks MCP on standard input and output until the input ends. Shape: null, as the output belongs
 * to the protocol.
 */
export async function serveMcp(get: GetService, options: { allowWrites?: true }): Promise<null> {
  const { serveOnStdio } = await loadStdioServer();
  await serveOnStdio(get, { mayWrite: options.allowWrites === true });
  return null;
}
