import { Controller, Get, Header, Inject, Param, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import QRCode from 'qrcode';
import { type Config, CONFIG } from '../platform/config/config.js';
import { DomainError } from '../platform/errors.js';
import { CurrentPerson, CurrentUser, Authenticated } from '../platform/security/auth.decorators.js';
import { Problems } from '../platform/http/openapi/problems.decorator.js';
import { IdPipe } from '../platform/http/id.pipe.js';
import { PageQuery } from '../platform/http/page.dto.js';
import type { Principal } from '../platform/security/principal.js';
import { requestLocale } from '../platform/i18n/request-locale.js';
import { getTranslator } from '../platform/i18n/translations.js';
import type { NoticeReader } from './explain/notice-text.js';
import { InviteExplanationDto, InvitePageDto, ReferralOverviewDto } from './invites/invite.dto.js';
import { InviteExplanationService } from './explain/invite-explanation.service.js';
import { InviteQueries } from './invites/invite-queries.js';
import { channelLink, ReferralOverviewService } from './invites/referral-overview.service.js';

@ApiTags('referral')
@Controller('api/v1/referral')
@Authenticated()
export class ReferralController {
  constructor(
    private readonly overviews: ReferralOverviewService,
    private readonly inviteQueries: InviteQueries,
    private readonly inviteExplanationService: InviteExplanationService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** My code, my link, and what they have earned me. The first call creates the code. */
  @Get()
  @Problems('referral.user_gone')
  getReferralOverview(
    @CurrentPerson() me: { userId: string },
    @Req() request: FastifyRequest,
  ): Promise<ReferralOverviewDto> {
    return this.overviews.getForUser(me.userId, readerOf(request));
  }

  /** The people I referred, newest first. */
  @Get('invites')
  listInvites(
    @CurrentPerson() me: { userId: string },
    @Query() query: PageQuery,
    @Req() request: FastifyRequest,
  ): Promise<InvitePageDto> {
    return this.inviteQueries.list(me.userId, query, readerOf(request));
  }

  /**
   * Why one invite has, or has not yet, earned me credit: every rule, what is missing, by when,
   * what happens next.
   */
  @Get('invites/:id/explain')
  explainInvite(
    @CurrentUser() me: Principal,
    @Param('id', IdPipe) id: string,
    @Req() request: FastifyRequest,
  ): Promise<InviteExplanationDto> {
    return this.inviteExplanationService.explainInvite(me.userId, id, readerOf(request));
  }

  /**
   * The same for the invitation that I came with. Errors: `request.not_found` for a user without a
   * referrer.
   */
  @Get('invitation/explain')
  @Problems('request.not_found')
  async explainInvitation(
    @CurrentUser() me: Principal,
    @Req() request: FastifyRequest,
  ): Promise<InviteExplanationDto> {
    const explanation = await this.inviteExplanationService.explainInvitation(me.userId, readerOf(request));
    if (explanation === null) throw new DomainError('request.not_found');
    return explanation;
  }

  /** My link as a QR code. */
  @Get('qr.svg')
  @Problems('referral.user_gone')
  @ApiOkResponse({
    description: 'An SVG image.',
    content: { 'image/svg+xml': { schema: { type: 'string' } } },
    headers: { 'cache-control': { description: 'Five minutes.', schema: { type: 'string' } } },
  })
  @Header('content-type', 'image/svg+xml')
  @Header('cache-control', 'private, max-age=300')
  async getQrCode(@CurrentUser() me: Principal): Promise<string> {
    const { code } = await this.overviews.getForUser(me.userId);
    return QRCode.toString(channelLink(this.config, code, 'qr'), { type: 'svg', margin: 2 });
  }
}

function readerOf(request: FastifyRequest): NoticeReader {
  return { t: getTranslator(requestLocale(request)) };
}
