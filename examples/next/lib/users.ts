import { randomUUID } from 'node:crypto';

export interface User {
  id: string;
  email: string;
  emailVerified: boolean;
  createdAt: Date;
  stripeCustomerId: string | null;
  /** The code and the time of the link that led here, if any. */
  invitedBy: { code: string; at: Date } | undefined;
  session: string;
}

// routes are bundled apart, so they share what is global; a database in earnest
const shared = globalThis as { users?: Map<string, User>; handled?: Set<string> };
export const users = (shared.users ??= new Map<string, User>());
/** The events of Twofold that have been handled: one may come more than once. */
export const handled = (shared.handled ??= new Set<string>());

/** The product's own sign-up. */
export function signUp(email: string, invitedBy: User['invitedBy']): User {
  const user = {
    ...{ id: `user-${randomUUID()}`, email, emailVerified: true, createdAt: new Date() },
    ...{ stripeCustomerId: null, invitedBy, session: randomUUID() },
  };
  users.set(user.id, user);
  return user;
}

/** The user who is signed in; null for a visitor. */
export function userOf(request: Request): User | null {
  const session = cookieOf(request, 'session');
  return [...users.values()].find((user) => user.session === session) ?? null;
}

export function cookieOf(request: Request, name: string): string {
  const cookies = (request.headers.get('cookie') ?? '').split('; ');
  return cookies.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
}

export const signInFirst = () => Response.json({ error: 'Sign in first.' }, { status: 401 });
