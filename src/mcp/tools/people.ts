import { AuthService, ExternalPeople, type User } from '../../auth/index.js';
import { EntryExplanationService } from '../../credit/index.js';
import { Database } from '../../platform/database/database.js';
import { DomainError } from '../../platform/errors.js';
import type { GetService } from '../../platform/get-service.js';
import { isId } from '../../platform/ids.js';
import { ReferralCodes } from '../../referral/index.js';
import { isOperator } from '../caller.js';
import type { ToolContext } from './tool.js';

/** How a tool names a person. */
export interface PersonReference {
  by: 'email' | 'externalId' | 'id' | 'code';
  value: string;
}

/** A person with their id in the product that uses the API, if they have one. */
export interface FoundPerson {
  user: User;
  externalId: string | null;
}

/**
 * The person that a tool was asked about. A key finds the people of its product, who have an
 * external id; an operator finds all. Errors: `request.not_found`.
 */
export async function requirePerson(
  { get, caller }: ToolContext,
  { by, value }: PersonReference,
): Promise<FoundPerson> {
  const userId = await finders[by](get, value);
  const user = userId === null ? null : await get(AuthService).findById(userId);
  if (user === null) throw noSuchPerson();
  const externalId = await get(ExternalPeople).findExternalId(user.id);
  if (externalId === null && !isOperator(caller)) throw noSuchPerson();
  return { user, externalId };
}

/** Whether the caller may see what belongs to a user; see {@link requirePerson}. */
export async function maySee({ get, caller }: ToolContext, userId: string): Promise<boolean> {
  return isOperator(caller) || (await get(ExternalPeople).findExternalId(userId)) !== null;
}

/** The account of a ledger entry, and whose it is now. Errors: `request.not_found`. */
export async function requireEntryOwner(
  context: ToolContext,
  entryId: string,
): Promise<{ accountId: string; personId: string }> {
  const { get } = context;
  const accountId = await get(EntryExplanationService).findOwnerId(entryId);
  if (accountId === null || !(await maySee(context, accountId)))
    throw new DomainError('request.not_found', { detail: 'There is no such entry that you may see.' });
  return { accountId, personId: (await get(AuthService).findById(accountId))?.id ?? accountId };
}

const finders: Record<PersonReference['by'], (get: GetService, value: string) => Promise<string | null>> = {
  email: async (get, value) => (await get(AuthService).findByEmail(value))?.id ?? null,
  externalId: (get, value) => get(ExternalPeople).findUserId(value),
  id: async (_get, value) => (isId(value) ? value : null),
  code: async (get, value) => (await get(ReferralCodes).findByText(get(Database), value))?.userId ?? null,
};

function noSuchPerson(): DomainError {
  return new DomainError('request.not_found', { detail: 'There is no such person that you may see.' });
}
