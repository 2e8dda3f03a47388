import { invitationOf } from '../../../lib/invitation.ts';
import { savePerson } from '../../../lib/twofold.ts';
import { signUp } from '../../../lib/users.ts';

export async function POST(request: Request) {
  const email = (await request.formData()).get('email');
  if (typeof email !== 'string' || !email.includes('@'))
    return Response.json({ error: 'Which address?' }, { status: 422 });
  const user = signUp(email, invitationOf(request));
  // the sign-up goes on without Twofold; a job sends those again who are not saved, in earnest
  await savePerson(user).catch((error: unknown) => console.error('not saved yet:', error));
  const headers = new Headers({ location: '/settings' });
  headers.append('set-cookie', `session=${user.session}; Path=/; HttpOnly; SameSite=Lax`);
  return new Response(null, { status: 303, headers });
}
