import { createMcpHandler } from '@modelcontextprotocol/server';
import type { FastifyRequest } from 'fastify';
import type { ToolContext } from '../tools/tool.js';
import { createToolServer } from './create-tool-server.js';

/** Answers one message; its body has been parsed. */
export async function answerHttp(
  { method, url, headers, body }: FastifyRequest,
  context: ToolContext,
): Promise<Response> {
  const { fetch: answer } = createMcpHandler(() => createToolServer(context), {
    maxSubscriptions: 0, // nothing is pushed
    keepAliveMs: 0,
    onerror: () => undefined, // refused messages; failures of tools are reported by the tools
  });
  const fields = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
  const request = new Request(new URL(url, 'http://localhost'), { method, headers: fields });
  const response = await answer(request, body === undefined ? {} : { parsedBody: body });
  response.headers.set('cache-control', 'no-store'); // as every other answer
  return response;
}
