/** Guards of what other products may do: API keys, their people, and what is published to them. */
const keys = 'test/people/api-keys.test.ts';
const people = 'test/people/people.test.ts';
const accessEvents = 'test/outgoing-webhooks/access.test.ts';
const apiKey = 'src/auth/api-keys/api-key.entity.ts';
const authenticator = 'src/auth/api-keys/token-authenticator.ts';
const externalPeople = 'src/auth/users/external-people.ts';

export const otherProducts = [
  {
    name: 'a revoked key goes on',
    killer: [keys, 'a revoked key ends at once'],
    edits: [[apiKey, 'revokedAt === null && ', '']],
  },
  {
    name: 'an expired key goes on',
    killer: [keys, 'a revoked key ends at once'],
    edits: [[apiKey, '(expiresAt === null || expiresAt > now)', 'true']],
  },
  {
    name: 'the id of a key is enough',
    killer: [keys, 'only the right secret of a key'],
    edits: [[authenticator, "key && this.secrets.matches('api_key', token.secret, key.secretHash)", 'key']],
  },
  {
    name: 'a key opens routes beyond its scopes',
    killer: [people, 'GET people/x needs the scope people:read'],
    edits: [
      [
        'src/platform/security/api-key.guard.ts',
        '!scopes.some((scope) => key.scopes.includes(scope))',
        'scopes.length === 0',
      ],
    ],
  },
  {
    name: 'an address that is not proven adopts an account',
    killer: [people, 'an address of another person is refused'],
    edits: [
      [externalPeople, "if (!person.emailVerified) throw new DomainError('person.email_unverified');", ''],
    ],
  },
  {
    name: 'an invitation by a product counts however old it is',
    killer: [people, 'an invitation that is too old'],
    edits: [
      [
        'src/referral/attribution/host-invitations.ts',
        'at >= addMs(this.clock.now(), -attributionDays * dayMs) &&',
        '',
      ],
    ],
  },
  {
    name: 'a product links one who paid before',
    killer: [people, 'who paid before is never linked'],
    edits: [['src/referral/attribution/host-invitations.ts', "if (hasPaid) return 'paid_before';", '']],
  },
  {
    name: 'access that runs out keeps its revision',
    killer: [accessEvents, 'access.changed is published once when access runs out'],
    edits: [
      [
        'src/outgoing-webhooks/access/access-publisher.ts',
        'return published?.revision === access.revision && !isSame(access, published);',
        'return false;',
      ],
    ],
  },
  {
    name: 'an event gets its place in the feed without the lock',
    killer: ['test/outgoing-webhooks/feed.test.ts', 'the feed gives no event a place before one'],
    edits: [
      [
        'src/outgoing-webhooks/events/event-publisher.ts',
        "enqueueWrite(tx, `SELECT pg_advisory_xact_lock(hashtextextended('webhooks.event', 0))`, []);",
        '',
      ],
    ],
  },
  {
    name: 'a webhook is sent to a private address',
    killer: ['test/outgoing-webhooks/private-address.test.ts', 'a name that leads to a private address'],
    edits: [
      [
        'src/outgoing-webhooks/deliveries/address-guard.ts',
        '!addresses.every(({ address }) => this.allows(address, protocol))',
        'addresses.length === 0',
      ],
    ],
  },
];
