import type { INestApplication } from '@nestjs/common';
import {
  DocumentBuilder,
  SwaggerModule,
  type OpenAPIObject,
  type OperationObject,
  type ResponseObject,
} from '@nestjs/swagger';
import { collectHandlers, completeOperation } from './operations.js';
import { problemResponses, problemSchema } from './problem-responses.js';
import { addExamples, completeSchemas, shortenSchemaNames } from './schemas.js';

/**
 * The description of every JSON route of `app`, from its decorators and DTO classes. Only the build
 * adds the types of DTO fields to them, so call it on compiled code.
 */
export function describeRoutes(app: INestApplication): OpenAPIObject {
  const made = SwaggerModule.createDocument(app, baseDocument(), {
    operationIdFactory: (controller, method) => `${controller}.${method}`,
  });
  const document = shortenSchemaNames(made);
  const responses: Record<string, ResponseObject> = {};
  const handlers = collectHandlers(app);
  for (const [path, operations] of Object.entries(document.paths))
    for (const [method, operation] of Object.entries(operations as Record<string, OperationObject>)) {
      const handler = handlers.get((operation.operationId ?? '').replace(/\[\d+\]$/, ''));
      if (handler === undefined) throw new Error(`${method} ${path} has no handler.`);
      completeOperation({ operation, path, method, handler }, responses);
    }
  const serverErrors: Record<string, ResponseObject> = {};
  problemResponses(['platform.internal', 'platform.unavailable'], serverErrors);
  Object.assign((document.components ??= {}), {
    responses: withServerErrors(responses, serverErrors),
    headers,
  });
  Object.assign((document.components.schemas ??= {}), { Problem: problemSchema });
  completeSchemas(document);
  addExamples(document);
  rejectRepeatedIds(document);
  return sortPaths(document);
}

const licence = 'https://opensource.org/license/mit';

function baseDocument(): ReturnType<DocumentBuilder['build']> {
  const document = new DocumentBuilder()
    .setTitle('Twofold')
    .setDescription(
      'A referral programme whose reward really arrives. Names are `camelCase`, times are ISO 8601 in UTC with ' +
        'milliseconds, ids are UUIDs. Errors are RFC 9457 problem documents with a stable `code`; a request that is no ' +
        'HTTP, too slow, or has too long headers is answered 400, 408 or 431 before any route sees it, and a method that a ' +
        'path does not have 405 with `Allow`. Unknown fields of a body are refused with 422.',
    )
    .setVersion('1')
    .setOpenAPIVersion('3.1.0')
    .setLicense('MIT', licence)
    .addServer('/', 'This installation')
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', description: 'The `token` that `signIn` answers.' },
      'bearer',
    )
    .addBearerAuth(
      {
        type: 'http',
        scheme: 'bearer',
        description: 'An API key, `tfk_…`, for the servers of another product.',
      },
      'apiKey',
    )
    .addBearerAuth(
      {
        type: 'http',
        scheme: 'bearer',
        description:
          'A person token, `tfp_…`, for the page of one person, from an origin that its API key lists.',
      },
      'personToken',
    )
    .addCookieAuth(
      'tf_session',
      {
        type: 'apiKey',
        in: 'cookie',
        description:
          'The session of a browser. A request that changes something needs a same-origin `Origin`; a bearer token switches the cookie off.',
      },
      'cookie',
    );
  for (const [name, description] of Object.entries(tags)) document.addTag(name, description);
  return document.build();
}

const tags = {
  auth: 'Sign in by a code in an e-mail, and the devices that are signed in.',
  me: 'Who I am, and what is stored about me.',
  referral: 'My code and link, and the people I invited.',
  credit: 'The days of access that I was given, line by line.',
  billing: 'Prices, checkout and my subscription.',
  settings: 'What the settings page shows, my e-mails, and the backup of my client.',
  people: 'The people of another product, by its own ids, with an API key.',
  payments: 'What is paid at other processors than Stripe, with an API key or by their webhooks.',
  events: 'What happened, for the servers of another product, with an API key.',
  'webhook endpoints': 'Where events are sent, and how that goes, with an API key.',
  admin: 'What staff see and do. `support` reads all and changes nothing.',
  stripe: 'Where Stripe delivers its events.',
  health: 'What load balancers ask.',
};

const headers = {
  RequestId: {
    description: 'The id of the request, also in the logs.',
    schema: { type: 'string', examples: ['c0b6f1f6-0f5e-4a7e-9c62-6f8f7d0f7a11'] },
  },
  RetryAfter: { description: 'Seconds to wait.', schema: { type: 'integer', minimum: 0, examples: [60] } },
  WwwAuthenticate: {
    description: '`Bearer`, with `error="invalid_token"` where a token was sent.',
    schema: { type: 'string', examples: ['Bearer realm="Twofold"'] },
  },
  IdempotentReplayed: {
    description: '`true` when this is the first answer again.',
    schema: { type: 'string', enum: ['true'] },
  },
  RateLimitPolicy: {
    description: 'How many requests (`q`) the key may make in how many seconds (`w`).',
    schema: { type: 'string', examples: ['"key";q=600;w=60'] },
  },
  RateLimit: {
    description: 'How many requests are left (`r`) for how many seconds (`t`).',
    schema: { type: 'string', examples: ['"key";r=599;t=60'] },
  },
  ETag: {
    description: 'The revision or version, to send as `If-Match`.',
    schema: { type: 'string', examples: ['"3"'] },
  },
};

/** Any answer may be a failure of the server: one response for all of 5xx. */
function withServerErrors(
  responses: Record<string, ResponseObject>,
  serverErrors: Record<string, ResponseObject>,
): Record<string, unknown> {
  const examples = Object.values(serverErrors).flatMap(({ content }) =>
    Object.entries(content?.['application/problem+json']?.examples ?? {}),
  );
  const serverError = {
    description: 'Something went wrong on our side, or Twofold is not available for a moment.',
    headers: { 'x-request-id': { $ref: '#/components/headers/RequestId' } },
    content: {
      'application/problem+json': {
        schema: { $ref: '#/components/schemas/Problem' },
        examples: Object.fromEntries(examples),
      },
    },
  };
  const all: [string, unknown][] = [...Object.entries(responses), ['5XX', serverError]];
  return Object.fromEntries(all.sort(([one], [other]) => (one < other ? -1 : 1)));
}

function rejectRepeatedIds({ paths }: OpenAPIObject): void {
  const ids = Object.values(paths).flatMap((operations) =>
    Object.values(operations as Record<string, OperationObject>).map(({ operationId }) => operationId),
  );
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new Error(`Two routes are called ${twice}: rename one of their handlers.`);
}

/** In one order, whatever the order of modules. */
function sortPaths(document: OpenAPIObject): OpenAPIObject {
  const sorted = Object.entries(document.paths).sort(([one], [other]) => (one < other ? -1 : 1));
  return { ...document, paths: Object.fromEntries(sorted) };
}
