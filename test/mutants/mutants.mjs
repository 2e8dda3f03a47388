/**
 * Each mutant takes one guard out of a copy of the source. `killer` is the test that must turn red for it:
 * a file, and the words its name begins with. An edit replaces the first text by the second, everywhere in the file.
 */
const faults = 'test/journeys/faults.test.ts';

export const mutants = [
  {
    name: 'credit is read, added to and written back without a lock',
    killer: [faults, 'lost extensions'],
    edits: [
      ['src/credit/credit-ledger.ts', ' ORDER BY user_id FOR NO KEY UPDATE', ''],
      [
        'src/credit/credit-ledger.ts',
        'GREATEST($9::timestamptz, a.last_at, a.until)',
        'GREATEST($9::timestamptz, (SELECT until FROM credit.account old WHERE old.user_id = a.user_id))',
      ],
      [
        'src/credit/credit-ledger.ts',
        'last_seq = a.last_seq + 1',
        'last_seq = a.last_seq + 1 + (random() * 1000000000)::bigint',
      ],
    ],
  },
  {
    name: 'a conversion is looked for, not constrained, and nothing is locked',
    killer: [faults, 'double conversion'],
    edits: [
      [
        'migrations/0004_referral.sql',
        /CONSTRAINT conversion_once_per_(referral|referred|invoice) UNIQUE/g,
        '',
      ],
      [
        'migrations/0005_billing.sql',
        'CREATE TABLE billing.invoice (\n  id              text PRIMARY KEY',
        'CREATE TABLE billing.invoice (\n  id              text',
      ],
      ['src/billing/paid-grants.ts', ' ON CONFLICT (id) DO NOTHING', ''],
      ['src/billing/accounts.ts', 'WHERE user_id = $1 FOR NO KEY UPDATE', 'WHERE user_id = $1'],
      ['src/billing/stripe-locks.ts', 'pg_advisory_xact_lock(hashtextextended($1, 0))', '$1::text'],
      ['src/referral/linked-referral.ts', ' FOR NO KEY UPDATE OF r', ''],
      [
        'src/referral/conversions.ts',
        'if (existing !== null) return this.standings.follow(tx, { linked, made: existing, payment });',
        '',
      ],
    ],
  },
  {
    name: 'the referral is linked when a code is asked for, before the address is verified',
    killer: [faults, 'unverified link'],
    edits: [
      [
        'src/auth/challenges.ts',
        'import { SignInLimits }',
        "import { Newcomers } from './newcomers.js';\nimport { SignInLimits }",
      ],
      [
        'src/auth/challenges.ts',
        'private readonly database: Database,',
        'private readonly database: Database,\n    private readonly newcomers: Newcomers,',
      ],
      [
        'src/auth/challenges.ts',
        '    return { ...challenge, invitedBy };',
        '    await this.database.transaction((tx) => this.newcomers.welcome(tx, email, invitedBy?.code ?? null));\n    return { ...challenge, invitedBy };',
      ],
    ],
  },
  {
    name: 'a racing request overwrites the code that was given out',
    killer: [faults, 'overwritten code'],
    edits: [
      [
        'src/referral/referral-codes.ts',
        'ON CONFLICT DO NOTHING',
        'ON CONFLICT (user_id) WHERE retired_at IS NULL DO UPDATE SET code = excluded.code',
      ],
    ],
  },
  {
    name: 'credit is called useful although the card is charged meanwhile',
    killer: [faults, 'silent overlap'],
    edits: [['src/credit/credit-statement.ts', 'paidThrough?.getTime() ?? 0', '0']],
  },
  {
    name: 'a user is looked for, then inserted',
    killer: [faults, 'error on a double sign-in'],
    edits: [['src/auth/users.ts', 'ON CONFLICT (email) DO NOTHING', '']],
  },
  {
    name: 'a redelivered payment is applied again',
    killer: [faults, 'audit per redelivery'],
    edits: [
      ['src/billing/inbox.ts', "row.status === 'applied' || row.status === 'ignored'", 'false'],
      [
        'src/billing/paid-grants.ts',
        'if (!(await this.store(tx, userId, payment)))',
        'if (!(await this.store(tx, userId, payment)) && tx === null)',
      ],
      ['src/billing/accounts.ts', 'if (before.tier === after.tier) return;', ''],
      ['src/billing/accounts.ts', 'if (same(before, after)) return;', ''],
    ],
  },
];
