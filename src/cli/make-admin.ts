import { AuthService } from '../auth/index.js';
import { Database } from '../platform/database/database.js';
import type { Get } from './application.js';
import { operator, userOfEmail } from './people.js';
import type { Report } from './report.js';

const hint = '\nSign in with it once, then try again; or list it in ADMIN_EMAILS before its first sign-in.';

/** Gives an existing user the role `admin`. Again: nothing changes. Errors: Problem for an unknown address. */
export async function makeAdmin(get: Get, email: string): Promise<Report> {
  const user = await userOfEmail(get, email, hint);
  await get(Database).transaction((tx) => get(AuthService).setRole(tx, user.id, 'admin', operator));
  const changed = user.role !== 'admin';
  return {
    json: { userId: user.id, email: user.email, role: 'admin', changed },
    lines: [changed ? `${user.email} is an admin now.` : `${user.email} was an admin already.`],
  };
}
