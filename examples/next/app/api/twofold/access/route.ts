import { twofold } from '../../../../lib/twofold.ts';
import { signInFirst, userOf } from '../../../../lib/users.ts';

/** For `useAccess`. */
export async function GET(request: Request) {
  const user = userOf(request);
  return user === null ? signInFirst() : Response.json(await twofold().people.access(user.id));
}
