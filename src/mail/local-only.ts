import type { FastifyRequest } from 'fastify';

const loopbackPeer = /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/;
const loopbackHost = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i;

/**
 * Whether a request comes from this very machine and asks for it by a loopback name. The peer is the socket's,
 * not what a proxy claims; the name keeps out web pages that point their own domain at 127.0.0.1.
 */
export function isLocal(request: FastifyRequest): boolean {
  return (
    loopbackPeer.test(request.socket.remoteAddress ?? '') && loopbackHost.test(request.headers.host ?? '')
  );
}
