import createClient from 'openapi-fetch';
import type { paths } from './generated/openapi-typescript.js';

const client = createClient<paths>({ baseUrl: 'https://twofold.example' });

/** Signs in by the code that `readCode` finds in the e-mail, and sends the token from then on. */
export async function signIn(email: string, readCode: () => Promise<string>): Promise<string> {
  const challenge = await client.POST('/api/v1/auth/challenges', { body: { email } });
  if (challenge.error !== undefined) throw new Error(challenge.error.detail);
  const { challengeId } = challenge.data;
  const { data, error } = await client.POST('/api/v1/auth/sessions', {
    body: { challengeId, code: await readCode() },
  });
  if (error !== undefined)
    throw new Error(error.code === 'auth.code_wrong' ? `${error.attemptsLeft} tries left` : error.detail);
  client.use({
    onRequest: ({ request }) => request.headers.set('authorization', `Bearer ${data.token}`),
  });
  return data.user.displayName ?? data.user.email;
}

export async function accessUntil(): Promise<Date | null> {
  const { data, error } = await client.GET('/api/v1/me');
  if (error !== undefined) throw new Error(error.code);
  const { active, source, until } = data.access;
  return active && source !== 'none' && until !== null ? new Date(until) : null;
}

export async function invitationLink(): Promise<string> {
  const { data, error } = await client.GET('/api/v1/referral');
  if (error !== undefined) throw new Error(error.code);
  return `${data.link} has brought ${data.counts.converted} of ${data.counts.invited}`;
}

export async function* invites(): AsyncGenerator<{ id: string; label: string; isConverted: boolean }> {
  for (let cursor: string | undefined; ;) {
    const query = cursor === undefined ? { limit: 100 } : { limit: 100, cursor };
    const { data, error } = await client.GET('/api/v1/referral/invites', { params: { query } });
    if (error !== undefined) throw new Error(error.code);
    for (const { id, label, status } of data.items) yield { id, label, isConverted: status === 'converted' };
    if (data.nextCursor === null) return;
    cursor = data.nextCursor;
  }
}

export async function whatIsMissing(id: string): Promise<string[]> {
  const { data, error } = await client.GET('/api/v1/referral/invites/{id}/explain', {
    params: { path: { id } },
  });
  if (error !== undefined) throw new Error(error.code);
  return data.rules.filter(({ result }) => result === 'missing').map(({ title }) => title);
}

export async function checkoutUrl(priceId: string): Promise<string> {
  const { data, error } = await client.POST('/api/v1/billing/checkout', {
    params: { header: { 'Idempotency-Key': crypto.randomUUID() } },
    body: { priceId },
  });
  if (error === undefined) return data.url;
  if (error.code === 'billing.already_subscribed' && error.portal !== undefined) return error.portal;
  throw new Error(error.detail);
}

export async function addToBackup(entry: string): Promise<number> {
  const { data: known, error } = await client.GET('/api/v1/settings/backup');
  if (error !== undefined && error.code !== 'settings.no_backup') throw new Error(error.detail);
  const saved = await client.PUT('/api/v1/settings/backup', {
    params: { header: { 'If-Match': `"${known?.revision ?? 0}"` } },
    body: { data: { before: known?.data, entry } },
  });
  if (saved.error !== undefined) throw new Error(saved.error.code);
  return saved.data.revision;
}

export async function paidUsers(): Promise<string[]> {
  const { data, error } = await client.GET('/api/v1/admin/users', { params: { query: { tier: 'paid' } } });
  if (error !== undefined) throw new Error(error.code);
  return data.items.map(({ email, creditUntil }) => `${email ?? 'erased'} ${creditUntil ?? ''}`);
}
