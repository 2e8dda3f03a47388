import ipaddr from 'ipaddr.js';

type Network = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** A network in CIDR notation, as it was typed; an address alone is a network. Null: it is none. */
export function parseNetwork(text: string): string | null {
  return toNetwork(text) === null ? null : text;
}

/** Whether an IP address is in one of these networks (CIDR). */
export function isInNetworks(address: string, networks: readonly string[]): boolean {
  const parsed = ipaddr.process(address);
  return networks.some((text) => {
    const network = toNetwork(text);
    return network !== null && network[0].kind() === parsed.kind() && parsed.match(network);
  });
}

/**
 * Whether an IP address is one of the public Internet: no loopback, private, link-local, shared,
 * multicast or reserved one, also not inside an IPv6 address that stands for it.
 */
export function isPublicAddress(address: string): boolean {
  const parsed = ipaddr.process(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed.kind() === 'ipv4' || parsed.match(globalUnicast);
}

/** All IPv6 addresses that are routed: https://www.iana.org/assignments/ipv6-address-space */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');

function toNetwork(text: string): Network | null {
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text);
  const isAddress = ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text);
  if (!isAddress) return null;
  const address = ipaddr.parse(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}
