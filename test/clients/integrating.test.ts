import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runTwofold } from '../cli/run-twofold.js';
import { createMigratedDatabase, type TestDatabase } from '../support/database.js';
import { freePort, startProcess, type AppProcess } from '../support/process.js';
import { installPackedClient, type Installation } from './packed-client.js';

const root = resolve(import.meta.dirname, '../..');
const guide = readFileSync(join(root, 'docs/integrating.md'), 'utf8');
const run = promisify(execFile);

/** The blocks of the guide with this name, in their order. */
const snippets = (name: string) =>
  [...guide.matchAll(new RegExp(`<!-- snippet: ${name} -->\\s+\`\`\`\\w+\\n([^]*?)\`\`\``, 'g'))].map(
    ([, code = '']) => code,
  );

let database: TestDatabase;
let twofold: AppProcess;
let environment: Record<string, string>;
let installation: Installation;
/** Where the guide has ports 3000 and 3001. */
let port: number;
beforeAll(async () => {
  database = await createMigratedDatabase();
  installation = installPackedClient('stripe');
  port = await freePort();
  environment = {
    ...{ DATABASE_URL: database.url, DATA_DIR: installation.folder, PORT: String(port) },
    SECRET_KEY: 'a-secret-key-that-only-the-tests-know-0123456789',
  };
  twofold = await startProcess(environment);
});
afterAll(async () => {
  await twofold.terminate();
  await database.drop();
  installation.remove();
});

const withPorts = (text: string) =>
  text.replaceAll('127.0.0.1:3000', `127.0.0.1:${port}`).replaceAll('port: 3001', `port: ${port + 1}`);

it('the start of the guide leads from a key to the credit of both, and prints what the guide says', async () => {
  const [command = ''] = snippets('key');
  const [, ...words] = command
    .trim()
    .split(/ (?=(?:[^"]*"[^"]*")*[^"]*$)/)
    .map((word) => word.replaceAll('"', ''));
  expect(words[0]).toBe('twofold');
  const { stdout } = await runTwofold(environment, ...words.slice(1));
  const [token = ''] = /tfk_\S+/.exec(stdout) ?? [];
  expect(token).not.toBe('');

  writeFileSync(join(installation.folder, 'integrate.mjs'), withPorts(snippets('integrate').join('\n')));
  const integrate = () =>
    run(process.execPath, ['integrate.mjs'], { cwd: installation.folder, env: { TWOFOLD_API_KEY: token } });
  const [expected = ''] = snippets('output');
  const pattern = withPorts(expected)
    .trim()
    .split('…')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const output = new RegExp(`^${pattern.join('\\S+')}$`);
  expect((await integrate()).stdout.trim()).toMatch(output);
  const again = (await integrate()).stdout;
  expect(again).toContain('Bert’s invitation: already_linked');
  expect(again).toContain('anna: 45 days');
});

it('the guide forwards events of Stripe as the Express example does', () => {
  const [code = ''] = snippets('forward');
  const example = readFileSync(join(root, 'examples/express/app.js'), 'utf8');
  const withoutOwnWork = example.replace(/ +const event = [^]*?(?= +await twofold)/, '');
  for (const line of code
    .trim()
    .split('\n')
    .map((one) => one.trim()))
    if (!line.startsWith('await')) expect(withoutOwnWork).toContain(line);
  expect(code).toContain('await twofold.stripe.forward(request.body,');
});

it('every file that the guide and the READMEs of the client and the examples link exists', () => {
  for (const file of ['docs/integrating.md', 'clients/typescript/README.md', 'examples/express/README.md']) {
    const links = [...readFileSync(join(root, file), 'utf8').matchAll(/\]\((?!https?:)([^)#]+)/g)];
    expect(links.length).toBeGreaterThan(0);
    const missing = links.filter(([, link = '']) => !existsSync(resolve(root, file, '..', link)));
    expect([file, missing.map(([, link]) => link)]).toEqual([file, []]);
  }
});
