import { twofold } from '../../../../lib/twofold.ts';
import { signInFirst, userOf } from '../../../../lib/users.ts';

/** For `<Referral>`. */
export async function POST(request: Request) {
  const user = userOf(request);
  return user === null
    ? signInFirst()
    : Response.json(await twofold().people.createToken(user.id), { status: 201 });
}
