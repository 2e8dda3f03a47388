// npm run generate: fills a database with plausible data, to try the console and to measure with.
import { parseArgs } from 'node:util';
import pg from 'pg';
import { prepareLocalEnvironment } from '../dist/local-environment.js';
import { loadConfig } from '../dist/platform/config/config.js';
import { prepareDatabase } from '../dist/prepare-database.js';
import { generate } from './generate/generate.mjs';

const help = `npm run generate -- [--users 10000] [--seed 1] [--until 2026-11-30] [--beside-people]

Fills the database of DATABASE_URL, or the local one, with people of 18 months: their invitations with notes,
payments, refunds, disputes, holds, reviews, credit, milestones, a cap and a budget, merged accounts, link clicks by channel, events of
Stripe, API keys and outgoing webhooks that do nothing, audit log and emails. All of it passes \`twofold verify\`.
The role must be a superuser, as it is in the local database.

  --users N         how many people; a million take two minutes and 2.6 GB
  --seed N          another number, other data; the same number (and --until), the same data
  --until DATE      when the data ends, at midnight in UTC; today if it is not given
  --beside-people   also where there are people already. They stay as they are; what is generated cannot be taken out again`;

/** What a person did wrong, in a sentence. */
class Refusal extends Error {}

try {
  await run(readArguments());
} catch (error) {
  const text = explain(error);
  if (text === null) throw error;
  console.error(text);
  process.exitCode = 2;
}

async function run(values) {
  if (values.help) return console.log(help);
  const users = toNumber('users', values.users);
  const seed = toNumber('seed', values.seed);
  const until = new Date(`${values.until ?? new Date().toISOString().slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(until.getTime())) throw new Refusal('--until must be a date such as 2026-11-30');
  const environment = await prepareLocalEnvironment(loadConfig(process.env), (line) => console.error(line));
  const client = new pg.Client({ connectionString: environment.config.databaseUrl });
  try {
    await prepareDatabase(environment.config.databaseUrl);
    await client.connect();
    await refuseRealPeople(client, values['beside-people']);
    const startedAt = performance.now();
    const seconds = () => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
    const onStep = (name) => console.error(`${seconds().padStart(9)}  ${name}`);
    await generate(client, { users, seed, until, onStep });
    console.log(`${users.toLocaleString('en')} people with seed ${seed} in ${seconds()}.`);
  } finally {
    await client.end();
    await environment.release();
  }
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        users: { type: 'string', default: '10000' },
        seed: { type: 'string', default: '1' },
        until: { type: 'string' },
        'beside-people': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    console.error(`${error.message}\n\n${help}`);
    process.exit(2);
  }
}

function toNumber(name, text) {
  if (!/^\d+$/.test(text)) throw new Refusal(`--${name} must be a whole number`);
  return Number(text);
}

/** Nothing that belongs to somebody gets company that is not real, unless it was asked for. */
async function refuseRealPeople(client, isAllowed) {
  const { rows } = await client.query(
    `SELECT EXISTS (SELECT FROM auth."user") AS people, EXISTS (SELECT FROM referral.terms WHERE version > 1) AS terms`,
  );
  if (rows[0].people && !isAllowed)
    throw new Refusal('There are people in this database. If that is meant, repeat it with --beside-people.');
  if (rows[0].terms) throw new Refusal('This database has terms of its own: choose an empty one.');
}

/** What to say about an error that a person can do something about; null: none of them. */
function explain(error) {
  if (error instanceof Refusal || error instanceof RangeError) return error.message;
  if (error.code === '42501') return 'The role of DATABASE_URL must be a superuser.';
  if (error.code === '23505')
    return `Something of it is there already (${error.constraint}): choose an empty database.`;
  return null;
}
