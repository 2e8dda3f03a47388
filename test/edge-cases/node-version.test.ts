import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const built = (name: string) => join(root, 'dist', `${name}.js`);
const textOf = (path: string) => readFileSync(path, 'utf8');

interface Ended {
  code: number | null;
  output: string;
}

function run(node: string, args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(node, args, { timeout: 600_000 }, (_error, stdout, stderr) => {
      resolve({ code: child.exitCode, output: stdout + stderr });
    });
  });
}

/** Makes a Node say that it is another one, before our own code is loaded. */
const saying = (version: string) => [
  '--import',
  `data:text/javascript,Object.defineProperty(process,'version',{value:'${version}'})`,
];

/** Every Node that this machine has of its own, and that is too old. */
function oldNodes(): string[] {
  const places = [...(process.env.PATH ?? '').split(':'), '/usr/local/bin', '/usr/bin', '/opt/node/bin'];
  const found = [...new Set(places)].map((place) => join(place, 'node')).filter((path) => existsSync(path));
  const majorOf = (path: string) => Number(/^v(\d+)/.exec(String(execFileSync(path, ['-v'])))?.[1]);
  return found.filter((path) => majorOf(path) < 24);
}

describe.each([
  ['main', []],
  ['cli', ['--help']],
] as const)('%s', (name, args) => {
  const refused = {
    code: 2,
    output: expect.stringMatching(/needs Node 24 or newer[\s\S]*npm start[\s\S]*npx twofold/),
  };

  it.each(['v20.20.2', 'v22.11.0', 'v23.11.1', 'v8.17.0'])(
    'on Node %s it says how to start and ends with 2, before anything else is loaded',
    async (version) => {
      const ended = await run(process.execPath, [...saying(version), built(name), ...args]);
      expect(ended).toEqual(refused);
      expect(ended.output).toContain(version.slice(1));
    },
  );

  it('does the same on every older Node that this machine really has', async () => {
    for (const node of oldNodes()) expect(await run(node, [built(name), ...args])).toEqual(refused);
  });

  it('imports nothing but the check, so that an older Node can read all that is loaded before it', () => {
    const importsOf = (text: string) =>
      [...text.matchAll(/^import .*from '(.*)';$/gm)].map(([, from]) => from);
    expect(importsOf(textOf(built(name)))).toEqual(['./require-node.js']);
    for (const file of [name, 'require-node'])
      expect(textOf(built(file))).not.toMatch(/^import '|\?\?|\?\.|\bawait\b|node:/m);
    expect(importsOf(textOf(built('require-node')))).toEqual([]);
  });
});

it('the command line runs on the version that package.json asks for, and on newer ones', async () => {
  const { engines } = JSON.parse(textOf(join(root, 'package.json'))) as { engines: { node: string } };
  expect(engines.node).toBe('>=24');
  for (const version of ['v24.0.0', 'v25.1.0', 'v100.0.0']) {
    const ended = await run(process.execPath, [...saying(version), built('cli'), '--help']);
    expect(ended).toEqual({ code: 0, output: expect.stringContaining('Usage: twofold') });
  }
});
