/** Guards of the links by which another product signs its people in. */
const sso = 'test/security/sso.test.ts';
const service = 'src/auth/sso/sso.service.ts';

export const ssoGuards = [
  {
    name: 'an SSO link counts more than once',
    killer: [sso, 'an SSO link counts once, also of sixteen uses at once'],
    edits: [['migrations/0022_sso.sql', 'jti_hash   bytea PRIMARY KEY', 'jti_hash   bytea']],
  },
  {
    name: 'an SSO link signs staff in',
    killer: [sso, 'the session of an SSO link is never one of staff'],
    edits: [[service, "if (user.role !== 'user') throw new DomainError('auth.sso_needs_code');", '']],
  },
  {
    name: 'an SSO session of before serves a person who became staff',
    killer: [sso, 'the session of an SSO link is never one of staff'],
    edits: [['src/auth/sessions/sessions.repository.ts', "AND (s.proves_email OR u.role = 'user')", '']],
  },
  {
    name: 'an SSO session proves the address',
    killer: [sso, 'the session of an SSO link is no proof of the address'],
    edits: [[service, 'provesEmail: false', 'provesEmail: true']],
  },
  {
    name: 'each SSO link takes the language of the browser',
    killer: ['test/http/first-sight.test.ts', 'only the first sign-in counts'],
    edits: [[service, 'if (!session.isFirst)', 'if (token === undefined)']],
  },
  {
    name: 'an SSO link replaces the session of another person',
    killer: [sso, 'the session of an SSO link replaces that of another person only after'],
    edits: [
      [
        'src/auth/sso/sso.controller.ts',
        'if (visitor === null || visitor.userId === link.user.id)',
        'if (link !== null)',
      ],
    ],
  },
  {
    name: 'an SSO token of another audience counts',
    killer: [sso, 'an SSO link is refused with another audience'],
    edits: [['src/auth/sso/sso-tokens.ts', 'audience: this.config.baseUrl,', '']],
  },
  {
    name: 'an SSO token lives for as long as it says',
    killer: [sso, 'an SSO link by its iat, issued -300 s from now and valid until 1 s from now'],
    edits: [['src/auth/sso/sso-tokens.ts', 'if (exp - iat > longestLifeSeconds)', 'if (exp < iat)']],
  },
];
