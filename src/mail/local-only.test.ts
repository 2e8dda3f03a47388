import { expect, it } from '@jest/globals';
import type { FastifyRequest } from 'fastify';
import { isLocal } from './local-only.js';

const from = (remoteAddress: string, host: string) =>
  isLocal({ socket: { remoteAddress }, headers: { host } } as unknown as FastifyRequest);

it.each([
  ['127.0.0.1', 'localhost:3000'],
  ['::ffff:127.0.0.1', '127.0.0.1:3000'],
  ['::1', '[::1]:3000'],
])('lets %s asking for %s in', (peer, host) => expect(from(peer, host)).toBe(true));

it.each([
  ['10.0.0.7', 'localhost:3000'],
  ['127.0.0.1', 'evil.example:3000'],
  ['127.0.0.1', 'localhost.evil.example'],
  ['127.0.0.1', '127.0.0.1.evil.example:3000'],
  ['', 'localhost'],
  ['127.0.0.1', ''],
])('keeps %s asking for "%s" out', (peer, host) => expect(from(peer, host)).toBe(false));
