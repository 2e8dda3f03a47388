import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { secretKey } from './servers.mjs';

/**
 * Compares what was acknowledged with what the database holds: every acknowledged event is there
 * and applied, every pair that paid has exactly one conversion and 45 days on each side, no account
 * has more, and `verify` finds nothing.
 * Answers the problems, none when all is well, and what was counted.
 */
export async function checkAcknowledged(url, traffic) {
  const sql = new pg.Client({ connectionString: url });
  sql.on('error', () => undefined); // the query reports it
  await sql.connect();
  const ids = [...traffic.acknowledged];
  const first = ids.filter((id) => id.endsWith('_0'));
  const [counted] = (
    await sql.query(
      `SELECT (SELECT count(*)::int FROM unnest($1::text[]) AS told(event) WHERE NOT EXISTS (
           SELECT 1 FROM billing.inbox i WHERE i.event_id = told.event AND i.status = 'applied')) AS lost,
         (SELECT count(*)::int FROM unnest($2::text[]) AS told(event) WHERE NOT EXISTS (
           SELECT 1 FROM referral.conversion c
           WHERE c.referred_id = bench.id_of('8001', substring(told.event FROM 'evt_8001([0-9]+)_')::bigint))) AS unconverted,
         (SELECT count(*)::int FROM referral.conversion) AS conversions,
         (SELECT count(*)::int FROM credit.entry) AS entries,
         (SELECT count(*)::int FROM (SELECT user_id FROM credit.entry GROUP BY user_id HAVING sum(duration_ms) <> 45 * 86400000::bigint) wrong) AS wrong,
         (SELECT count(*)::int FROM billing.inbox WHERE status NOT IN ('applied', 'ignored')) AS unsettled`,
      [ids, first],
    )
  ).rows;
  await sql.end();
  const verified = await verify(url);
  const checks = [
    [counted.lost, 'acknowledged events are not applied in the database'],
    [counted.unconverted, 'acknowledged first payments have no conversion'],
    [counted.entries - 2 * counted.conversions, 'entries too many or too few for the conversions'],
    [counted.wrong, 'accounts have other than 45 days'],
    [counted.unsettled, 'events wait in the inbox'],
    [traffic.open.size, 'events were never acknowledged'],
    [verified.code, 'is the exit code of verify'],
  ];
  const problems = checks.filter(([count]) => count !== 0).map(([count, words]) => `${count} ${words}`);
  if (verified.code !== 0) problems.push(verified.output.slice(-1_000));
  return {
    acknowledged: ids.length,
    ...counted,
    verify: verified.code === 0 ? 'clean' : 'PROBLEMS',
    problems,
  };
}

function verify(url) {
  const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [cli, 'verify'], {
      env: { PATH: process.env.PATH, DATABASE_URL: url, SECRET_KEY: secretKey },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('exit', (code) => resolve({ code, output }));
  });
}
