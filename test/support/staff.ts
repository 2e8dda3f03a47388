import type { LightMyRequestResponse } from 'fastify';
import { bearer, type Person } from './given.js';
import type { World } from './world.js';

/**
 * An admin and a person of support, and how people of the console call it: its API, its pages, its
 * forms.
 */
export interface Staff {
  admin: Person;
  support: Person;
  api(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    person: Person,
    payload?: object,
    headers?: Record<string, string>,
  ): Promise<LightMyRequestResponse>;
  page(path: string, person: Person): Promise<LightMyRequestResponse>;
  submitForm(path: string, person: Person, fields: Record<string, string>): Promise<LightMyRequestResponse>;
}

/** Hires them. `language` is the one they read. */
export async function createStaff({ app, given, config }: World, language = 'en'): Promise<Staff> {
  const cookie = (person: Person) => ({ accept: 'text/html', cookie: `tf_session=${person.token}` });
  return {
    admin: await given.user({ role: 'admin', language }),
    support: await given.user({ role: 'support', language }),
    api: (method, path, person, payload, headers = {}) =>
      app.inject({
        method,
        url: `/api/v1/admin/${path}`,
        headers: { ...bearer(person), ...headers },
        ...(payload === undefined ? {} : { payload }),
      }),
    page: (path, person) => app.inject({ url: `/admin/${path}`, headers: cookie(person) }),
    submitForm: (path, person, fields) =>
      app.inject({
        method: 'POST',
        url: `/admin/${path}`,
        payload: new URLSearchParams(fields).toString(),
        headers: {
          ...cookie(person),
          origin: config.baseUrl,
          'content-type': 'application/x-www-form-urlencoded',
        },
      }),
  };
}

/** The value of a hidden or shown field of a page's form. */
export function formFieldValue(body: string, name: string): string {
  const [input] = body.match(new RegExp(`<input[^>]*name="${name}"[^>]*>`)) ?? [];
  return /value="([^"]*)"/.exec(input ?? '')?.[1] ?? '';
}
