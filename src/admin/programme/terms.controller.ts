import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Me, OnlyFor } from '../../platform/http/access.js';
import { Idempotency, TakesIdempotencyKey } from '../../platform/http/idempotency.js';
import { ListQuery, pageOfAll, type Page } from '../../platform/http/list.dto.js';
import type { Principal } from '../../platform/http/principal.js';
import { changesBetween, TermsPublishing } from '../../referral/index.js';
import { seenVersion, VersionPipe } from './version.js';
import { PreviewBody, PublishBody } from './terms.dto.js';
import { TermsFiles } from './terms-files.js';
import { TermsPreviews } from './terms-preview.js';
import {
  changeView,
  draftView,
  previewView,
  type ChangeView,
  type DraftView,
  type TermsView,
} from './terms-views.js';

@ApiTags('admin')
@Controller('api/v1/admin/programme/terms')
@OnlyFor('admin')
export class TermsController {
  constructor(
    private readonly files: TermsFiles,
    private readonly previews: TermsPreviews,
    private readonly publishing: TermsPublishing,
    private readonly idempotency: Idempotency,
  ) {}

  /** Every version, newest first. The ETag is the newest: send it as If-Match when you publish. */
  @Get()
  @OnlyFor('admin', 'support')
  async list(
    @Query() query: ListQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Page<TermsView>> {
    const all = await this.files.all();
    void reply.header('etag', `"${all[0]?.version ?? 0}"`);
    return pageOfAll(all, query);
  }

  /** One version. */
  @Get(':version')
  @OnlyFor('admin', 'support')
  show(@Param('version', VersionPipe) version: number): Promise<TermsView> {
    return this.files.one(version);
  }

  /** What one version says otherwise than another, field by field. */
  @Get(':version/diff/:other')
  @OnlyFor('admin', 'support')
  async diff(
    @Param('version', VersionPipe) version: number,
    @Param('other', VersionPipe) other: number,
  ): Promise<{ from: number; to: number; changes: ChangeView[] }> {
    const [before, after] = await this.files.pair(version, other);
    return { from: version, to: other, changes: changesBetween(before, after).map((own) => changeView(own)) };
  }

  /** What terms would change and would have cost; nothing is written. */
  @Post('preview')
  @HttpCode(200)
  @OnlyFor('admin', 'support')
  async preview(@Body() { days, ...given }: PreviewBody) {
    return previewView(await this.previews.of(given, days));
  }

  /** Publishes the next version. What was published is never changed; the next version supersedes it. */
  @Post()
  @TakesIdempotencyKey()
  publish(
    @Me() me: Principal,
    @Body() { reason, basedOn, ...given }: PublishBody,
    @Headers('if-match') ifMatch: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ version: number } & DraftView> {
    const seen = basedOn ?? seenVersion(ifMatch);
    const actor = { kind: 'admin' as const, id: me.userId };
    return this.idempotency.once(request, reply, 201, async (tx) => {
      const terms = await this.publishing.publish(tx, { given, reason, basedOn: seen, actor });
      return { version: terms.version, ...draftView(terms) };
    });
  }
}
