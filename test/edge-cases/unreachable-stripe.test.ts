import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { callStripe, createStripeClient } from '../../src/billing/stripe/stripe-client.js';
import { loadConfig } from '../../src/platform/config/config.js';

/**
 * An address whose connections are never made: it listens, its queue is full, and the process that
 * accepts is stopped.
 */
let server: ChildProcess;
let port = 0;
const sockets: Socket[] = [];
beforeAll(async () => {
  const listen = `const s = require('node:net').createServer(); s.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(s.address().port))`;
  server = spawn(process.execPath, ['-e', listen], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(server.stdout ?? server, 'data')) as [Buffer];
  port = Number(line.toString());
  server.kill('SIGSTOP');
  for (let n = 0; n < 8; n++) sockets.push(connect(port, '127.0.0.1').on('error', () => undefined));
  await once(sockets[1] as Socket, 'connect');
});
afterAll(() => {
  for (const socket of sockets) socket.destroy();
  server.kill('SIGKILL');
});

it('a call to a Stripe that is never reached ends with its own deadline, tries included', async () => {
  const config = loadConfig({
    STRIPE_SECRET_KEY: 'sk_test_x',
    STRIPE_WEBHOOK_SECRET: 'whsec_x',
    STRIPE_API_BASE: `http://127.0.0.1:${port}`,
    SECRET_KEY: 'a-secret-key-that-only-the-tests-know-0123456789',
  });
  const stripe = createStripeClient({
    ...config,
    stripeLimits: { ...config.stripeLimits, timeoutMs: 1_000 },
  });
  const began = performance.now();
  await expect(callStripe(() => stripe.accounts.retrieve('acct_x'))).rejects.toMatchObject({
    code: 'billing.stripe_unreachable',
  });
  // the system itself would try to connect for two minutes
  expect(performance.now() - began).toBeLessThan(20_000);
});
