import { cookieOf } from './users.ts';

/** The attributionDays of your terms. */
const attributionDays = 30;
const codePattern = /^\P{C}{1,100}$/u;

/** Leads to the product, and keeps code and time of the first link that a visitor follows. */
export function follow(request: Request, code: string | null): Response {
  const headers = new Headers({ location: '/' });
  if (code !== null && codePattern.test(code) && cookieOf(request, 'ref') === '')
    headers.set(
      'set-cookie',
      `ref=${encodeURIComponent(code)}.${Date.now()}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${attributionDays * 86_400}`,
    );
  return new Response(null, { status: 303, headers });
}

/** The invitation that a visitor came with, if any. Cookies may say anything. */
export function invitationOf(request: Request): { code: string; at: Date } | undefined {
  const [, encoded = '', at] = /^(\S{1,1000})\.(\d{13})$/.exec(cookieOf(request, 'ref')) ?? [];
  const code = decode(encoded);
  return codePattern.test(code) ? { code, at: new Date(Math.min(Number(at), Date.now())) } : undefined;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return ''; // no text in UTF-8
  }
}
