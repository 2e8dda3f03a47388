import { SignOuts } from '../../auth/index.js';
import { Database } from '../../platform/database/database.js';
import type { Get } from '../application.js';
import { operator, userOfEmail } from '../people.js';
import type { Report } from '../report.js';

/** Ends every session of an account. Errors: Problem for an unknown address. */
export async function signOut(get: Get, email: string): Promise<Report> {
  const user = await userOfEmail(get, email);
  await get(Database).transaction((tx) => get(SignOuts).everywhere(tx, user.id, operator));
  return { json: { userId: user.id, signedOut: true }, lines: [`${user.email} is signed out everywhere.`] };
}
