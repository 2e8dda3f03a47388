import { connect, createServer } from 'node:net';

/** The road between the processes and their database, which can stand still or break. */
export class Network {
  sockets = new Set();
  isPaused = false;

  constructor(targetPort) {
    this.server = createServer((client) =>
      this.join(client, connect({ port: targetPort, host: '127.0.0.1', noDelay: true })),
    );
  }

  async listen() {
    await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.port = this.server.address().port;
  }

  join(client, upstream) {
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ]) {
      this.sockets.add(from);
      from.setNoDelay(true);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.sockets.delete(from);
        to.destroy();
      });
      from.pipe(to);
      if (this.isPaused) from.pause();
    }
  }

  /** Nothing gets through, and no error is reported. */
  pause() {
    this.isPaused = true;
    for (const socket of this.sockets) socket.pause();
  }

  resume() {
    this.isPaused = false;
    for (const socket of this.sockets) socket.resume();
  }

  /** Every connection breaks at once. */
  cut() {
    for (const socket of this.sockets) socket.destroy();
  }

  async close() {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
