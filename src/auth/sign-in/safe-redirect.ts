/**
 * `path` if it leads to a page of this site, else null: what follows a sign-in must not be another
 * site's choice.
 */
export function safeRedirect(path: string | null | undefined): string | null {
  if (typeof path !== 'string' || !/^\/[\x21-\x7e]*$/.test(path)) return null;
  // What a browser would make of it decides: `//other.example` and `/\\other.example` are other
  // sites, too.
  const here = 'http://here.invalid';
  return URL.canParse(path, here) && new URL(path, here).origin === here ? path : null;
}
