import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { DomainError } from '../errors.js';
import { assets } from './assets.js';
import { findBrandAsset } from './brand-assets.js';

const yearSeconds = 31_536_000;

/** Serves the style sheets, the script, the icon and the logo of the pages. */
@ApiExcludeController()
@Controller('assets')
export class AssetsController {
  /**
   * One file. Kept for a year where the address names its content, else asked for again: while a
   * new version is rolled out, an old process must not have its file kept under the new one's
   * address.
   * Errors: `request.not_found`.
   */
  @Get(':name')
  send(@Param('name') name: string, @Query('v') version: unknown, @Res() reply: FastifyReply): void {
    const asset = assets.get(name) ?? findBrandAsset(name);
    if (asset === undefined) throw new DomainError('request.not_found');
    const lasting = version === asset.hash;
    void reply
      .type(asset.type)
      .header('cache-control', lasting ? `public, max-age=${yearSeconds}, immutable` : 'no-cache')
      .header('etag', `"${asset.hash}"`)
      .send(asset.body);
  }
}
