/** Mutants of guards whose tests are tables and scans: see the header of mutants.mjs. */
const routes = 'test/security/route-access.test.ts';
const tools = 'test/mcp/http.test.ts';
const foreignEvents = 'test/edge-cases/other-accounts-events.test.ts';
const eventListing = 'test/edge-cases/event-listing.test.ts';
const erasure = 'test/edge-cases/erasure-scan.test.ts';
const sqlstates = 'test/edge-cases/sqlstates.test.ts';

export const guards = [
  {
    name: 'support may undo a merge',
    killer: [routes, 'who may use a route is kept by every route for admin'],
    edits: [
      [
        'src/admin/merges/merges.controller.ts',
        "@Post(':id/undo')",
        "@Post(':id/undo')\n  @Roles('admin', 'support')",
      ],
    ],
  },
  {
    name: 'a route is added and its roles are not decided',
    killer: [routes, 'who may use a route is listed for every route'],
    edits: [
      ['src/admin/merges/merges.controller.ts', "@Post(':id/undo')", "@Post([':id/undo', ':id/revert'])"],
    ],
  },
  {
    name: 'a key uses one of the tools without its scope',
    killer: [tools, 'tools over HTTP a missing scope is an error that names it'],
    edits: [
      ['src/mcp/server/create-tool-server.ts', 'if (mayUse(caller, tool)) return;', 'if (tool) return;'],
    ],
  },
  {
    name: 'a key lists the tools of other scopes',
    killer: [tools, 'tools over HTTP a key with people:read sees no tool beyond it'],
    edits: [
      [
        'src/mcp/server/create-tool-server.ts',
        'allTools.filter((tool) => mayUse(context.caller, tool))',
        'allTools',
      ],
    ],
  },
  {
    name: 'a key finds people of no product with the tools',
    killer: [tools, 'tools over HTTP a key finds only people of its product'],
    edits: [['src/mcp/tools/people.ts', 'if (externalId === null && !isOperator(caller))', 'if (!user)']],
  },
  {
    name: 'a page of another origin reaches the tools',
    killer: [tools, 'messages over HTTP a message from the origin "http://evil.example"'],
    edits: [
      [
        'src/mcp/mcp.controller.ts',
        'if (origin === undefined || origin === own) return;',
        'if (own) return;',
      ],
    ],
  },
  {
    name: 'a live restricted key counts as one of test mode',
    killer: [foreignEvents, 'events of another mode or account are ignored with a live restricted key'],
    edits: [['src/billing/webhooks/webhook-processor.ts', '/^(sk|rk)_live_/', '/^sk_live_/']],
  },
  {
    name: 'an event that says no mode is applied',
    killer: [foreignEvents, 'events of another mode or account are ignored with a test secret key'],
    edits: [
      [
        'src/billing/webhooks/webhook-processor.ts',
        'return event.livemode === live ? null',
        'return (event.livemode ?? live) === live ? null',
      ],
    ],
  },
  {
    name: 'an event of a connected account is applied',
    killer: [foreignEvents, 'events of another mode or account are ignored with a live secret key'],
    edits: [
      [
        'src/billing/webhooks/webhook-processor.ts',
        "if (event.account !== null) return 'connected_account';",
        '',
      ],
    ],
  },
  {
    name: 'a span of events that is halved loses a second',
    killer: [eventListing, 'the events that reconcile lists are exactly'],
    edits: [
      ['src/billing/reconciliation/reconcile-events.ts', 'from: middle, until', 'from: middle + 1, until'],
    ],
  },
  {
    name: 'a statement that can never succeed is tried again',
    killer: [sqlstates, 'a payment whose statement fails is counted'],
    edits: [['src/platform/database/sqlstate.ts', "new Set(['40001',", "new Set(['23505', '40001',"]],
  },
  {
    name: 'a full disk is counted as a fault of the event',
    killer: [sqlstates, 'a payment whose statement fails is unavailable'],
    edits: [['src/platform/database/sqlstate.ts', "'53', ", '']],
  },
  {
    name: 'one proxy more than there is is believed',
    killer: [
      'test/edge-cases/forwarded-addresses.test.ts',
      'a forged X-Forwarded-For does not change the address .* with TRUST_PROXY=1',
    ],
    edits: [['src/platform/http/http-server.ts', 'hop < hops', 'hop <= hops']],
  },
  {
    name: 'erasing leaves the devices of a person',
    killer: [erasure, 'an erased person leaves no word'],
    edits: [
      ['src/auth/users/auth-data.repository.ts', 'await tx.delete(KnownDeviceEntity, { userId });', ''],
    ],
  },
  {
    name: 'erasing leaves which emails a person did not want',
    killer: [erasure, 'an erased person leaves no id'],
    edits: [['src/notifications/personal-data.ts', 'await this.optOuts.deleteByUser(tx, user.id);', '']],
  },
  {
    name: 'erasing leaves a stored answer that repeats a note',
    killer: [erasure, 'an erased person leaves no word'],
    edits: [['src/accounts/personal-data.ts', 'await this.idempotency.eraseForUser(tx, userId);', '']],
  },
  {
    name: 'a column is added that erasing does not know',
    killer: [erasure, 'every column of every table is listed once'],
    edits: [['migrations/0001_auth.sql', '  display_name  text,', '  display_name  text,\n  nickname text,']],
  },
  {
    name: 'an erased person who comes again is new',
    killer: ['test/accounts/erasure.test.ts', 'recognised under another spelling'],
    edits: [
      [
        'src/referral/attribution/referrals.repository.ts',
        'FROM referral.tombstone WHERE email_hash',
        'FROM referral.tombstone WHERE false AND email_hash',
      ],
    ],
  },
  {
    name: 'a rule of velocity hits at ten',
    killer: ['src/referral/fraud/rule-thresholds.test.ts', 'the threshold of a fraud rule velocity'],
    edits: [['src/referral/fraud/rule-evaluation.ts', 'signUpsLastHour > 10', 'signUpsLastHour >= 10']],
  },
  {
    name: 'a sign-up is forgotten an instant before its hour is over',
    killer: [
      'test/edge-cases/sign-up-velocity.test.ts',
      'the velocity of a code counts a sign-up of 3599999 ms ago',
    ],
    edits: [
      ['src/referral/fraud/fraud.repository.ts', "interval '1 hour'", "interval '59 minutes 59.999 seconds'"],
    ],
  },
  ...[
    ['cap.windowDays', 'src/referral/limits/limits.repository.ts', 'reserved_at > $2', 'reserved_at >= $2'],
    ['holdDays', 'src/referral/conversions/reward-status.ts', 'now < releaseAt', 'now <= releaseAt'],
    [
      'attributionDays',
      'src/auth/invitations/referral-link-cookie.ts',
      '<= this.clock.now()',
      '< this.clock.now()',
    ],
    ['lateClaimDays', 'src/referral/terms/programme-terms.ts', 'now() <= addMs(', 'now() < addMs('],
    [
      'minimumAmounts',
      'src/billing/payments/payments.repository.ts',
      'i.amount_paid >= (w.',
      'i.amount_paid > (w.',
    ],
    [
      'five minutes of tolerance',
      'src/referral/conversions/reward-status.ts',
      '5 * 60_000',
      '5 * 60_000 - 1000',
    ],
    ['validFrom', 'src/referral/terms/terms.repository.ts', 'valid_from <= $1', 'valid_from < $1'],
    ['validUntil', 'src/referral/terms/terms.repository.ts', 'valid_until > $1', 'valid_until >= $1'],
    [
      'the window of a preview: a conversion is played, at its end',
      'src/admin/terms/simulation/payment-history.repository.ts',
      'converted_at < $4',
      'converted_at <= $4',
    ],
  ].map(([limit, file, from, to]) => ({
    name: `${limit} is off by one instant`,
    killer: ['test/edge-cases/terms-limits.test.ts', `a limit just before, exactly at, just after: ${limit}`],
    edits: [[file, from, to]],
  })),
  {
    name: 'undoing a merge does not bring back those who had followed',
    killer: ['test/edge-cases/account-merges.test.ts', 'chains of merges and undos an undo in the middle'],
    edits: [['src/platform/merged-accounts.ts', 'fromId: In([...mergedEarlier])', 'fromId: In([])']],
  },
  {
    name: 'a grant does not wait for the person of a merged account',
    killer: ['test/edge-cases/account-merges.test.ts', 'a grant to an account that was merged waits'],
    edits: [
      [
        'migrations/functions/credit.insert_grants.sql',
        ':= platform.with_current_accounts(users)',
        ':= users',
      ],
    ],
  },
  {
    name: 'the refusal of a later statement is taken for the failure of the first',
    killer: [
      'test/platform/database.test.ts',
      'starts the transaction again when the first of it lost a race',
    ],
    edits: [['src/platform/database/database.ts', 'throw rootCause(tx, error);', 'throw error;']],
  },
  {
    name: 'an event leaves the outbox before its jobs are made',
    killer: ['test/edge-cases/outbox-relay.test.ts', 'loses and doubles nothing when making the jobs fails'],
    edits: [
      [
        'src/platform/jobs/outbox-relay.ts',
        'await takeRows(tx)',
        'await this.database.transaction(takeRows)',
      ],
    ],
  },
  {
    name: 'jobs are made outside of the transaction that empties the outbox',
    killer: ['test/edge-cases/outbox-relay.test.ts', 'loses and doubles nothing when making the jobs fails'],
    edits: [['src/platform/jobs/outbox-relay.ts', '{ db },', '{},']],
  },
  {
    name: 'a pid that was given to another process holds the lock',
    killer: ['src/embedded-postgres/file-lock.test.ts', 'a lock file whose pid was given'],
    edits: [
      [
        'src/embedded-postgres/process-identity.ts',
        'readStartTime(identity.pid) === identity.startedAt',
        'pidExists(identity.pid)',
      ],
    ],
  },
  {
    name: 'a lock that was taken with an old number is kept beside a newer owner',
    killer: ['src/embedded-postgres/file-lock.test.ts', 'a lock file that was taken with a number'],
    edits: [['src/embedded-postgres/file-lock.ts', 'if (latestGeneration(dir) > generation)', 'if (false)']],
  },
  {
    name: 'a deferral gives back more than it holds',
    killer: ['src/credit/ledger/deferral-return.test.ts', 'a deferral never gives back more'],
    edits: [
      [
        'src/credit/ledger/replay.ts',
        'Math.min(deferredMs, Math.max(0, entry.durationMs))',
        'Math.max(0, entry.durationMs)',
      ],
    ],
  },
  {
    name: 'a charge comes back without notice',
    killer: ['src/billing/deferrals/deferral-target.property.test.ts', 'a charge comes back by no more'],
    edits: [
      [
        'src/billing/deferrals/deferral-target.ts',
        'Math.ceil((now.getTime() + minNoticeMs) / 1_000)',
        'Math.floor((now.getTime() + minNoticeMs) / 1_000)',
      ],
    ],
  },
  {
    name: 'a crowd behind one mailbox is walked as a whole',
    killer: ['test/fraud/shared-signals.test.ts', 'what people share by a crowd'],
    edits: [
      [
        'src/referral/fraud/fraud.repository.ts',
        'const maxPeoplePerSignal = 100;',
        'const maxPeoplePerSignal = 100_000;',
      ],
    ],
  },
];
