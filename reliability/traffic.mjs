import { readFileSync } from 'node:fs';
import pg from 'pg';
import { Secrets } from '../dist/platform/security/secrets.js';
import { delivery, invoicePaid } from '../bench/deliveries.mjs';
import { message, read } from '../bench/http-load.mjs';
import { connect } from 'node:net';
import { pause, secretKey } from './servers.mjs';

/** How long one try may take; Stripe waits longer. */
const answerTimeoutMs = 15_000;

/**
 * What Stripe and people do, at a given rate: deliveries of first payments, of renewals and of what
 * was reported before, sign-in codes, and pages of a signed-in user. Every delivery is sent until
 * it is acknowledged, as Stripe does, and what was acknowledged is remembered, to be looked for in
 * the database at the end.
 */
export class Traffic {
  acknowledged = new Set();
  /** Deliveries that were not acknowledged yet: event by id. */
  open = new Map();
  counts = {
    deliveries: 0,
    acknowledged: 0,
    retried: 0,
    pages: 0,
    signIns: 0,
    refusals: {},
    pageFailures: {},
  };
  latencies = [];
  /** Times, in ms since the beginning, of tries that failed and of acknowledgements. */
  failures = [];
  successes = [];

  /** `portOf` names where the next request goes. People are made in the database at `url`. */
  constructor({ url, portOf, random = Math.random, pairs }) {
    Object.assign(this, { url, portOf, random, pairs, next: 1 });
  }

  /**
   * Makes the people, before the load. The database has been migrated, and an app has been started
   * once.
   */
  async setUp() {
    const sql = new pg.Client({ connectionString: this.url });
    await sql.connect();
    await sql.query(readFileSync(new URL('../bench/seed.sql', import.meta.url), 'utf8'));
    await sql.query('SELECT bench.make_pairs(1, $1)', [this.pairs]);
    const hash = new Secrets([secretKey]).hash('session', 'reliability-token');
    await sql.query(
      `INSERT INTO auth.session (id, user_id, token_hash, created_at, seen_at, expires_at)
       VALUES (gen_random_uuid(), bench.id_of('8001', 1), $1, now(), now(), now() + interval '30 days')`,
      [hash],
    );
    await sql.query('ANALYZE');
    await sql.end();
  }

  /**
   * Sends `perSecond` requests until `until()`; answers when all of them have been answered or have
   * failed.
   */
  async run(perSecond, until) {
    this.startedAt = performance.now();
    const running = new Set();
    for (let sent = 0; !until(); sent++) {
      const dueMs = this.startedAt + (sent * 1000) / perSecond;
      const earlyMs = dueMs - performance.now();
      if (earlyMs > 0) await pause(earlyMs);
      if (running.size > 400) await Promise.race(running); // the load never grows without bound
      const work = this.one().finally(() => running.delete(work));
      running.add(work);
    }
    await Promise.all(running);
  }

  /** One request: of ten, six deliveries, three pages and a sign-in code. */
  one() {
    const dice = this.random();
    if (dice < 0.6) return this.deliver(this.event());
    if (dice < 0.9) return this.page(dice < 0.75 ? '/api/v1/me' : '/settings');
    return this.signIn();
  }

  /**
   * Usually a new first payment; sometimes what was reported before, a renewal, or what has not
   * been acknowledged.
   */
  event() {
    const dice = this.random();
    const now = Math.floor(Date.now() / 1000);
    const waiting = this.open.values().next().value;
    if (waiting !== undefined && dice < 0.4) return waiting;
    const known = Math.ceil(this.random() * (this.next - 1));
    if (this.next > 1 && dice < 0.55) return invoicePaid(known, 0, now);
    if (this.next > 1 && dice < 0.75) return invoicePaid(known, 1 + Math.floor(this.random() * 3), now);
    if (this.next > this.pairs) return invoicePaid(known, 0, now);
    return invoicePaid(this.next++, 0, now);
  }

  async deliver(event) {
    this.counts.deliveries++;
    if (this.open.has(event.id)) this.counts.retried++;
    if (!this.acknowledged.has(event.id)) this.open.set(event.id, event);
    const { status, ms } = await this.send(delivery(event, Math.floor(Date.now() / 1000)));
    const at = performance.now() - this.startedAt;
    if (status === 200) {
      this.acknowledged.add(event.id);
      this.open.delete(event.id);
      this.counts.acknowledged++;
      this.latencies.push(ms);
      this.successes.push(at);
      return;
    }
    this.failures.push(at);
    this.counts.refusals[status] = (this.counts.refusals[status] ?? 0) + 1;
  }

  async page(path) {
    this.counts.pages++;
    const headers = path.startsWith('/api')
      ? { authorization: 'Bearer reliability-token' }
      : { cookie: 'tf_session=reliability-token', accept: 'text/html' };
    const { status } = await this.send(message('GET', path, headers));
    this.notePage(path, status, 200);
  }

  async signIn() {
    this.counts.signIns++;
    const body = JSON.stringify({
      email: `r${this.counts.signIns}.${Math.floor(this.random() * 1e9)}@sign-in.example.org`,
    });
    const { status } = await this.send(
      message('POST', '/api/v1/auth/challenges', { 'content-type': 'application/json' }, body),
    );
    this.notePage('sign-in', status, 202);
  }

  notePage(name, status, expected) {
    if (status === expected) return;
    const key = `${name} ${status}`;
    this.counts.pageFailures[key] = (this.counts.pageFailures[key] ?? 0) + 1;
  }

  /** Sends until everything is acknowledged, at most `tries` rounds. */
  async redeliver(tries = 60) {
    for (let round = 0; round < tries && this.open.size > 0; round++) {
      for (const event of [...this.open.values()]) await this.deliver(event);
      if (this.open.size > 0) await pause(500);
    }
  }

  /**
   * One request on a connection of its own. Status 0: the connection broke, or nothing came in
   * time.
   */
  send(bytes) {
    const startedAt = performance.now();
    return new Promise((resolve) => {
      const socket = connect({ port: this.portOf(), host: '127.0.0.1', noDelay: true });
      let received = Buffer.alloc(0);
      const end = (status) => {
        clearTimeout(timer);
        socket.destroy();
        resolve({ status, ms: performance.now() - startedAt });
      };
      const timer = setTimeout(() => end(0), answerTimeoutMs);
      socket.on('connect', () => socket.write(bytes));
      socket.on('data', (chunk) => {
        received = Buffer.concat([received, chunk]);
        const answer = read(received);
        if (answer !== null) end(answer.status);
      });
      socket.on('error', () => end(0));
      socket.on('close', () => end(0));
    });
  }
}
