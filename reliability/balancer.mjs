import { Agent, createServer, request } from 'node:http';
import { pause } from './servers.mjs';

const checkEveryMs = 200;

/**
 * The least that a balancer does: asks each process every 200 ms whether it is ready, and hands
 * every request to the next one that was, over kept-alive connections. It tries nothing twice, so
 * that whatever a restart breaks is seen.
 */
export class Balancer {
  constructor(apps) {
    this.backends = apps.map((app) => ({ app, ready: false, agent: new Agent({ keepAlive: true }) }));
    this.turn = 0;
    this.server = createServer((incoming, outgoing) => this.pass(incoming, outgoing));
    this.server.keepAliveTimeout = 60_000;
  }

  async listen() {
    await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.port = this.server.address().port;
    this.checking = Promise.all(this.backends.map((backend) => this.check(backend)));
    while (!this.backends.some(({ ready }) => ready)) await pause(20);
  }

  async check(backend) {
    while (!this.isClosed) {
      backend.ready = (await backend.app.ready()) === 200;
      await pause(checkEveryMs);
    }
  }

  pass(incoming, outgoing) {
    const ready = this.backends.filter((backend) => backend.ready);
    const backend = ready[this.turn++ % ready.length];
    if (backend === undefined) return void outgoing.writeHead(503).end();
    const { method, url, headers } = incoming;
    const passed = request(
      {
        host: '127.0.0.1',
        port: backend.app.port,
        method,
        path: url,
        headers: { ...headers, connection: 'keep-alive' },
        agent: backend.agent,
      },
      (answer) => {
        outgoing.writeHead(answer.statusCode, answer.headers);
        answer.pipe(outgoing);
      },
    );
    passed.on('error', () =>
      outgoing.headersSent ? outgoing.destroy() : outgoing.writeHead(502, { 'content-length': '0' }).end(),
    );
    incoming.pipe(passed);
  }

  async close() {
    this.isClosed = true;
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    for (const { agent } of this.backends) agent.destroy();
    await this.checking;
  }
}
