import { client } from './generated/hey-api/client.gen.js';
import {
  createCheckout,
  explainInvite,
  getBackup,
  getMe,
  getReferralOverview,
  listInvites,
  listUsers,
  requestCode,
  saveBackup,
  signIn as openSession,
} from './generated/hey-api/sdk.gen.js';
import type { Invite, User } from './generated/hey-api/types.gen.js';

client.setConfig({ baseUrl: 'https://twofold.example' });

/** Signs in by the code that `readCode` finds in the e-mail, and sends the token from then on. */
export async function signIn(email: string, readCode: () => Promise<string>): Promise<User> {
  const challenge = await requestCode({ body: { email } });
  if (challenge.data === undefined) throw new Error(challenge.error.detail);
  const { challengeId } = challenge.data;
  const { data, error } = await openSession({ body: { challengeId, code: await readCode() } });
  if (data === undefined)
    throw new Error(error.code === 'auth.code_wrong' ? `${error.attemptsLeft} tries left` : error.detail);
  client.setConfig({ auth: data.token });
  return data.user;
}

export async function accessUntil(): Promise<Date | null> {
  const { data } = await getMe({ throwOnError: true });
  const { active, source, until } = data.access;
  return active && source !== 'none' && until !== null ? new Date(until) : null;
}

export async function invitationLink(): Promise<string> {
  const { data } = await getReferralOverview({ throwOnError: true });
  return `${data.link} has brought ${data.counts.converted} of ${data.counts.invited}`;
}

export async function* invites(): AsyncGenerator<Invite> {
  for (let cursor: string | undefined; ;) {
    const query = cursor === undefined ? { limit: 100 } : { limit: 100, cursor };
    const { data } = await listInvites({ query, throwOnError: true });
    yield* data.items;
    if (data.nextCursor === null) return;
    cursor = data.nextCursor;
  }
}

export async function whatIsMissing({ id }: Invite): Promise<string[]> {
  const { data } = await explainInvite({ path: { id }, throwOnError: true });
  return data.rules.filter(({ result }) => result === 'missing').map(({ title }) => title);
}

export async function checkoutUrl(priceId: string): Promise<string> {
  const headers = { 'Idempotency-Key': crypto.randomUUID() };
  const { data, error } = await createCheckout({ headers, body: { priceId } });
  if (data !== undefined) return data.url;
  if (error.code === 'billing.already_subscribed' && error.portal !== undefined) return error.portal;
  throw new Error(error.detail);
}

export async function addToBackup(entry: string): Promise<number> {
  const { data: known, error } = await getBackup();
  if (error !== undefined && error.code !== 'settings.no_backup') throw new Error(error.detail);
  const { data } = await saveBackup({
    headers: { 'If-Match': `"${known?.revision ?? 0}"` },
    body: { data: { before: known?.data, entry } },
    throwOnError: true,
  });
  return data.revision;
}

export async function paidUsers(): Promise<string[]> {
  const { data } = await listUsers({ query: { tier: 'paid' }, throwOnError: true });
  return data.items.map(({ email, creditUntil }) => `${email ?? 'erased'} ${creditUntil ?? ''}`);
}
