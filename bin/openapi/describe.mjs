// Compares openapi.json with the API of the build in dist/. `--write` replaces it; a change that
// breaks clients is written only with `--breaking "<why>"`, which is noted in docs/api-changes.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { describeApi } from '../../dist/describe-api.js';
import { syncGeneratedFile } from '../generated-file.mjs';
import { breakingChanges } from './breaking-changes.mjs';

const file = new URL('../../openapi.json', import.meta.url);
const changelog = new URL('../../docs/api-changes.md', import.meta.url);
const { values } = parseArgs({ options: { write: { type: 'boolean' }, breaking: { type: 'string' } } });

const committed = readFileSync(file, 'utf8');
const current = `${JSON.stringify(await describeApi(), null, 2)}\n`;
const breaking = breakingChanges(JSON.parse(committed), JSON.parse(current));
for (const change of breaking) console.error(`Breaks clients: ${change}`);
const isDeclared = (values.breaking ?? '').trim() !== '';

if (committed !== current && values.write === true && breaking.length > 0 && !isDeclared) {
  console.error('Declare it: npm run openapi -- --breaking "<why, and what clients do>"');
  process.exitCode = 1;
} else {
  if (values.write === true && breaking.length > 0) declare(values.breaking);
  syncGeneratedFile(file, current, { write: values.write === true, command: 'npm run openapi' });
}

function declare(reason) {
  const lines = [`- ${reason.trim()}`, ...breaking.map((change) => `  - ${change}`)];
  writeFileSync(changelog, `${readFileSync(changelog, 'utf8').trimEnd()}\n${lines.join('\n')}\n`);
}
