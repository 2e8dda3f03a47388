import { Twofold } from '@twofold/client';
import { required } from './environment.ts';
import type { User } from './users.ts';

// made when a request needs it: a build has no key
let client: Twofold | undefined;
export const twofold = () =>
  (client ??= new Twofold({ baseUrl: required('TWOFOLD_URL'), apiKey: required('TWOFOLD_API_KEY') }));

/** Saves a person, when they sign up and when they change. Idempotent. */
export async function savePerson(user: User): Promise<void> {
  const { email, emailVerified, createdAt, stripeCustomerId, invitedBy } = user;
  await twofold().people.put(user.id, {
    ...{ email, emailVerified, createdAt, invitedBy },
    customers: stripeCustomerId === null ? [] : [{ provider: 'stripe', id: stripeCustomerId }],
  });
}
