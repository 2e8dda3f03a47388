import { createWorld, type World } from '../support/world.js';
import type { Config } from '../../src/platform/config/config.js';

/** What was answered. */
export interface Answer {
  status: number;
  body: Record<string, unknown> & { outcome?: string; detail?: string; code?: string };
}

/** One request of the host or of a processor. */
export interface SentRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** From the address of the server on. */
  path: string;
  headers: Record<string, string>;
  payload?: string;
}

/** Sends one request. */
export type SendRequest = (request: SentRequest) => Promise<Answer>;

/** A world of a host product that reports its people and their payments. */
export interface ReportsWorld extends World {
  send: SendRequest;
  /** The same, repeated while the database cannot commit it. */
  sendUntilCommitted: SendRequest;
  /** One request with the key of the host. */
  put(path: string, body: object): Promise<Answer>;
  /** The same, repeated while the database cannot commit it. */
  putUntilCommitted(path: string, body: object): Promise<Answer>;
  get(path: string): Promise<Answer>;
  /** Erases a person. */
  erase(externalId: string): Promise<Answer>;
  /** A new person, with a code. */
  person(more?: object): Promise<HostPerson>;
  /** A payment of `externalId`; fields of `more` replace what is usual. */
  pay(id: string, externalId: string, more?: object): Promise<Answer>;
  /** The days of the entries of a person, oldest first. */
  daysOf(externalId: string): Promise<number[]>;
  /** The token of the host’s key. */
  key: string;
  /** An id that was never used. */
  newId(prefix: string): string;
}

/** A person of the host. */
export interface HostPerson {
  externalId: string;
  userId: string;
  code: string;
}

/** Makes the world of a host. */
export async function createReportsWorld(
  change: Partial<Config> = {},
  routeTo?: (databaseUrl: string) => Promise<string>,
): Promise<ReportsWorld> {
  const world = await createWorld(change, routeTo);
  const key = await world.given.apiKey('people:read', 'people:write', 'access:read', 'payments:write');
  let count = 0;
  const newId = (prefix: string) => `${prefix}-${++count}`;
  const send: SendRequest = async ({ method, path, headers, payload }) => {
    const answer = await world.app.inject({
      method,
      url: path,
      headers,
      ...(payload !== undefined && { payload }),
    });
    return { status: answer.statusCode, body: answer.body === '' ? {} : answer.json() };
  };
  const sendUntilCommitted: SendRequest = async (request) => {
    for (let attempt = 0; ; attempt++) {
      const answer = await send(request);
      if (answer.status !== 503 || attempt === 5) return answer;
    }
  };
  const call = (method: 'GET' | 'DELETE', path: string) =>
    send({ method, path: `/api/v1/${path}`, headers: { authorization: `Bearer ${key}` } });
  const put = (path: string, body: object) => send(putRequest(key, path, body));
  const putUntilCommitted = (path: string, body: object) => sendUntilCommitted(putRequest(key, path, body));
  return Object.assign(world, {
    newId,
    key,
    send,
    sendUntilCommitted,
    put,
    putUntilCommitted,
    get: (path: string) => call('GET', path),
    erase: (externalId: string) => call('DELETE', `people/${externalId}`),
    person: async (more: object = {}): Promise<HostPerson> => {
      const externalId = newId('user');
      const { status, body } = await putUntilCommitted(`people/${externalId}`, {
        email: `${externalId}@host.example.org`,
        emailVerified: true,
        ...more,
      });
      if (status >= 300) throw new Error(`The person was answered ${status}: ${JSON.stringify(body)}`);
      const { person, referral } = body as unknown as { person: { id: string }; referral: { code: string } };
      return { externalId, userId: person.id, code: referral.code };
    },
    pay: (id: string, externalId: string, more: object = {}) =>
      put(`payments/paddle/${id}`, {
        externalId,
        paidAt: world.clock.now().toISOString(),
        amount: 999,
        currency: 'EUR',
        ...more,
      }),
    daysOf: async (externalId: string) => {
      const { body } = await call('GET', `people/${externalId}/credit`);
      return (body as unknown as { entries: { days: number }[] }).entries.map(({ days }) => days).reverse();
    },
  });
}

/** A request of the host with its key. */
export function putRequest(key: string, path: string, body: object): SentRequest {
  return {
    method: 'PUT',
    path: `/api/v1/${path}`,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    payload: JSON.stringify(body),
  };
}
