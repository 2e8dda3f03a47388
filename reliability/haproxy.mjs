import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { freePort } from '../dist/embedded-postgres/index.js';
import { pause } from './servers.mjs';

const settings = fileURLToPath(new URL('../docker/haproxy.cfg', import.meta.url));
const program = ['/usr/sbin/haproxy', '/usr/local/sbin/haproxy', '/usr/bin/haproxy'].find(existsSync);

/** The HAProxy of docker/haproxy.cfg before two processes, in place of our own {@link Balancer}. */
export class HaProxy {
  /** Errors: says what to install where it is missing. */
  constructor(apps) {
    if (program === undefined) throw new Error('haproxy is missing (Debian: apt-get install haproxy).');
    this.apps = apps;
  }

  /** Resolves once it answers with what a process answers. */
  async listen() {
    this.port = await freePort();
    const [first, second] = this.apps.map(({ port }) => `127.0.0.1:${port}`);
    this.process = spawn(program, ['-db', '-f', settings], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { TWOFOLD_BIND: `127.0.0.1:${this.port}`, TWOFOLD_WEB_1: first, TWOFOLD_WEB_2: second },
    });
    this.ended = new Promise((resolve) => this.process.on('exit', resolve));
    for (const until = Date.now() + 10_000; ; await pause(50)) {
      const answer = await fetch(`http://127.0.0.1:${this.port}/health/live`).catch(() => null);
      if (answer?.ok) return;
      if (this.process.exitCode !== null || Date.now() > until)
        throw new Error('haproxy does not answer: what it said is above');
    }
  }

  async close() {
    this.process?.kill('SIGTERM');
    await this.ended;
  }
}
