import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { DomainError } from '../../errors.js';
import { hasETag } from '../etag.js';

const committedFile = new URL('../../../../openapi.json', import.meta.url);

/**
 * The OpenAPI 3.1 description as it is committed; made by `npm run openapi` and proven current by a
 * test.
 */
export function readOpenApi(): OpenAPIObject {
  return JSON.parse(readFileSync(committedFile, 'utf8')) as OpenAPIObject;
}

/** Serves the committed description at /api/openapi.json, and pages to browse it at /api/docs. */
export function serveOpenApi(app: NestFastifyApplication): void {
  const document = readOpenApi();
  serveJson(app, JSON.stringify(document));
  SwaggerModule.setup('api/docs', app, document, {
    raw: false, // it would write the document again for each request
    customSiteTitle: 'Twofold API',
    // its own style attribute is not let through
    customCss: 'body > svg { position: absolute; width: 0; height: 0 }',
  });
  rejectOtherFiles(app);
  allowSwaggerStyles(app);
}

/** Clients that ask again with the ETag of what they have get 304 while it is the same. */
function serveJson(app: NestFastifyApplication, text: string): void {
  const etag = `"${createHash('sha256').update(text).digest('base64url')}"`;
  app
    .getHttpAdapter()
    .getInstance()
    .get('/api/openapi.json', (request, reply) => {
      void reply.header('etag', etag).header('cache-control', 'no-cache');
      if (hasETag(request.headers['if-none-match'], etag)) void reply.status(304).send();
      else void reply.type('application/json').send(text);
    });
}

/**
 * A file of the viewer. Anything else would be a way out of its folder, or make what serves it
 * throw.
 */
const swaggerUiFile = /^\/api\/docs\/[a-z][\w-]*(?:\.[\w-]+)*\.(?:css|js|png)$/;

function rejectOtherFiles(app: NestFastifyApplication): void {
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', async ({ url, routeOptions }) => {
      const isFile = /^\/api\/docs\/(?:docs\/)?\*$/.test(routeOptions.url ?? '');
      if (isFile && !swaggerUiFile.test(url.split('?', 1)[0] ?? ''))
        throw new DomainError('request.not_found');
    });
}

/**
 * The browsable description brings two style sheets inside of its page: let through by what they
 * are, not all of them.
 */
function allowSwaggerStyles(app: NestFastifyApplication): void {
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onSend', async (request, reply, payload) => {
      if (!/^\/api\/docs\/?($|\?|index\.html)/.test(request.url) || typeof payload !== 'string') return;
      const styles = [...payload.matchAll(/<style>([^]*?)<\/style>/g)].map(
        ([, css = '']) => `'${cspHash(css)}'`,
      );
      const csp = String(reply.getHeader('content-security-policy'));
      if (styles.length > 0)
        void reply.header(
          'content-security-policy',
          `${csp}; style-src 'self' 'unsafe-hashes' ${[...styles, ...scriptStyleHashes].join(' ')}`,
        );
    });
}

/**
 * Two styles that the viewer's own script puts in as it runs: one element, one attribute. A browser
 * names them when they change.
 */
const scriptStyleHashes = [
  `'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='`,
  `'sha256-ezdv1bOGcoOD7FKudKN0Y2Mb763O6qVtM8LT2mtanIU='`,
];

function cspHash(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
