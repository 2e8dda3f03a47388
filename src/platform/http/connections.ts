import { type Server, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Injectable } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DomainError, type ErrorCode } from '../errors.js';
import { toProblemDocument } from './problem-document.js';

interface Exchange {
  request: FastifyRequest;
  reply: FastifyReply;
}

/** The connections of a server, and the newest request of each. */
export class OpenConnections {
  /** With the newest request of each; null before the first. */
  private readonly open = new Map<Socket, Exchange | null>();

  constructor(private readonly server: Server) {}

  /** Closes from now on those on which nothing moves. Only before the server is ready. */
  watch(hooks: FastifyInstance): void {
    hooks.addHook('onRequest', (request, reply, done) => {
      const { socket } = request.raw;
      if (this.open.has(socket)) this.open.set(socket, { request, reply });
      done();
    });
    this.server.on('connection', (socket: Socket) => {
      this.open.set(socket, null);
      socket.once('close', () => this.open.delete(socket));
    });
    this.server.on('timeout', (socket: Socket) => this.closeStalled(socket));
  }

  /**
   * Closes those on which no request is being answered: also new ones on which none has come yet.
   */
  closeIdle(): void {
    for (const [socket, exchange] of this.open)
      if (exchange?.reply.raw.writableFinished !== false) socket.destroy();
  }

  /**
   * A head or a body does not come, or an answer is not read, for the time of `stallMs`. A request
   * that is being worked on is left alone, however long it takes.
   */
  private closeStalled(socket: Socket): void {
    const exchange = this.open.get(socket) ?? null;
    if (exchange === null || exchange.reply.raw.headersSent) socket.destroy();
    else if (!exchange.request.raw.complete) this.server.emit('clientError', requestTimeoutError(), socket);
  }
}

/**
 * As Node reports a request that did not arrive in time: see {@link clientErrorHandler} for the
 * answer.
 */
function requestTimeoutError(): Error {
  return Object.assign(new Error('The request stalled'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
}

/** For so long after the server stopped accepting an open connection may still bring a request. */
const idleGraceMs = 1_000;

/**
 * Whether this process is shutting down: it says so for a while, and still answers, so that no
 * request is sent to a closed server.
 */
@Injectable()
export class ShutdownState {
  /** Set as the server is set up. */
  connections: OpenConnections | null = null;
  private hasBegun = false;

  get isShuttingDown(): boolean {
    return this.hasBegun;
  }

  /**
   * Says from now on that this process is about to stop, and waits `delayMs` for balancers to have
   * heard it.
   */
  async begin(delayMs: number): Promise<void> {
    this.hasBegun = true;
    await pause(delayMs);
  }

  /**
   * Accepts nothing new, and finishes what has come in, for at most `ms`: then a client that is
   * still there, with a body that does not come or an unread answer, is disconnected. A connection
   * that is open may bring its request for a moment.
   */
  async drain(app: NestFastifyApplication, ms: number): Promise<void> {
    const server = app.getHttpServer();
    const idleSweep = setInterval(() => this.connections?.closeIdle(), idleGraceMs);
    const deadline = setTimeout(() => server.closeAllConnections(), ms);
    await app.getHttpAdapter().getInstance().close();
    clearTimeout(deadline);
    clearInterval(idleSweep);
  }
}

const errorCodes: Readonly<Record<string, ErrorCode>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'request.timeout',
  HPE_HEADER_OVERFLOW: 'request.headers_too_large',
};

/**
 * Answers what Node could not take apart, or did not get in time, with a problem document. There is
 * no request yet: no hook, no route and no log line sees it. `headers` are those of every answer.
 */
export function clientErrorHandler(
  baseUrl: string,
  headers: Readonly<Record<string, string>>,
  newRequestId: () => string,
): (error: Error & { code?: string }, socket: Socket) => void {
  return (error, socket) => {
    if (error.code === 'ECONNRESET' || socket.destroyed) return;
    const requestId = newRequestId();
    const code = errorCodes[error.code ?? ''] ?? 'request.unreadable';
    const problem = toProblemDocument(new DomainError(code), requestId, baseUrl);
    const body = JSON.stringify(problem);
    const lines = Object.entries({
      ...headers,
      'x-request-id': requestId,
      'cache-control': 'no-store',
      'content-type': 'application/problem+json; charset=utf-8',
      'content-length': String(Buffer.byteLength(body)),
      connection: 'close',
    }).map(([name, value]) => `${name}: ${value}\r\n`);
    const status = `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}\r\n`;
    if (socket.writable) socket.write(`${status}${lines.join('')}\r\n${body}`);
    socket.destroy(error);
  };
}
