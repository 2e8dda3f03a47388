import { readFileSync } from 'node:fs';

/** Tables that stay small however many people there are: reading them whole is right. */
const small = new Set([
  'terms',
  'fraud_rule',
  'budget',
  'milestone',
  'review',
  'reversal',
  'invoice_payment',
  'merged_account',
  'job_common',
  'queue',
]);

/**
 * The statements of first payments, sessions and the search, as `bench/sql` has them, whose plan
 * reads a whole table of people or payments. Answers one line each.
 */
export async function plansThatRead(stage) {
  const found = [];
  for (const statement of statements()) {
    const plan = await stage.query(`EXPLAIN (FORMAT JSON) ${statement}`);
    for (const table of wholeTablesIn(plan[0]['QUERY PLAN'][0].Plan))
      if (!small.has(table)) found.push(`${table}: ${statement.slice(0, 120)}`);
  }
  return found;
}

function statements() {
  const files = ['conversion', 'renewal', 'session'].map((name) =>
    readFileSync(new URL(`sql/${name}.sql`, import.meta.url), 'utf8'),
  );
  const filled = files
    .join('\n')
    .replaceAll(/^--.*\n/gm, '')
    .replaceAll(':payload', `'{}'`)
    .replaceAll(':referrer', `bench.id_of('8000', 1)`)
    .replaceAll(':turn', `'0'`)
    .replaceAll(/:n\b/g, `'1'`);
  const asked = filled.split(/;\s*\n/).map((text) => text.trim());
  return [
    ...asked.filter((text) => /^(SELECT|INSERT|UPDATE)/.test(text) && !text.includes('advisory')),
    `WITH found AS MATERIALIZED (SELECT id FROM auth."user" WHERE email ILIKE '%person77.%' OR display_name ILIKE '%person77.%')
     SELECT * FROM found JOIN admin.user_row USING (id) ORDER BY created_at DESC, id DESC LIMIT 26`,
    `SELECT * FROM admin.user_row ORDER BY created_at DESC, id DESC LIMIT 26`,
    `SELECT * FROM admin.referral_row ORDER BY linked_at DESC, id DESC LIMIT 26`,
    `SELECT * FROM admin.user_row WHERE credit_until > now() ORDER BY credit_until, credit_user_id LIMIT 26`,
    `SELECT * FROM admin.referral_row WHERE conversion_id IS NOT NULL ORDER BY converted_at DESC, conversion_id DESC LIMIT 26`,
    `SELECT * FROM billing.inbox WHERE type = 'none' ORDER BY received_at DESC, event_id DESC LIMIT 26`,
  ];
}

function wholeTablesIn(plan) {
  const own = plan['Node Type'] === 'Seq Scan' ? [plan['Relation Name']] : [];
  return [...own, ...(plan.Plans ?? []).flatMap(wholeTablesIn)];
}
