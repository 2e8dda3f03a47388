/** Mutants of guards whose tests are tables and scans: see the header of mutants.mjs. */
const routes = 'test/security/route-access.test.ts';
const foreignEvents = 'test/wild/foreign-events.test.ts';
const eventListing = 'test/wild/event-listing.test.ts';
const erasure = 'test/wild/erasure-scan.test.ts';
const sqlstates = 'test/wild/sqlstates.test.ts';

export const guards = [
  {
    name: 'support may undo a merge',
    killer: [routes, 'who may use a route is kept by every route for admin'],
    edits: [
      [
        'src/admin/merges/merges.controller.ts',
        "@Post(':id/undo')",
        "@Post(':id/undo')\n  @OnlyFor('admin', 'support')",
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
    name: 'a live restricted key counts as one of test mode',
    killer: [
      foreignEvents,
      'events count only in our own mode and from our own account with a live restricted key',
    ],
    edits: [['src/billing/events/stripe-events.ts', '/^(sk|rk)_live_/', '/^sk_live_/']],
  },
  {
    name: 'an event that says no mode is applied',
    killer: [
      foreignEvents,
      'events count only in our own mode and from our own account with a test secret key',
    ],
    edits: [
      [
        'src/billing/events/stripe-events.ts',
        'return event.livemode === live ? null',
        'return (event.livemode ?? live) === live ? null',
      ],
    ],
  },
  {
    name: 'an event of a connected account is applied',
    killer: [
      foreignEvents,
      'events count only in our own mode and from our own account with a live secret key',
    ],
    edits: [
      ['src/billing/events/stripe-events.ts', "if (event.account !== null) return 'connected_account';", ''],
    ],
  },
  {
    name: 'a span of events that is halved loses a second',
    killer: [eventListing, 'the events that reconcile lists are exactly'],
    edits: [['src/billing/reconcile/event-listing.ts', 'from: middle, until', 'from: middle + 1, until']],
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
      'test/wild/forwarded-addresses.test.ts',
      'a forged X-Forwarded-For does not change the address .* with TRUST_PROXY=1',
    ],
    edits: [['src/platform/http/set-up.ts', 'hop < hops', 'hop <= hops']],
  },
  {
    name: 'erasing leaves the devices of a person',
    killer: [erasure, 'an erased person leaves no word'],
    edits: [
      ['src/auth/erasure.ts', 'await tx.query(`DELETE FROM auth.device WHERE user_id = $1`, [userId]);', ''],
    ],
  },
  {
    name: 'erasing leaves which emails a person did not want',
    killer: [erasure, 'an erased person leaves no id'],
    edits: [
      [
        'src/auth/erasure.ts',
        'await tx.query(`DELETE FROM auth.unwanted_letter WHERE user_id = $1`, [userId]);',
        '',
      ],
    ],
  },
  {
    name: 'erasing leaves a stored answer that repeats a note',
    killer: [erasure, 'an erased person leaves no word'],
    edits: [['src/life/leftovers.ts', 'await this.idempotency.forget(tx, userId);', '']],
  },
  {
    name: 'a column is added that erasing does not know',
    killer: [erasure, 'every column of every table is listed once'],
    edits: [
      ['migrations/0002_auth.sql', '  display_name   text,', '  display_name   text,\n  nickname text,'],
    ],
  },
];
