import { AuthService, type User } from '../auth/index.js';
import type { GetService } from './application.js';
import { CommandError } from './command-context.js';

/** A person who works at the command line: known by their access to the machine, not by an account. */
export const operator = { kind: 'operator' } as const;

/** The user of an address, however it was typed. Errors: {@link CommandError} when no user has it; `hint` says what to do. */
export async function findUserByEmail(get: GetService, email: string, hint = ''): Promise<User> {
  const user = await get(AuthService).findByEmail(email);
  if (user === null) throw new CommandError(`No account has the address ${email}.${hint}`);
  return user;
}
