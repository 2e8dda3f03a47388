// `npm run migration:create -- <words>` adds the next migration; `npm run migration:status` lists
// all SQL files.
import { readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const folder = resolve(import.meta.dirname, '../migrations');
const [command, ...words] = process.argv.slice(2);
if (command === 'create') create(words.join(' '));
else if (command === 'status') await printStatus();
else fail('Usage: npm run migration:create -- <words> | npm run migration:status');

function create(text) {
  const name = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_|_$/g, '');
  if (name === '') fail('Say what the migration does: npm run migration:create -- add referral notes');
  const numbers = readdirSync(folder).map((file) => Number(/^(\d{4})_\w+\.sql$/.exec(file)?.[1] ?? 0));
  const file = `${String(Math.max(...numbers) + 1).padStart(4, '0')}_${name}.sql`;
  const header = `-- ${text}: what it is for, in a sentence. Rules: migrations/README.md.\n`;
  writeFileSync(join(folder, file), header, { flag: 'wx' });
  console.log(`Created migrations/${file}`);
}

async function printStatus() {
  const { loadConfig } = await import('../dist/platform/config/config.js');
  const { prepareLocalEnvironment } = await import('../dist/local-environment.js');
  const { openDataSource } = await import('../dist/platform/database/data-source.js');
  const { describeFiles, rejectOlderDatabase } =
    await import('../dist/platform/database/migration-status.js');
  const environment = await prepareLocalEnvironment(loadConfig(process.env), (line) => console.error(line));
  const dataSource = await openDataSource(environment.config.databaseUrl, 1);
  try {
    await rejectOlderDatabase(dataSource);
    for (const line of await describeFiles(dataSource)) console.log(line);
  } finally {
    await dataSource.destroy();
    await environment.release();
  }
}

function fail(message) {
  console.error(message);
  process.exit(2);
}
