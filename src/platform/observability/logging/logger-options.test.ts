import { describe, expect, it } from 'vitest';
import { stdSerializers } from 'pino';
import { serializeError } from './error-serializer.js';

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
