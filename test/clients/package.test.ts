import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { version } from '../../clients/typescript/src/version.js';
import { installPackedClient, type Installation } from './packed-client.js';

const root = resolve(import.meta.dirname, '../..');
const run = promisify(execFile);
let installation: Installation;
beforeAll(() => {
  installation = installPackedClient('react', '@types/react', '@types/node');
});
afterAll(() => installation.remove());

interface Manifest {
  version: string;
  dependencies: Record<string, string>;
}
const manifestOf = (folder: string) =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
const readme = readFileSync(join(root, 'clients/typescript/README.md'), 'utf8');

it('the types are those of openapi.json', async () => {
  const { stdout } = await run(process.execPath, ['bin/openapi/client-types.mjs'], { cwd: root });
  expect(stdout).toContain('api.ts is current');
});

it('the client has the version of Twofold, and says so in its requests', () => {
  const client = manifestOf(join(root, 'clients/typescript'));
  expect([client.version, version]).toEqual(Array(2).fill(manifestOf(root).version));
});

it('the client depends on standardwebhooks alone, in the version of Twofold', () => {
  const client = manifestOf(join(root, 'clients/typescript'));
  const { standardwebhooks } = manifestOf(root).dependencies;
  expect(client.dependencies).toEqual({ standardwebhooks });
});

describe('the tarball', () => {
  const clientFolder = () => join(installation.folder, 'node_modules/@twofold/client');

  it('has the compiled files, their types, the README and the licence, and no sources', () => {
    const files = readdirSync(clientFolder(), { recursive: true, encoding: 'utf8' });
    expect(files).toEqual(
      expect.arrayContaining(['dist/index.js', 'dist/index.d.ts', 'dist/react.js', 'dist/react.d.ts']),
    );
    expect(files.filter((file) => !/^dist(\/|$)/.test(file)).sort()).toEqual([
      'LICENSE',
      'README.md',
      'package.json',
    ]);
    expect(files.filter((file) => /\.ts$/.test(file) && !file.endsWith('.d.ts'))).toEqual([]);
    expect(files).not.toContain('dist/built-from.txt');
  });

  it('uses what every runtime has: no modules and no globals of Node', () => {
    const folder = join(clientFolder(), 'dist');
    const scripts = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.js'),
    );
    expect(scripts.length).toBeGreaterThan(5);
    for (const file of scripts) {
      const code = readFileSync(join(folder, file), 'utf8').replace(/\/\*[^]*?\*\/|\/\/.*/g, '');
      const imported = [...code.matchAll(/(?:from|import) '([^']+)'/g)].map(([, name = '']) => name);
      const packages = imported.filter((name) => !name.startsWith('./'));
      expect([file, packages.filter((name) => !['react', 'standardwebhooks'].includes(name))]).toEqual([
        file,
        [],
      ]);
      expect([file, code]).toEqual([file, expect.not.stringMatching(/\b(process|Buffer|require|global)\b/)]);
    }
  });

  it('is imported from an empty folder as an ES module', async () => {
    const code = `
      import { Twofold, TwofoldError, verifyWebhook } from '@twofold/client';
      import { Referral, useAccess } from '@twofold/client/react';
      const twofold = new Twofold({ baseUrl: 'https://twofold.example', apiKey: 'tfk_1_secret' });
      console.log([TwofoldError, verifyWebhook, Referral, useAccess, twofold.people.put].map((one) => typeof one).join());`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', code], {
      cwd: installation.folder,
    });
    expect(stdout.trim()).toBe(Array(5).fill('function').join());
  });

  /** What the compiler says about these files, and about the declarations of the package itself. */
  const compile = (files: Record<string, string>, options: object) => {
    const folder = mkdtempSync(join(installation.folder, 'compile-'));
    // as sources, since checking all declarations would check those of Node and of browsers, too
    const declarations = readdirSync(join(clientFolder(), 'dist'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.d.ts') && (file !== 'react.d.ts' || 'jsx' in options))
      .map((file) => [`package/${file.replace(/\.d\.ts$/, '.ts')}`, declarationOf(file)]);
    const sources: Record<string, string> = {
      ...files,
      ...Object.fromEntries(declarations),
      'package.json': '{ "type": "module" }',
    };
    for (const [name, text] of Object.entries(sources)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const compilerOptions = {
      ...{ target: 'ES2022', module: 'NodeNext', strict: true, noEmit: true, skipLibCheck: true },
      ...{ noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true, ...options },
    };
    const { errors, fileNames, ...parsed } = ts.parseJsonConfigFileContent(
      { compilerOptions, include: ['.'] },
      ts.sys,
      folder,
    );
    const host = ts.createCompilerHost(parsed.options);
    host.getSourceFile = parseOnce(host.getSourceFile);
    const program = ts.createProgram(fileNames, parsed.options, host);
    const found = [...errors, ...ts.getPreEmitDiagnostics(program)];
    return ts.formatDiagnostics(found, { ...host, getCurrentDirectory: () => folder });
  };
  /** The declarations of the language, of Node and of browsers are parsed once for all programs. */
  const libraries = new Map<string, ts.SourceFile | undefined>();
  const parseOnce =
    (parse: ts.CompilerHost['getSourceFile']): typeof parse =>
    (file, version, ...more) => {
      if (!file.startsWith(root)) return parse(file, version, ...more);
      if (!libraries.has(file)) libraries.set(file, parse(file, version, ...more));
      return libraries.get(file);
    };
  const declarationOf = (file: string) => readFileSync(join(clientFolder(), 'dist', file), 'utf8');
  const snippets = (language: string) =>
    [...readme.matchAll(new RegExp('```' + language + '\n([^]*?)```', 'g'))].map(([, code = '']) => code);
  /** Variables that the snippets of the README take from around them. */
  const surroundings = `
    import { Twofold } from '@twofold/client';
    declare global {
      const twofold: Twofold;
      const user: { id: string; email: string; emailVerified: boolean; createdAt: Date; stripeCustomerId: string };
      const invitation: { code: string; at: Date };
      const webhookSecret: string;
      const cursor: { load(): Promise<string | undefined>; save(id: string): Promise<void> };
      function requireUser(request: Request): Promise<typeof user>;
      function handle(event: object): Promise<void>;
    }`;

  const mistakes = `
    import { Twofold } from '@twofold/client';
    const twofold = new Twofold({ baseUrl: 'https://twofold.example', apiKey: 'tfk_1_a' });
    // @ts-expect-error: emailVerified is missing
    void twofold.people.put('1', { email: 'a@example.org' });
    // @ts-expect-error: no such field
    void twofold.people.put('1', { email: 'a@example.org', emailVerified: true, nickname: 'a' });
    // @ts-expect-error: no such type of event
    void twofold.events.list({ type: 'person.vanished' });
    for await (const event of twofold.events.list()) {
      if (event.type === 'credit.granted' && event.data.reason === 'milestone') void event.data.ordinal;
      // @ts-expect-error: only of milestones
      if (event.type === 'credit.granted') void event.data.ordinal;
    }
    // @ts-expect-error: null while unchanged
    void (await twofold.people.access('1', { etag: 'x' })).active;`;

  it('has types that compile strictly for servers, with every snippet of the README, and refuse mistakes', () => {
    const code = snippets('ts').map((text, index) => [`snippet-${index}.ts`, `${text}\nexport {};`]);
    expect(code.length).toBeGreaterThan(5);
    const files = { ...Object.fromEntries(code), 'mistakes.ts': mistakes, 'surroundings.d.ts': surroundings };
    expect(compile(files, { lib: ['ES2022'], types: ['node'] })).toBe('');
  });

  it('has types that compile strictly for browsers and edge runtimes, with React', () => {
    const code = snippets('tsx').map((text, index) => [`snippet-${index}.tsx`, text]);
    expect(code.length).toBeGreaterThan(0);
    const options = { lib: ['ES2022', 'DOM', 'DOM.Iterable'], types: [], jsx: 'react-jsx' };
    expect(compile(Object.fromEntries(code), options)).toBe('');
  });
});
