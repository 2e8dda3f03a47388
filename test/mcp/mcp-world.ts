import { fileURLToPath } from 'node:url';
import { Client, StreamableHTTPClientTransport, type CallToolResult } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import type { World } from '../support/world.js';

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** What a tool answered: its fields, or the problem that it reports. */
export interface ToolAnswer {
  isError: boolean;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- compared field by field
  fields: any;
}

/** Calls a tool as the SDK's client does, which checks the answer against the tool's schema. */
export async function callTool(
  client: Client,
  name: string,
  input: Record<string, unknown> = {},
): Promise<ToolAnswer> {
  const result = (await client.callTool({ name, arguments: input })) as CallToolResult;
  const [text] = result.content;
  if (text?.type !== 'text') throw new Error(`${name} answered no text`);
  const fields = JSON.parse(text.text) as Record<string, unknown>;
  return { isError: result.isError === true, fields: result.isError === true ? fields.error : fields };
}

/** The names of the tools that a client sees. */
export async function toolNames(client: Client): Promise<string[]> {
  return (await client.listTools()).tools.map(({ name }) => name);
}

/** A client over HTTP with an API key. `url` is where the world's application listens. */
export async function connectHttp(url: string, key: string, options = {}): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' }, options);
  await client.connect(
    new StreamableHTTPClientTransport(new URL('/mcp', url), {
      requestInit: { headers: { authorization: `Bearer ${key}` } },
    }),
  );
  return client;
}

/** A client of a `twofold mcp` process on the database of `world`. */
export async function connectStdio({ config }: World, ...flags: string[]): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [cli, 'mcp', ...flags],
      env: {
        PATH: process.env.PATH ?? '',
        DATABASE_URL: config.databaseUrl ?? '',
        SECRET_KEY: config.secretKeys.join(','),
        STRIPE_SECRET_KEY: config.stripeSecretKey ?? '',
        STRIPE_WEBHOOK_SECRET: config.stripeWebhookSecrets.join(','),
        STRIPE_API_BASE: config.stripeApiBase ?? '',
      },
    }),
  );
  return client;
}
