import { STATUS_CODES } from 'node:http';
import type { ResponseObject, SchemaObject } from '@nestjs/swagger';
import { errorDetails, errorTable, type ErrorCode } from '../../errors.js';

/** The schema of every problem document; an answer names which codes it may carry. */
export const problemSchema: SchemaObject = {
  type: 'object',
  description:
    'A problem document (RFC 9457). `code` is stable; `detail` says in a sentence what to do. Some codes add fields of their own.',
  required: ['type', 'title', 'status', 'code', 'detail', 'requestId'],
  properties: {
    type: { type: 'string', format: 'uri', description: 'The page about this code.' },
    title: { type: 'string', description: 'What the code means, in a few words.' },
    status: { type: 'integer', minimum: 400, maximum: 599, description: 'The HTTP status.' },
    code: { type: 'string', enum: Object.keys(errorTable), description: 'The stable code of the problem.' },
    detail: { type: 'string', description: 'What to do about it.' },
    errors: {
      type: 'array',
      maxItems: 20,
      description: 'What is wrong with which field, for `request.invalid`.',
      items: {
        type: 'object',
        required: ['path', 'message'],
        properties: { path: { type: 'string' }, message: { type: 'string' } },
      },
    },
    requestId: { type: 'string', description: 'The `x-request-id` of the answer, for support and logs.' },
    retryAfterSeconds: { type: 'integer', minimum: 0, description: 'As the header `Retry-After`.' },
    attemptsLeft: { type: 'integer', minimum: 0, description: 'With `auth.code_wrong`: tries left.' },
    revision: { type: 'integer', description: 'With `settings.backup_stale`: the newest revision.' },
    portal: {
      type: 'string',
      description:
        'With `billing.already_subscribed`: where to change it, unless it is at another processor than Stripe.',
    },
    newest: { type: 'integer', description: 'With `terms.published_meanwhile`: the newest version.' },
    left: { type: 'integer', description: 'With `billing.nothing_left`: the amount that is left.' },
    days: { type: 'integer', description: 'With `billing.preview_changed`: the days now.' },
    amount: { type: 'integer', description: 'With `billing.preview_changed`: the amount now.' },
    checks: {
      type: 'object',
      additionalProperties: true,
      description: 'With `platform.unavailable` of `/health/ready`: what was checked.',
    },
    conflicts: {
      type: 'array',
      items: { type: 'string' },
      description: 'With `accounts.merge_conflict`: the codes of what conflicts.',
    },
    undoBlocker: {
      type: 'string',
      description: 'With `accounts.not_undoable`: the code of what prevents it.',
    },
    decision: {
      type: ['string', 'null'] as never,
      description: 'With `referral.decided`: the present decision.',
    },
  },
};

/**
 * The names under which an operation finds its problems, by status; `responses` collects what they
 * name.
 */
export function problemResponses(
  codes: readonly ErrorCode[],
  responses: Record<string, ResponseObject>,
): Record<string, { $ref: string }> {
  const byStatus = Map.groupBy([...new Set(codes)].sort(), (code) => errorTable[code].status);
  const named = [...byStatus].map(([status, own]) => {
    const name = `${status}-${own.join('-')}`;
    responses[name] ??= toResponse(status, own);
    return [String(status), { $ref: `#/components/responses/${name}` }] as const;
  });
  return Object.fromEntries(named);
}

function toResponse(status: number, codes: readonly ErrorCode[]): ResponseObject {
  const lines = codes.map((code) => `\`${code}\`: ${errorTable[code].title}.`);
  return {
    description: `${STATUS_CODES[status]}. ${lines.join(' ')}`,
    headers: { 'x-request-id': { $ref: '#/components/headers/RequestId' }, ...extraHeaders(status) },
    content: {
      'application/problem+json': {
        schema: {
          allOf: [
            { $ref: '#/components/schemas/Problem' },
            {
              type: 'object',
              properties: { status: { const: status }, code: { type: 'string', enum: [...codes] } },
            } as SchemaObject,
          ],
        },
        examples: Object.fromEntries(codes.map((code) => [code, { value: exampleOf(code) }])),
      },
    },
  };
}

function extraHeaders(status: number): ResponseObject['headers'] {
  if (status === 401) return { 'www-authenticate': { $ref: '#/components/headers/WwwAuthenticate' } };
  if (status === 429) return { 'retry-after': { $ref: '#/components/headers/RetryAfter' } };
  return {};
}

function exampleOf(code: ErrorCode): Record<string, unknown> {
  const { status, title } = errorTable[code];
  return {
    type: `https://twofold.example/api/errors#${code}`,
    ...{ title, status, code, detail: errorDetails[code] },
    ...(code === 'request.invalid' ? { errors: [{ path: 'email', message: 'email is not valid' }] } : {}),
    ...(status === 429 ? { retryAfterSeconds: 60 } : {}),
    requestId: 'c0b6f1f6-0f5e-4a7e-9c62-6f8f7d0f7a11',
  };
}
