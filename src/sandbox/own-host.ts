const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * Whether a request names this machine. A sandbox on loopback answers loopback names only: a foreign name that was made
 * to point here would let a foreign page read it. Elsewhere somebody chose the name, so any will do.
 */
export function isOwnHost(header: string | undefined, boundTo: string): boolean {
  if (!LOOPBACK.includes(boundTo) && boundTo !== '::1') return true;
  return LOOPBACK.includes((header ?? '').replace(/:\d+$/, '').toLowerCase());
}
