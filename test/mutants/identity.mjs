/** Guards of addresses, sign-in limits and what is remembered of erased people. */
const emailAddresses = 'test/wild/email-addresses.test.ts';

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
];
