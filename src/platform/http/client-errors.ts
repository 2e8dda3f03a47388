import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { DomainError, type ErrorCode } from '../errors.js';
import { toProblemDocument } from './problem-document.js';

const errorCodes: Readonly<Record<string, ErrorCode>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'request.timeout',
  HPE_HEADER_OVERFLOW: 'request.headers_too_large',
};

/**
 * Answers what Node could not take apart, or did not get in time, with a problem document. There is no request yet: no hook,
 * no route and no log line sees it. `headers` are those of every answer.
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
