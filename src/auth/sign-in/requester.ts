import { BlockList, isIPv4, isIPv6 } from 'node:net';
import type { FastifyRequest } from 'fastify';
import type { Principal } from '../../platform/security/principal.js';

/**
 * Who requests a code or enters one: their IP address, cookies, and user if they are signed in by a
 * code, and so have proven their address.
 */
export interface Requester {
  ip: string;
  user: Pick<Principal, 'userId' | 'email'> | null;
  cookies: Readonly<Record<string, string | undefined>>;
}

/** Who makes `request`, as the guard found out: for requesting a code and for entering it. */
export function requesterOf(request: FastifyRequest): Requester {
  return {
    ip: request.ip,
    user: request.principal?.provesEmail === true ? request.principal : null,
    cookies: request.cookies,
  };
}

/** Where a request comes from: its IP address, User-Agent, device cookie and session. */
export interface ClientInfo {
  ip: string;
  userAgent: string;
  device: string;
  /** The token of the session that this browser has; a new sign-in takes its place. */
  previousToken?: string | null;
}

/**
 * The network that an address belongs to, as far as one household or office usually reaches: the
 * /24 of an IPv4 address, the /48 of an IPv6 one. An IPv4-mapped IPv6 address counts as IPv4.
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

/**
 * The network of a public address; null for one that anonymous visitors share: loopback, private,
 * link-local, a carrier's.
 */
export function publicIpPrefix(ip: string): string | null {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1] ?? ip.replace(/%.*$/, '');
  const family = isIPv4(mapped) ? 'ipv4' : isIPv6(mapped) ? 'ipv6' : null;
  return family === null || nonPublicNetworks.check(mapped, family) ? null : ipPrefix(ip);
}
