import { isIPv4, isIPv6 } from 'node:net';

/**
 * The network that an address belongs to, as far as one household or office usually reaches: the /24 of an
 * IPv4 address, the /48 of an IPv6 one. An IPv4 address in IPv6 clothes counts as IPv4.
 */
export function networkOf(ip: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1] ?? ip;
  if (isIPv4(mapped)) return `${mapped.split('.').slice(0, 3).join('.')}.0/24`;
  const plain = ip.replace(/%.*$/, '');
  if (!isIPv6(plain)) return 'unknown';
  const [head = ''] = plain.split('::');
  const groups = head === '' ? [] : head.split(':');
  const first = [0, 1, 2].map((index) => Number.parseInt(groups[index] ?? '0', 16).toString(16));
  return `${first.join(':')}::/48`;
}
