import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentUser, Roles } from '../../platform/security/auth.decorators.js';
import { Idempotency, ApiIdempotencyKey } from '../../platform/http/idempotency.js';
import { Problems } from '../../platform/http/openapi/problems.decorator.js';
import { PageQuery, paginate } from '../../platform/http/page.dto.js';
import { adminActor, type Principal } from '../../platform/security/principal.js';
import { diffTerms, TermsPublisher } from '../../referral/index.js';
import { versionFromIfMatch, VersionPipe } from './version.pipe.js';
import { PreviewTermsDto, PublishTermsDto } from './terms.dto.js';
import { TermsPreviewDto } from './terms-preview.dto.js';
import { TermsQueries } from './terms-queries.js';
import { TermsPreviewService, toTermsPreviewDto } from './terms-preview.service.js';
import {
  PublishedTermsDto,
  TermsDiffDto,
  TermsPageDto,
  TermsVersionDto,
  toTermsChangeDto,
  toTermsDraftDto,
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
  @ApiOkResponse({ type: TermsPageDto, headers: { etag: { $ref: '#/components/headers/ETag' } as object } })
  @Roles('admin', 'support')
  async listTerms(
    @Query() query: PageQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TermsPageDto> {
    const all = await this.termsQueries.list();
    void reply.header('etag', `"${all[0]?.version ?? 0}"`);
    return paginate(all, query);
  }

  /** One version. */
  @Get(':version')
  @Roles('admin', 'support')
  getTerms(@Param('version', VersionPipe) version: number): Promise<TermsVersionDto> {
    return this.termsQueries.get(version);
  }

  /** What one version says otherwise than another, field by field. */
  @Get(':version/diff/:other')
  @Roles('admin', 'support')
  async compareTerms(
    @Param('version', VersionPipe) version: number,
    @Param('other', VersionPipe) other: number,
  ): Promise<TermsDiffDto> {
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
  async previewTerms(@Body() { days, ...given }: PreviewTermsDto): Promise<TermsPreviewDto> {
    return toTermsPreviewDto(await this.previews.preview(given, days));
  }

  /**
   * Publishes the next version. What was published is never changed; the next version supersedes
   * it.
   */
  @Post()
  @ApiHeader({
    name: 'If-Match',
    required: false,
    description: 'The newest version that you have seen, as the ETag of the list.',
    schema: { type: 'string', examples: ['"3"'] },
  })
  @Problems('terms.published_meanwhile')
  @ApiIdempotencyKey()
  publishTerms(
    @CurrentUser() me: Principal,
    @Body() { reason, basedOn, ...given }: PublishTermsDto,
    @Headers('if-match') ifMatch: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PublishedTermsDto> {
    const seenVersion = basedOn ?? versionFromIfMatch(ifMatch);
    const actor = adminActor(me);
    return this.idempotency.runOnce(request, reply, 201, async (tx) => {
      const terms = await this.publisher.publish(tx, { input: given, reason, basedOn: seenVersion, actor });
      return { version: terms.version, ...toTermsDraftDto(terms) };
    });
  }
}
