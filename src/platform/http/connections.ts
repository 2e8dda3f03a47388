import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** How long clients may take. */
export interface ClientTimeouts {
  /** Between two bytes of a request or an answer, and for the whole head of a request. */
  stallMs: number;
  /** For a whole request that never stalls. */
  requestMs: number;
  /** Between two requests on one connection: more than the minute that balancers keep theirs. */
  idleMs: number;
}

/** The limits that hold outside of tests. */
export const clientTimeouts: ClientTimeouts = { stallMs: 30_000, requestMs: 120_000, idleMs: 72_000 };

/** What Node and Fastify enforce themselves: heads, whole requests, and connections without a request. */
export function serverTimeouts({ stallMs, requestMs, idleMs }: ClientTimeouts): object {
  return {
    connectionTimeout: stallMs, // what happens then: closeStalled
    requestTimeout: requestMs,
    keepAliveTimeout: idleMs,
    http: { headersTimeout: stallMs, connectionsCheckingInterval: Math.min(5_000, stallMs) },
  };
}

interface Exchange {
  request: FastifyRequest;
  reply: FastifyReply;
}

/** The connections of a server, and the newest request of each. */
export class OpenConnections {
  private readonly open = new Set<Socket>();
  private readonly exchanges = new WeakMap<Socket, Exchange>();

  constructor(private readonly server: Server) {}

  /** Closes from now on those on which nothing moves. Only before the server is ready. */
  watch(hooks: FastifyInstance): void {
    hooks.addHook('onRequest', (request, reply, done) => {
      this.exchanges.set(request.raw.socket, { request, reply });
      done();
    });
    this.server.on('connection', (socket: Socket) => {
      this.open.add(socket);
      socket.once('close', () => this.open.delete(socket));
    });
    this.server.on('timeout', (socket: Socket) => this.closeStalled(socket));
  }

  /** Closes those on which no request is being answered: also new ones on which none has come yet. */
  closeIdle(): void {
    for (const socket of this.open)
      if (this.exchanges.get(socket)?.reply.raw.writableFinished !== false) socket.destroy();
  }

  /**
   * A head or a body does not come, or an answer is not read, for the time of `stallMs`. A request that is being worked on
   * is left alone, however long it takes.
   */
  private closeStalled(socket: Socket): void {
    const exchange = this.exchanges.get(socket);
    if (exchange === undefined || exchange.reply.raw.headersSent) socket.destroy();
    else if (!exchange.request.raw.complete) this.server.emit('clientError', requestTimeoutError(), socket);
  }
}

/** As Node reports a request that did not arrive in time: see unparsed-requests.ts for the answer. */
function requestTimeoutError(): Error {
  return Object.assign(new Error('The request stalled'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
}
