import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LightMyRequestResponse } from 'fastify';
import { scopes } from '../../src/platform/security/api-key.js';
import { bearer, type Person } from '../support/given.js';
import { givenHostKey, givenPerson, givenPersonToken, hostOrigin } from '../support/person-tokens.js';
import { createWorld, type World } from '../support/world.js';
import { liveRoutes, type LiveRoute } from './live-routes.js';
import { routeAccess, type Access } from './route-access.js';

type Caller = 'anonymous' | 'user' | 'support' | 'admin' | 'apiKey' | 'personToken';
const callers: Caller[] = ['anonymous', 'user', 'support', 'admin', 'apiKey', 'personToken'];
const allowedCallers: Record<Access, Caller[]> = {
  everybody: callers,
  signedIn: ['user', 'support', 'admin'],
  staff: ['support', 'admin'],
  admin: ['admin'],
  apiKey: ['apiKey'],
  personToken: ['user', 'support', 'admin', 'personToken'],
};

let world: World;
const people = new Map<Caller, Person>();
let apiKey: string;
let personToken: string;
beforeAll(async () => {
  world = await createWorld();
  await Promise.all(callers.map(signIn));
  apiKey = await world.given.apiKey(...scopes);
  const hostKey = await givenHostKey(world);
  await givenPerson(world, hostKey, 'anna');
  personToken = await givenPersonToken(world, hostKey, 'anna');
});
afterAll(() => world.close());

async function signIn(caller: Caller): Promise<void> {
  if (caller === 'user' || caller === 'support' || caller === 'admin')
    people.set(caller, await world.given.user({ role: caller }));
}

const routeName = ({ method, pattern }: LiveRoute) => `${method} ${pattern}`;
const servedRoutes = () => liveRoutes(world).filter(({ method }) => method !== 'HEAD');

async function send(route: LiveRoute, method: string, caller: Caller): Promise<LightMyRequestResponse> {
  const person = people.get(caller);
  const answer = await world.app.inject({
    method: method as 'GET',
    url: route.url,
    headers: {
      ...(person === undefined ? {} : bearer(person)),
      ...(caller === 'apiKey' ? { authorization: `Bearer ${apiKey}` } : {}),
      ...(caller === 'personToken' ? { authorization: `Bearer ${personToken}`, origin: hostOrigin } : {}),
      ...(route.pattern.startsWith('/api') ? {} : { accept: 'text/html' }),
    },
  });
  // some routes sign their caller out
  if (/session|logout/.test(route.pattern)) await signIn(caller);
  return answer;
}

/**
 * Whether the guard turned this caller away: an anonymous visitor, or an API key, is asked to sign
 * in, others are forbidden.
 */
function isRejected(answer: LightMyRequestResponse, caller: Caller): boolean {
  if (people.has(caller) || caller === 'personToken')
    return answer.statusCode === 401 || answer.statusCode === 403;
  return answer.statusCode === 401 || String(answer.headers.location).startsWith('/login?next=');
}

describe('who may use a route', () => {
  it('who may use a route is listed for every route that the server has, and for no other', () => {
    const listed = Object.values(routeAccess).flat();
    expect(listed.toSorted()).toEqual([...new Set(servedRoutes().map(routeName))].toSorted());
  });

  it('who may use a route is decided for a HEAD request as for its GET', () => {
    const gets = new Set(servedRoutes().map(routeName));
    const heads = liveRoutes(world).filter(({ method }) => method === 'HEAD');
    expect(heads.filter(({ pattern }) => !gets.has(`GET ${pattern}`))).toEqual([]);
  });

  it.each(Object.entries(routeAccess) as [Access, string[]][])(
    'who may use a route is kept by every route for %s: the others are turned away',
    async (access, names) => {
      const routes = servedRoutes().filter((route) => names.includes(routeName(route)));
      for (const route of routes)
        for (const method of route.method === 'GET' ? ['GET', 'HEAD'] : [route.method]) {
          const through: Caller[] = [];
          for (const caller of callers)
            if (!isRejected(await send(route, method, caller), caller)) through.push(caller);
          expect([method, route.pattern, through]).toEqual([method, route.pattern, allowedCallers[access]]);
        }
    },
  );

  it('who may use a route lets support read what admins read, and change nothing', () => {
    const of = (access: Access, isRead: boolean) =>
      routeAccess[access].filter((name) => name.startsWith('GET ') === isRead);
    // these send a form's fields to see what they would do; they write nothing
    expect(of('staff', false)).toEqual(['POST /api/v1/admin/programme/terms/preview', 'POST /admin/confirm']);
    // handing out all data of a person, and forms whose sending is the admin's
    expect(of('admin', true)).toEqual([
      'GET /api/v1/admin/users/:id/export',
      'GET /admin/users/:id/export',
      'GET /admin/installation/stripe-endpoint',
      'GET /admin/programme/new',
      'GET /admin/programme/edit',
      'GET /admin/programme/preview',
    ]);
    for (const name of [...routeAccess.everybody, ...routeAccess.signedIn])
      expect(name).not.toMatch(/ (\/api\/v1)?\/admin/);
  });
});
