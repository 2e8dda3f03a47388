import type { FastifyRequest } from 'fastify';

const hosts = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Whether the request comes from this machine and asks for it by a loopback name (so no other site can be behind it). */
export function isLoopback(request: FastifyRequest): boolean {
  const peer = request.socket.remoteAddress ?? '';
  const fromHere = peer === '::1' || peer.startsWith('127.') || peer.startsWith('::ffff:127.');
  const forwarded =
    request.headers['x-forwarded-for'] !== undefined || request.headers.forwarded !== undefined;
  return fromHere && !forwarded && hosts.has((request.headers.host ?? '').replace(/:\d+$/, ''));
}
