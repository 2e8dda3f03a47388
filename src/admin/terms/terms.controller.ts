import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentUser, Roles } from '../../platform/security/auth.decorators.js';
import { Idempotency, ApiIdempotencyKey } from '../../platform/http/idempotency.js';
import { PageQuery, paginate, type Page } from '../../platform/http/page.dto.js';
import type { Principal } from '../../platform/security/principal.js';
import { diffTerms, TermsPublisher } from '../../referral/index.js';
import { versionFromIfMatch, VersionPipe } from './version.pipe.js';
import { PreviewTermsDto, PublishTermsDto } from './terms.dto.js';
import { TermsQueries } from './terms-queries.js';
import { TermsPreviewService } from './terms-preview.service.js';
import {
  toTermsChangeDto,
  toTermsDraftDto,
  toTermsPreviewDto,
  type TermsChangeDto,
  type TermsDraftDto,
  type TermsVersionDto,
} from './terms-response.dto.js';

@ApiTags('admin')
@Controller('api/v1/admin/programme/terms')
@Roles('admin')
export class TermsController {
  constructor(
    private readonly termsQueries: TermsQueries,
    private readonly previews: TermsPreviewService,
    private readonly publisher: TermsPublisher,
    private readonly idempotency: Idempotency,
  ) {}

  /** Every version, newest first. The ETag is the newest: send it as If-Match when you publish. */
  @Get()
  @Roles('admin', 'support')
  async list(
    @Query() query: PageQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Page<TermsVersionDto>> {
    const all = await this.termsQueries.list();
    void reply.header('etag', `"${all[0]?.version ?? 0}"`);
    return paginate(all, query);
  }

  /** One version. */
  @Get(':version')
  @Roles('admin', 'support')
  show(@Param('version', VersionPipe) version: number): Promise<TermsVersionDto> {
    return this.termsQueries.get(version);
  }

  /** What one version says otherwise than another, field by field. */
  @Get(':version/diff/:other')
  @Roles('admin', 'support')
  async diff(
    @Param('version', VersionPipe) version: number,
    @Param('other', VersionPipe) other: number,
  ): Promise<{ from: number; to: number; changes: TermsChangeDto[] }> {
    const [before, after] = await this.termsQueries.getPair(version, other);
    return {
      from: version,
      to: other,
      changes: diffTerms(before, after).map((own) => toTermsChangeDto(own)),
    };
  }

  /** What terms would change and would have cost; nothing is written. */
  @Post('preview')
  @HttpCode(200)
  @Roles('admin', 'support')
  async preview(@Body() { days, ...given }: PreviewTermsDto) {
    return toTermsPreviewDto(await this.previews.preview(given, days));
  }

  /** Publishes the next version. What was published is never changed; the next version supersedes it. */
  @Post()
  @ApiIdempotencyKey()
  publish(
    @CurrentUser() me: Principal,
    @Body() { reason, basedOn, ...given }: PublishTermsDto,
    @Headers('if-match') ifMatch: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ version: number } & TermsDraftDto> {
    const seenVersion = basedOn ?? versionFromIfMatch(ifMatch);
    const actor = { kind: 'admin' as const, id: me.userId };
    return this.idempotency.runOnce(request, reply, 201, async (tx) => {
      const terms = await this.publisher.publish(tx, { input: given, reason, basedOn: seenVersion, actor });
      return { version: terms.version, ...toTermsDraftDto(terms) };
    });
  }
}
