import type { FastifyRequest } from 'fastify';
import type { Config } from '../config/config.js';

const loopbackHosts = new Set(['localhost', '127.0.0.1', '[::1]']);
/**
 * What proxies and CDNs add, each in its own way: a request with any of these comes from further
 * away than its peer.
 */
const proxyHeaders =
  /^(?:forwarded|via|true-client-ip|(?:x-(?:forwarded|real|original|client|cluster-client|envoy|azure|amzn|appengine)|cf|fastly|fly|cdn-loop)\b.*)$/;

/**
 * Whether the request comes from this machine, through no proxy, and asks for it by a loopback name
 * (so no other site can be behind it). A BASE_URL of another name says that a proxy is there, even
 * one that adds nothing.
 */
export function isLoopback(request: FastifyRequest, { baseUrl }: Config): boolean {
  const peer = request.socket.remoteAddress ?? '';
  const fromHere = peer === '::1' || peer.startsWith('127.') || peer.startsWith('::ffff:127.');
  const forwarded = Object.keys(request.headers).some((name) => proxyHeaders.test(name));
  return fromHere && !forwarded && isLoopbackHost(request.headers.host ?? '') && isLoopbackUrl(baseUrl);
}

/** Whether `url` names this machine. */
export function isLoopbackUrl(url: string): boolean {
  return isLoopbackHost(new URL(url).host);
}

function isLoopbackHost(host: string): boolean {
  return loopbackHosts.has(host.replace(/:\d{1,5}$/, ''));
}
