// Generates a client from openapi.json by openapi-typescript and one by @hey-api/openapi-ts, and
// compiles natural calls of both under `tsc --strict`.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createClient } from '@hey-api/openapi-ts';
import openapiTypescript, { astToString } from 'openapi-typescript';

const folder = fileURLToPath(new URL('../../test/clients/', import.meta.url));
const readDescription = () =>
  JSON.parse(readFileSync(new URL('../../openapi.json', import.meta.url), 'utf8'));

rmSync(`${folder}generated`, { recursive: true, force: true });
mkdirSync(`${folder}generated`, { recursive: true });
writeFileSync(
  `${folder}generated/openapi-typescript.ts`,
  astToString(await openapiTypescript(readDescription())),
);
await createClient({
  input: readDescription(),
  output: { path: `${folder}generated/hey-api` },
  plugins: ['@hey-api/client-fetch', '@hey-api/typescript', '@hey-api/sdk'],
  logs: { level: 'silent' },
});
const tsc = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));
execFileSync(process.execPath, [tsc, '-p', folder], { stdio: 'inherit' });
