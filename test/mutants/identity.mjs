/** Guards of addresses, sign-in limits and what is remembered of erased people. */
const emailAddresses = 'test/wild/email-addresses.test.ts';
const signInLimits = 'test/wild/sign-in-limits.test.ts';
const erasedPeople = 'test/wild/erased-people.test.ts';

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
    killer: ['src/mail/smtp-mailer.test.ts', 'a mail server that refuses answers RCPT TO with 550'],
    edits: [['src/mail/mail-refusal.ts', 'return isPermanent ?', 'return !isPermanent ?']],
  },
  {
    name: 'what a limit refuses uses another limit up',
    killer: [signInLimits, 'of requests at once in two processes exactly a hundred'],
    edits: [['migrations/0046_sign_in_limits.sql', 'IF wait_ms = 0 THEN', 'IF true THEN']],
  },
  {
    name: 'what is refused after it was counted stays counted',
    killer: [signInLimits, 'a request that is refused uses no limit of its address up'],
    edits: [['src/platform/rate-limits.ts', 'await this.giveBack(limits);', 'void limits;']],
  },
  {
    name: 'tags of one mailbox have a mail limit each',
    killer: [signInLimits, 'of requests at once in two processes exactly ten'],
    edits: [
      [
        'src/auth/sign-in-limits.ts',
        "this.secrets.hash('email', mailboxOf(email))",
        "this.secrets.hash('email', email)",
      ],
    ],
  },
  {
    name: 'a device that has proven an address shares the limit of strangers',
    killer: [signInLimits, 'strangers who know an address cannot keep its owner'],
    edits: [
      [
        'src/auth/proven-devices.ts',
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
        'src/life/account-end.ts',
        'this.auth.checkCode(given, asker, me.email)',
        'this.auth.checkCode(given, asker, null as never)',
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
        'src/auth/erasure.ts',
        "this.secrets.hash('email', mailboxOf(email))",
        "this.secrets.hash('email', email + mailboxOf(''))",
      ],
    ],
  },
  {
    name: 'a chosen code is free once its owner is erased',
    killer: [erasedPeople, 'a code that an erased person had chosen stays taken'],
    edits: [
      ['src/referral/codes/code-changes.ts', 'if (await this.erased.includes(tx, code)) throw taken();', ''],
    ],
  },
  {
    name: 'a change of address is not judged',
    killer: ['test/wild/change-of-address.test.ts', 'a change of address to the mailbox of the inviter'],
    edits: [
      [
        'src/referral/fraud/mailbox-changes.ts',
        'if (affected.length === 0) return;',
        'if (affected.length >= 0) return;',
      ],
    ],
  },
];
