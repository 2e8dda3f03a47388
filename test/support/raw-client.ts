import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { until } from './until.js';

/** A client that writes bytes as it likes, for what well-behaved clients never do. */
export class RawClient {
  received = '';
  closed = false;

  private constructor(readonly socket: Socket) {
    socket.on('data', (chunk) => (this.received += chunk.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => (this.closed = true));
  }

  static async connect(url: string): Promise<RawClient> {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    await once(socket, 'connect');
    return new RawClient(socket);
  }

  /** Writes text as it is. */
  write(text: string): this {
    this.socket.write(text);
    return this;
  }

  /** Writes the head of a request; its body is still to come. */
  head(method: string, path: string, headers: Record<string, string | number> = {}): this {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    return this.write(`${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${lines.join('')}\r\n`);
  }

  async untilReceived(text: string): Promise<void> {
    await until(() => this.received.includes(text));
  }

  async untilClosed(): Promise<void> {
    await until(() => this.closed);
  }
}
