/** Guards of the tokens with which another product's pages act for one person. */
const personTokens = 'test/embed/person-tokens.test.ts';
const source = 'src/auth/api-keys/person-tokens.ts';

export const personTokenGuards = [
  {
    name: 'a person token counts from every origin',
    killer: [personTokens, 'a person token counts only from an origin'],
    edits: [
      [source, 'if (origin !== undefined && origins.includes(origin)) return;', 'if (origins) return;'],
    ],
  },
  {
    name: 'a person token outlives its key',
    killer: [personTokens, 'a person token ends with its key'],
    edits: [[source, ' || !isActiveKey(key, this.clock.now())', '']],
  },
  {
    name: 'a person token opens what a session opens',
    killer: [personTokens, 'a person token opens no other route'],
    edits: [
      [
        'src/platform/security/auth.guard.ts',
        "if (!isPersonTokenRoute(request)) throw new DomainError('auth.token_limited');",
        '',
      ],
    ],
  },
  {
    name: 'a person token does not expire',
    killer: [personTokens, 'a person token ends after 15 minutes'],
    edits: [[source, ' || Number(endsAt) <= this.clock.now().getTime()', '']],
  },
];
