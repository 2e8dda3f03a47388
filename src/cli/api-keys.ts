import { ApiKeys, type ApiKeyDetails, type CreatedApiKey } from '../auth/index.js';
import { Database } from '../platform/database/database.js';
import type { Scope } from '../platform/security/api-key.js';
import type { CommandReport, GetService } from './command-context.js';

const operator = { kind: 'operator' as const };

/** What `api-keys create` was asked for; `expires` in days, `limit` in requests a minute. */
export interface CreateOptions {
  name: string;
  scope: Scope[];
  origin: string[];
  expires?: number;
  limit?: number;
}

/** Makes a key. The report alone has its token. */
export async function createApiKey(
  get: GetService,
  { name, scope, origin, expires, limit }: CreateOptions,
): Promise<CommandReport> {
  const asked = {
    ...{ name, scopes: scope, origins: origin, expiresInDays: expires ?? null },
    ...(limit === undefined ? {} : { requestsPerMinute: limit }),
  };
  return reportCreated(await get(Database).transaction((tx) => get(ApiKeys).create(tx, asked, operator)));
}

/** Makes the successor of a key. Errors: `request.not_found`. */
export async function rotateApiKey(
  get: GetService,
  id: string,
  overlapHours: number,
): Promise<CommandReport> {
  return reportCreated(
    await get(Database).transaction((tx) => get(ApiKeys).rotate(tx, id, overlapHours, operator)),
  );
}

function reportCreated({ key, token }: CreatedApiKey): CommandReport {
  return {
    json: { key, token },
    lines: [describeKey(key), '', token, '', 'Keep this token: it is not shown again.'],
  };
}

/** Every key, newest first. */
export async function listApiKeys(get: GetService): Promise<CommandReport> {
  const keys = await get(ApiKeys).list();
  return { json: { keys }, lines: keys.length === 0 ? ['There are no API keys.'] : keys.map(describeKey) };
}

/** Ends a key at once. Errors: `request.not_found`. */
export async function revokeApiKey(get: GetService, id: string): Promise<CommandReport> {
  const key = await get(Database).transaction((tx) => get(ApiKeys).revoke(tx, id, operator));
  return { json: { key }, lines: [`Revoked ${key.name} (${key.id}).`] };
}

function describeKey(key: ApiKeyDetails): string {
  const { id, name, state, scopes: own, origins, requestsPerMinute, expiresAt, lastUsedAt } = key;
  const details = [
    `${requestsPerMinute} requests a minute`,
    expiresAt === null ? 'never expires' : `expires ${expiresAt.toISOString()}`,
    lastUsedAt === null ? 'never used' : `last used ${lastUsedAt.toISOString()}`,
  ];
  return [
    id,
    state,
    name,
    own.join(' '),
    ...(origins.length === 0 ? [] : [origins.join(' ')]),
    details.join(', '),
  ].join('  ');
}
