import { BlockList, isIPv4, isIPv6 } from 'node:net';

/**
 * The network that an address belongs to, as far as one household or office usually reaches: the /24 of an
 * IPv4 address, the /48 of an IPv6 one. An IPv4 address in IPv6 clothes counts as IPv4.
 */
export function ipPrefix(ip: string): string {
  const ipv4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1] ?? ip;
  if (isIPv4(ipv4)) return `${ipv4.split('.').slice(0, 3).join('.')}.0/24`;
  const withoutZone = ip.replace(/%.*$/, '');
  if (!isIPv6(withoutZone)) return 'unknown';
  const [head = ''] = withoutZone.split('::');
  const groups = head === '' ? [] : head.split(':');
  const first = [0, 1, 2].map((index) => Number.parseInt(groups[index] ?? '0', 16).toString(16));
  return `${first.join(':')}::/48`;
}

const nonPublicNetworks = new BlockList();
for (const [net, prefix] of [
  ['10.0.0.0', 8],
  ['127.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
  ['100.64.0.0', 10],
  ['0.0.0.0', 8],
] as const)
  nonPublicNetworks.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  nonPublicNetworks.addSubnet(net, prefix, 'ipv6');

/** The network of a public address; null for one that anonymous visitors share: loopback, private, link-local, a carrier's. */
export function publicIpPrefix(ip: string): string | null {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1] ?? ip.replace(/%.*$/, '');
  const family = isIPv4(mapped) ? 'ipv4' : isIPv6(mapped) ? 'ipv6' : null;
  return family === null || nonPublicNetworks.check(mapped, family) ? null : ipPrefix(ip);
}
