import { spawn } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { secretKey } from '../stage.mjs';

const entries = 1_000_000;

/** (h) and (i): commands over many rows, each measured once a round as a whole process. */
export const commands = {
  h: {
    title: 'users import, 100,000 rows',
    unit: 'rows',
    once: true,
    setUp: async () => undefined,
    async app(stage) {
      const file = join(stage.dataDir, 'users.csv');
      await writeUsers(file, 100_000);
      return { ...(await command(stage, ['users', 'import', file])), rows: 100_000 };
    },
  },
  i: {
    title: `verify over ${entries.toLocaleString('en')} ledger entries`,
    unit: 'entries',
    once: true,
    goalSeconds: 20,
    goalMemoryMb: 200,
    setUp: makeLedger,
    app: async (stage) => ({ ...(await command(stage, ['verify'])), rows: entries }),
  },
};

let imported = 0;

async function writeUsers(file, count) {
  const out = createWriteStream(file);
  out.write('email,referral_code,referred_by_code,stripe_customer_id,created_at\n');
  const batch = ++imported;
  for (let n = 0; n < count; n++) out.write(`import${batch}.${n}@example.org,,,,2026-01-01T00:00:00Z\n`);
  await new Promise((resolve) => out.end(resolve));
}

/** A million lines of 100,000 accounts: ten grants each, as staff would have made them. */
async function makeLedger(stage) {
  const accounts = entries / 10;
  const first = stage.pairs + 1;
  stage.pairs += accounts;
  await stage.query(`SELECT bench.make_users('8001', $1, $2)`, [first, stage.pairs]);
  await stage.query(
    `INSERT INTO credit.entry (id, user_id, seq, at, kind, duration_ms, until_after)
     SELECT gen_random_uuid(), bench.id_of('8001', n), seq, t.at, 'admin_grant', 3888000000, t.at + seq * interval '1080 hours'
     FROM generate_series($1::bigint, $2::bigint) n, generate_series(1, 10) seq, (SELECT date_trunc('second', now()) - interval '1 hour' AS at) t`,
    [first, stage.pairs],
  );
  await stage.query(
    `UPDATE credit.account a SET last_seq = e.seq, last_at = e.at, until = e.until_after
     FROM credit.entry e WHERE e.user_id = a.user_id AND e.seq = 10 AND a.last_seq = 0`,
  );
  await stage.settle();
}

/**
 * Runs the CLI and answers its seconds and its greatest memory in MB. Throws unless it exits with
 * 0.
 */
async function command(stage, words) {
  const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['--max-semi-space-size=8', cli, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, DATABASE_URL: stage.url, SECRET_KEY: secretKey, DATA_DIR: stage.dataDir },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  let memoryMb = 0;
  const watch = setInterval(() => (memoryMb = Math.max(memoryMb, peakOf(child.pid))), 50);
  const code = await new Promise((resolve) => child.on('exit', resolve));
  clearInterval(watch);
  if (code !== 0) throw new Error(`twofold ${words.join(' ')} exited with ${code}: ${output.slice(-2000)}`);
  return { seconds: (performance.now() - startedAt) / 1000, memoryMb };
}

function peakOf(pid) {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
