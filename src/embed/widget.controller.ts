import { Controller, Get, Headers, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import Negotiator from 'negotiator';
import { hasETag } from '../platform/http/etag.js';
import { readWidgetFile } from './widget-file.js';

/** Used for an hour as it is, then for a week more while a newer one is asked for. */
const cacheControl = 'public, max-age=3600, stale-while-revalidate=604800';

/** The script that shows a person's referral in the pages of another product. */
@ApiExcludeController()
@Controller('embed')
export class WidgetController {
  /** The script, for pages of every origin: it holds nothing of anybody. */
  @Get('v1.js')
  sendWidget(
    @Headers('accept-encoding') acceptEncoding: string | undefined,
    @Headers('if-none-match') ifNoneMatch: string | undefined,
    @Res() reply: FastifyReply,
  ): void {
    const { gzip, plain } = readWidgetFile();
    const request = { headers: { 'accept-encoding': acceptEncoding?.slice(0, 200) } };
    const isCompressed = new Negotiator(request).encodings(['gzip', 'identity'])[0] === 'gzip';
    const { body, etag } = isCompressed ? gzip : plain;
    void reply.headers({
      etag,
      'cache-control': cacheControl,
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      vary: 'Accept-Encoding',
    });
    if (hasETag(ifNoneMatch, etag)) {
      void reply.status(304).send();
      return;
    }
    if (isCompressed) void reply.header('content-encoding', 'gzip');
    void reply.type('text/javascript; charset=utf-8').send(body);
  }
}
