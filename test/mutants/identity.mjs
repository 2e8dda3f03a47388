/** Guards of addresses, sign-in limits and what is remembered of erased people. */
const emailAddresses = 'test/edge-cases/email-addresses.test.ts';
const signInLimits = 'test/edge-cases/sign-in-limits.test.ts';
const rateLimits = 'test/edge-cases/rate-limits.test.ts';
const countHits = 'migrations/functions/platform.count_hits.sql';
const erasedPeople = 'test/edge-cases/erased-users.test.ts';
const monthPartitions = 'test/operations/month-partitions.test.ts';

export const identity = [
  {
    name: 'a quoted local part is another person',
    killer: [emailAddresses, 'an address with a quoted local part is'],
    edits: [['src/platform/email-address.ts', '!dotAtom.test(local)', "local === ''"]],
  },
  {
    name: 'a URL parser decides what a domain is',
    killer: [emailAddresses, 'an address with a path'],
    edits: [['src/platform/email-address.ts', ' || !hostNameLetters.test(text)', '']],
  },
  {
    name: 'what a mail server refuses for good is sent again',
    killer: [
      'src/notifications/mailers/smtp-mailer.test.ts',
      'a mail server that refuses answers RCPT TO with 550',
    ],
    edits: [['src/notifications/mailers/smtp-mailer.ts', 'return isPermanent ?', 'return !isPermanent ?']],
  },
  {
    name: 'what a limit refuses uses another limit up',
    killer: [signInLimits, 'of concurrent requests in two processes exactly a hundred'],
    edits: [[countHits, 'IF wait_ms = 0 THEN', 'IF true THEN']],
  },
  {
    name: 'requests that are counted together exceed a limit',
    killer: [rateLimits, 'requests that are counted together'],
    edits: [[countHits, 'IF NOT is_exceeded THEN', 'IF true THEN']],
  },
  {
    name: 'what was counted together is not taken back before it is counted one by one',
    killer: [rateLimits, 'requests that are counted together'],
    edits: [[countHits, 'hits = r.hits - one.n,', 'hits = r.hits,']],
  },
  {
    name: 'what is refused after it was counted stays counted',
    killer: [signInLimits, 'a request that is refused uses no limit of its address up'],
    edits: [
      ['src/platform/security/rate-limits.ts', 'await this.repository.returnHits(limits);', 'void limits;'],
    ],
  },
  {
    name: 'tags of one mailbox have a mail limit each',
    killer: [signInLimits, 'of concurrent requests in two processes exactly ten'],
    edits: [
      [
        'src/auth/sign-in/sign-in-limits.ts',
        "this.secrets.hash('email', canonicalMailbox(email))",
        "this.secrets.hash('email', email)",
      ],
    ],
  },
  {
    name: 'a device that has proven an address shares the limit of anonymous visitors',
    killer: [signInLimits, 'visitors who know an address cannot keep its owner'],
    edits: [
      [
        'src/auth/sign-in/trusted-devices.ts',
        'return proof !== null && isProven ?',
        'return proof !== null && !isProven ?',
      ],
    ],
  },
  {
    name: 'a code of another address is compared',
    killer: [signInLimits, 'a code that is given back for erasing is not compared'],
    edits: [
      [
        'src/accounts/account-erasure.ts',
        'this.auth.verifyCode(submitted, requester, me.email)',
        'this.auth.verifyCode(submitted, requester, null as never)',
      ],
    ],
  },
  {
    name: 'the address of an erased person is remembered, and not the mailbox',
    killer: [
      erasedPeople,
      'a person who was rewarded and erased is not new when the same mailbox comes back with a tag',
    ],
    edits: [
      [
        'src/auth/users/account-closure.ts',
        "this.secrets.hash('email', canonicalMailbox(email))",
        "this.secrets.hash('email', email + canonicalMailbox(''))",
      ],
    ],
  },
  {
    name: 'an erasure does not wait for an event that is being applied',
    killer: [monthPartitions, 'an erasure waits for an event'],
    edits: [
      [
        'src/billing/webhooks/inbox-payloads.repository.ts',
        'WHERE event_id = $1 FOR NO KEY UPDATE`',
        'WHERE event_id = $1`',
      ],
    ],
  },
  {
    name: 'a month is dropped before it is over',
    killer: [monthPartitions, 'a month is dropped when it ended'],
    edits: [['migrations/functions/platform.drop_month_partitions.sql', " + interval '1 month' <=", ' <=']],
  },
  {
    name: 'a month is made although the default partition has rows of it',
    killer: [monthPartitions, 'a month with rows in the default partition'],
    edits: [
      ['migrations/functions/platform.create_month_partitions.sql', 'CONTINUE WHEN is_in_default;', ''],
    ],
  },
  {
    name: 'a chosen code is free once its owner is erased',
    killer: [erasedPeople, 'a code that an erased person had chosen stays taken'],
    edits: [
      [
        'src/referral/codes/code-changes.ts',
        'if (await this.repository.wasErased(tx, code)) throw codeTakenError();',
        '',
      ],
    ],
  },
  {
    name: 'a change of address is not judged',
    killer: ['test/edge-cases/email-change.test.ts', 'a change of address to the mailbox of the referrer'],
    edits: [
      [
        'src/referral/fraud/mailbox-changes.ts',
        'if (affected.length === 0) return;',
        'if (affected.length >= 0) return;',
      ],
    ],
  },
];
