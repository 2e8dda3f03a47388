/**
 * A web origin as browsers send it, or null. Only https, but for this machine.
 */
export function parseOrigin(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const { origin, protocol, hostname, href } = new URL(text);
  const isLocal = protocol === 'http:' && ['localhost', '127.0.0.1'].includes(hostname);
  return (protocol === 'https:' || isLocal) && [origin, `${origin}/`].includes(href) ? origin : null;
}
