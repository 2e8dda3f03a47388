import { liveRoutes } from '../security/live-routes.js';
import type { FilledWorld } from './filled-world.js';
import type { Person } from './given.js';

/** What people typed, programs wrote, and names: no one translates them. */
export function typedWords({ code }: FilledWorld): string[] {
  return [
    ...['Twofold', 'UTC', 'https://receiver.example/', 'English', 'Deutsch'],
    ...[code, 'http://twofold.test/r/', 'lightMyRequest', '/dev/mail', 'another product'],
  ];
}

/** The pages of each route that shows some. */
export function pagesByRoute({
  code,
  ids,
  anna,
  bert,
  staff,
}: FilledWorld): Record<string, readonly string[]> {
  return {
    '/': ['/'],
    '/login': ['/login', '/login?ref=NOSUCHCO', `/login?ref=${code}`, '/login?again=1'],
    '/r/:code': [`/r/${code}`, '/r/NOSUCHCO'],
    '/r/:code/picture.png': [], // its words are those of the tags of the page
    '/invite': ['/invite', '/invite?saved=note'],
    '/sso': ['/sso?token=x'],
    '/verify': ['/verify'],
    '/pricing': ['/pricing', '/pricing?checkout=cancelled'],
    '/settings': ['/settings', '/settings?saved=profile', '/settings?invited=NOSUCHCO'],
    '/settings/credit/:id': [`/settings/credit/${ids.entry}`],
    '/settings/invites/:id': [`/settings/invites/${ids.invite}`, `/settings/invites/${ids.referral}`],
    '/unsubscribe/:token': [`/unsubscribe/${ids.unsubscribe}`, '/unsubscribe/nonsense'],
    '/dev/mail': ['/dev/mail'],
    '/dev/mail/examples': ['/dev/mail/examples'],
    '/dev/mail/examples/:name/:locale': [],
    '/dev/mail/:id/html': [],
    '/dev/mail/:id': [`/dev/mail/${encodeURIComponent(ids.email)}`],
    '/admin': ['/admin'],
    '/admin/failures': ['/admin/failures', '/admin/failures?kind=email&from=2020-01-01&sort=tried'],
    '/admin/search': ['/admin/search', '/admin/search?q=nobody', '/admin/search?q=bert'],
    '/admin/users': [
      ...['/admin/users', '/admin/users?query=nothing', '/admin/users?tier=paid'],
      '/admin/users?sort=credit&from=2020-01-01',
    ],
    '/admin/users/:id/credit': [
      ...['', '?days=7', '?days=x'].map((query) => `/admin/users/${anna.id}/credit${query}`),
    ],
    '/admin/users/:id/credit/:entryId/revoke': [ids.entry, anna.id].map(
      (id) => `/admin/users/${anna.id}/credit/${id}/revoke`,
    ),
    '/admin/users/:id/role': [`/admin/users/${anna.id}/role`],
    '/admin/users/:id/erase': [`/admin/users/${anna.id}/erase`],
    '/admin/users/:id': [
      ...[anna, bert, staff.admin].map(({ id }) => `/admin/users/${id}`),
      ...['granted', 'revoked', 'role', 'refunded', 'erased'].map(
        (done) => `/admin/users/${anna.id}?done=${done}`,
      ),
    ],
    '/admin/users/:id/refund-as-credit': [
      `/admin/users/${bert.id}/refund-as-credit`,
      `/admin/users/${bert.id}/refund-as-credit?amount=4.00`,
      `/admin/users/${bert.id}/refund-as-credit?amount=400`,
      `/admin/users/${bert.id}/refund-as-credit?amount=x`,
      `/admin/users/${anna.id}/refund-as-credit`,
    ],
    '/admin/referrals': [
      ...['', '?review=waiting', '?status=held', '?status=rejected'].map(
        (query) => `/admin/referrals${query}`,
      ),
    ],
    '/admin/referrals/:id': [
      ...[ids.referral, ids.invite].map((id) => `/admin/referrals/${id}`),
      ...['approve', 'reject', 'reopen', 'reverse', 'restore'].map(
        (done) => `/admin/referrals/${ids.referral}?done=${done}`,
      ),
    ],
    ...Object.fromEntries(
      ['approve', 'reject', 'reopen', 'reverse', 'restore'].map((action) => [
        `/admin/referrals/:id/${action}`,
        [ids.referral, ids.invite].map((id) => `/admin/referrals/${id}/${action}`),
      ]),
    ),
    '/admin/merges': [
      '/admin/merges',
      '/admin/merges?state=undone&mergedFrom=2020-01-01',
      `/admin/merges?from=${anna.id}&into=${bert.id}`,
      '/admin/merges?from=a&into=b',
      '/admin/merges?done=undone',
    ],
    '/admin/events': ['/admin/events', '/admin/events?status=parked', '/admin/events?type=none'],
    '/admin/events/:id': [
      `/admin/events/${ids.parked}`,
      ...['applied', 'ignored', 'parked'].map((outcome) => `/admin/events/${ids.event}?replayed=${outcome}`),
    ],
    '/admin/review': [
      '/admin/review',
      `/admin/review?decided=${ids.referral}&handled=1&after=1.${ids.referral}`,
      '/admin/review?done=undo',
    ],
    '/admin/review/bulk': ['/admin/review/bulk', '/admin/review/bulk?rule=disposable_domain'],
    '/admin/fraud/rules': ['/admin/fraud/rules'],
    '/admin/fraud/rules/:name': [
      '/admin/fraud/rules/disposable_domain',
      '/admin/fraud/rules/disposable_domain?mode=off&weight=60&done=changed',
      '/admin/fraud/rules/unfamiliar_domain',
    ],
    '/admin/audit': ['/admin/audit', '/admin/audit?person=nobody', '/admin/audit?from=x'],
    '/admin/stats': [
      '/admin/stats',
      '/admin/stats?bucket=month&from=2026-10-01&to=2026-11-30',
      '/admin/stats?from=x',
    ],
    '/admin/programme': ['/admin/programme'],
    '/admin/programme/new': ['/admin/programme/new'],
    '/admin/programme/preview': [
      `/admin/programme/preview?${new URLSearchParams(termsFields).toString()}`,
      '/admin/programme/preview?referrerDays=x',
    ],
    '/admin/programme/edit': [`/admin/programme/edit?${new URLSearchParams(termsFields).toString()}`],
    '/admin/programme/diff': ['/admin/programme/diff'],
    '/admin/programme/:version': ['/admin/programme/1', '/admin/programme/2?done=published'],
    '/admin/installation': [
      '/admin/installation',
      ...['checked', 'emailed'].map((done) => `/admin/installation?done=${done}`),
    ],
    '/admin/installation/stripe-endpoint': ['/admin/installation/stripe-endpoint'],
    '/admin/staff': [
      '/admin/staff',
      ...['invited', 'revoked', 'ended'].map((done) => `/admin/staff?done=${done}`),
    ],
    '/second-factor': ['/second-factor'],
    '/settings/second-factor': ['/settings/second-factor'],
    '/staff-invitation': ['/staff-invitation?token=x', `/staff-invitation?token=${ids.invitation}`],
    '/admin/api-keys': [
      '/admin/api-keys',
      '/admin/api-keys?state=revoked&scope=people:read',
      '/admin/api-keys?done=revoked',
      '/admin/api-keys?done=repeated',
    ],
    '/admin/webhooks': ['/admin/webhooks', '/admin/webhooks?done=deleted', '/admin/webhooks?done=repeated'],
    '/admin/webhooks/deliveries': ['/admin/webhooks/deliveries', '/admin/webhooks/deliveries?status=dead'],
    '/admin/webhooks/:id': [
      ...['', '?status=dead', '?done=redelivered', '?done=repeated'].map(
        (query) => `/admin/webhooks/${ids.endpoint}${query}`,
      ),
    ],
    '/embed/preview': ['/embed/preview'],
  };
}

/** The terms in a form of the console. */
export const termsFields = {
  referrerDays: '45',
  referredDays: '45',
  holdDays: '0',
  refundPercent: '100',
  attribution: 'last_touch',
  attributionDays: '30',
  lateClaimDays: '7',
};

/** GET routes that answer no page of their own. */
const withoutPage = [
  /^\/(api|webhooks|health|metrics|assets|mcp)(\/|$)/,
  /^\/embed\/(v1|preview)\.js$/,
  /^\/(checkout|admin\/users\/:id\/export|admin\/[\w/:-]+\.csv|admin\/stats\/:file|settings\/export|dev\/stripe|r\/|\*)/,
];

/** Routes that show a page and are not in the list. */
export function unlistedRoutes(filled: FilledWorld): string[] {
  const listed = pagesByRoute(filled);
  const routes = liveRoutes(filled.world).filter(({ method }) => method === 'GET');
  return routes
    .map(({ pattern }) => pattern)
    .filter((route) => !(route in listed) && !withoutPage.some((one) => one.test(route)));
}

/** The cookie of a person who may see a page; null where visitors may. */
export function cookieFor(filled: FilledWorld, url: string): string | null {
  if (url === '/verify') return filled.signInCookie;
  const person = readerOf(filled, url);
  return person === null ? null : `tf_session=${person.token}`;
}

function readerOf({ staff, anna, pending }: FilledWorld, url: string): Person | null {
  if (/^\/(admin|embed)/.test(url)) return staff.admin;
  if (url.startsWith('/settings/second-factor')) return staff.support;
  if (url.startsWith('/second-factor')) return pending;
  return /^\/(settings|invite)/.test(url) ? anna : null;
}
