// The pages and files of the console with generated people, by the route that answers each. A test
// compares the routes with those of the server.

import { URLSearchParams } from 'node:url';

/**
 * What to open on each route: paths, and forms that show a preview. `query` sends a statement and
 * answers its rows. The people are those who have, or may have, most to show.
 */
export async function consolePages(query) {
  const ids = await findIds(query);
  const { user, payer, referral, event, entry, from, into, endpoint } = ids;
  const [waiting] = ids.waiting;
  return {
    '/admin': ['/admin'],
    '/admin/failures': under('/admin/failures', ['', '?kind=email', '?sort=tried']),
    '/admin/failures.csv': ['/admin/failures.csv'],
    '/admin/search': ['/admin/search?q=person777', '/admin/search?q=anna'],
    '/admin/users': under('/admin/users', ['', '?query=anna', '?tier=paid', '?sort=-credit', '?sort=credit']),
    '/admin/users.csv': ['/admin/users.csv', '/admin/users.csv?query=anna', '/admin/users.csv?sort=-credit'],
    '/admin/users/:id': [`/admin/users/${user}`, `/admin/users/${payer}`],
    '/admin/users/:id/credit': [`/admin/users/${user}/credit`, `/admin/users/${user}/credit?days=7`],
    '/admin/users/:id/credit/:entryId/revoke': [`/admin/users/${user}/credit/${entry}/revoke`],
    '/admin/users/:id/role': [`/admin/users/${user}/role`],
    '/admin/users/:id/erase': [`/admin/users/${user}/erase`],
    '/admin/users/:id/refund-as-credit': under(`/admin/users/${payer}/refund-as-credit`, [
      '',
      '?amount=4.00',
    ]),
    '/admin/users/:id/export': [`/admin/users/${user}/export`],
    '/admin/referrals': under('/admin/referrals', [
      ...['', '?review=waiting', '?sort=-paid', '?sort=paid', '?sort=linked'],
      ...['held', 'reversed', 'rejected', 'pending'].map((status) => `?status=${status}`),
    ]),
    '/admin/referrals.csv': under('/admin/referrals.csv', ['', '?status=held', '?sort=-paid']),
    '/admin/referrals/:id': [`/admin/referrals/${referral}`],
    '/admin/referrals/:id/approve': [`/admin/referrals/${waiting}/approve`],
    '/admin/referrals/:id/reject': [`/admin/referrals/${waiting}/reject`],
    '/admin/referrals/:id/reopen': [`/admin/referrals/${waiting}/reopen`],
    '/admin/referrals/:id/reverse': [`/admin/referrals/${referral}/reverse`],
    '/admin/referrals/:id/restore': [`/admin/referrals/${referral}/restore`],
    '/admin/merges': [
      '/admin/merges',
      '/admin/merges?state=undone',
      `/admin/merges?from=${from}&into=${into}`,
    ],
    '/admin/merges.csv': ['/admin/merges.csv'],
    '/admin/events': ['/admin/events', '/admin/events?status=parked'],
    '/admin/events.csv': ['/admin/events.csv', '/admin/events.csv?status=parked'],
    '/admin/events/:id': [`/admin/events/${event}`],
    '/admin/review': ['/admin/review'],
    '/admin/review.csv': ['/admin/review.csv', '/admin/review.csv?rule=card_already_known'],
    '/admin/review/bulk': [
      ...['/admin/review/bulk', '/admin/review/bulk?rule=card_already_known'],
      { path: '/admin/review/bulk/preview', fields: bulkDecision(ids.waiting) },
    ],
    '/admin/fraud/rules': ['/admin/fraud/rules'],
    '/admin/fraud/rules/:name': under('/admin/fraud/rules/card_already_known', ['', '?mode=live&weight=40']),
    '/admin/fraud/rules/:name/cases.csv': [
      '/admin/fraud/rules/card_already_known/cases.csv?mode=live&weight=40',
    ],
    '/admin/audit': under('/admin/audit', [
      ...['', '?action=referral.linked', '?action=console.list_exported', '?action=terms.published'],
      ...[`?person=${user}`, '?from=2020-01-01', '?sort=recorded'],
    ]),
    '/admin/audit.csv': ['/admin/audit.csv', `/admin/audit.csv?person=${user}`],
    '/admin/stats': under('/admin/stats', ['', '?days=7', '?days=90', '?days=365']),
    '/admin/stats/:file': statisticsFiles.map((name) => `/admin/stats/${name}.csv?days=365`),
    '/admin/programme': ['/admin/programme'],
    '/admin/programme/new': ['/admin/programme/new'],
    '/admin/programme/edit': [`/admin/programme/edit?${draft}`],
    '/admin/programme/preview': [`/admin/programme/preview?${draft}`],
    '/admin/programme/diff': ['/admin/programme/diff?from=1&to=2'],
    '/admin/programme/:version': ['/admin/programme/2', '/admin/programme/3'],
    '/admin/installation': ['/admin/installation'],
    // there is no Stripe beside it, which the page says
    '/admin/installation/stripe-endpoint': [{ path: '/admin/installation/stripe-endpoint', status: 502 }],
    '/admin/staff': ['/admin/staff'],
    '/admin/api-keys': ['/admin/api-keys', '/admin/api-keys?state=revoked'],
    '/admin/api-keys.csv': ['/admin/api-keys.csv'],
    '/admin/webhooks': ['/admin/webhooks'],
    '/admin/webhooks/deliveries': under('/admin/webhooks/deliveries', ['', '?status=dead', '?sort=created']),
    '/admin/webhooks/deliveries.csv': ['/admin/webhooks/deliveries.csv'],
    '/admin/webhooks/:id/deliveries.csv': [`/admin/webhooks/${endpoint}/deliveries.csv`],
    '/admin/webhooks/:id': under(`/admin/webhooks/${endpoint}`, ['', '?status=dead', '?status=delivered']),
  };
}

/** Every page and file of {@link consolePages}, with the status that it answers. */
export function listPages(pagesByRoute) {
  return Object.values(pagesByRoute)
    .flat()
    .map((page) => ({ status: 200, fields: null, ...(typeof page === 'string' ? { path: page } : page) }));
}

const statisticsFiles = [
  ...['funnel', 'series', 'time-to-pay', 'cohorts', 'terms', 'campaigns', 'channels', 'inviters', 'cost'],
  ...['liability', 'forecast'],
];

/** Terms that differ from those of generated data, in a form of the console. */
const draft = new URLSearchParams({
  ...{ referrerDays: '60', referredDays: '45', holdDays: '14', refundPercent: '100' },
  ...{ attribution: 'last_touch', attributionDays: '30', lateClaimDays: '7' },
  ...{ capConversions: '20', capWindowDays: '30' },
}).toString();

function under(path, queries) {
  return queries.map((query) => `${path}${query}`);
}

function bulkDecision(referrals) {
  return [
    ...referrals.map((id) => ['referral', id]),
    ['decision', 'approve'],
    ['reason', 'looked at all of them'],
  ];
}

async function findIds(query) {
  const one = async (statement) => (await query(statement))[0]?.id;
  return {
    user: await one(
      `SELECT referrer_id AS id FROM referral.referral GROUP BY 1 ORDER BY count(*) DESC LIMIT 1`,
    ),
    payer: await one(`SELECT user_id AS id FROM billing.invoice GROUP BY 1 ORDER BY count(*) DESC LIMIT 1`),
    referral: await one(`SELECT referral_id AS id FROM referral.conversion LIMIT 1`),
    event: await one(`SELECT event_id AS id FROM billing.inbox WHERE status = 'parked' LIMIT 1`),
    entry: await one(
      `SELECT id FROM credit.entry WHERE kind = 'referral_referrer' AND user_id = (
         SELECT referrer_id FROM referral.referral GROUP BY 1 ORDER BY count(*) DESC LIMIT 1) ORDER BY seq DESC LIMIT 1`,
    ),
    from: await one(`SELECT referred_id AS id FROM referral.referral ORDER BY id DESC LIMIT 1`),
    into: await one(`SELECT id FROM auth."user" ORDER BY id LIMIT 1`),
    endpoint: await one(`SELECT id FROM webhooks.endpoint ORDER BY id LIMIT 1`),
    waiting: (
      await query(`SELECT referral_id AS id FROM admin.waiting_review ORDER BY opened_at LIMIT 50`)
    ).map(({ id }) => id),
  };
}
