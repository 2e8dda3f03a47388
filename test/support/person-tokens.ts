import { ApiKeys, type CreatedApiKey } from '../../src/auth/index.js';
import type { Scope } from '../../src/platform/security/api-key.js';
import type { World } from './world.js';

/** Where the pages of the host product are. */
export const hostOrigin = 'https://host.example';

/** A key of a host product that may make person tokens for its pages. */
export function givenHostKey(
  world: World,
  more: { origins?: string[]; scopes?: readonly Scope[]; expiresInDays?: number } = {},
): Promise<CreatedApiKey> {
  const asked = { name: 'host', scopes: ['people:write', 'people:read'] as const, origins: [hostOrigin] };
  return world.database.transaction((tx) =>
    world.app
      .get(ApiKeys, { strict: false })
      .create(tx, { ...asked, requestsPerMinute: 100_000, ...more }, { kind: 'operator' }),
  );
}

/** A person of the host product, saved with its key. Answers their referral code. */
export async function givenPerson(
  world: World,
  key: CreatedApiKey,
  externalId: string,
  invitedBy?: string,
): Promise<string> {
  const answer = await world.app.inject({
    method: 'PUT',
    url: `/api/v1/people/${externalId}`,
    headers: { authorization: `Bearer ${key.token}` },
    payload: {
      email: `${externalId}@example.org`,
      emailVerified: true,
      ...(invitedBy === undefined ? {} : { invitedBy: { code: invitedBy } }),
    },
  });
  if (answer.statusCode > 201) throw new Error(answer.body);
  return answer.json<{ referral: { code: string } }>().referral.code;
}

/** A person token. */
export async function givenPersonToken(
  world: World,
  key: CreatedApiKey,
  externalId: string,
): Promise<string> {
  const answer = await world.app.inject({
    method: 'POST',
    url: `/api/v1/people/${externalId}/tokens`,
    headers: { authorization: `Bearer ${key.token}` },
  });
  if (answer.statusCode !== 201) throw new Error(answer.body);
  return answer.json<{ token: string }>().token;
}
