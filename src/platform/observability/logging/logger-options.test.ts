import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, afterAll } from 'vitest';
import { stdSerializers } from 'pino';
import { serializeError, bufferedOutput } from './logger-options.js';

const logged = (error: Error) => serializeError(stdSerializers.err(error));

describe('an error in the log', () => {
  it('an error in the log names what broke, and not the row that broke it', () => {
    const error = Object.assign(new Error('violates "x"'), {
      code: '23505',
      constraint: 'user_email_is_unique',
      detail: 'Key (email)=(anna@example.org) already exists.',
      where: 'anna@example.org',
      query: 'INSERT …',
      parameters: ['anna@example.org'],
    });
    expect(logged(error)).toMatchObject({ code: '23505', constraint: 'user_email_is_unique', type: 'Error' });
    expect(JSON.stringify(logged(error))).not.toMatch(/anna|INSERT/);
  });

  it('an error in the log has no address in its words, nor in those of its cause', () => {
    const cause = new Error('no mailbox <bert@example.org>');
    const text = JSON.stringify(
      logged(new Error('to=anna@example.org: "carl+x@example.co.uk" refused', { cause })),
    );
    expect(text).not.toMatch(/anna|bert|carl|example/);
    expect(text).toContain('refused');
  });

  it('an error in the log names a request of Stripe’s, and no key', () => {
    const message = 'Invalid API Key provided: sk_test_********************1234';
    const error = Object.assign(new Error(message), { requestId: 'req_1', param: 'customer', headers: {} });
    expect(logged(error)).toMatchObject({ requestId: 'req_1', param: 'customer' });
    expect(JSON.stringify(logged(error))).not.toMatch(/1234|sk_test|headers/);
  });

  it('an error in the log keeps the way through packages', () => {
    const error = new Error('x');
    error.stack = 'Error: x\n    at /app/node_modules/@nestjs/core/router.js:98:62';
    expect(logged(error).stack).toBe(error.stack);
  });
});

const directory = mkdtempSync(join(tmpdir(), 'twofold-log-'));
afterAll(() => rmSync(directory, { recursive: true }));

const nextTurn = () => new Promise((resume) => setImmediate(() => setImmediate(resume)));

it('writes the lines of one turn together, in their order', async () => {
  const path = join(directory, 'log');
  const log = bufferedOutput(openSync(path, 'w'));
  log.write('one\n');
  log.write('zwei ü\n');
  expect(readFileSync(path, 'utf8')).toBe('');
  await nextTurn();
  expect(readFileSync(path, 'utf8')).toBe('one\nzwei ü\n');
  log.write('three\n');
  await nextTurn();
  expect(readFileSync(path, 'utf8')).toBe('one\nzwei ü\nthree\n');
});

it('a disk that is full, and an output that is gone, stop nothing', async () => {
  const gone = openSync(join(directory, 'gone'), 'w');
  closeSync(gone);
  for (const file of [openSync('/dev/full', 'w'), gone]) {
    const log = bufferedOutput(file);
    log.write('one\n');
    await nextTurn();
    log.write('two\n');
    await nextTurn();
  }
});
