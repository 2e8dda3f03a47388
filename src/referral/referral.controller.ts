import { Controller, Get, Header, Param, Query, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import QRCode from 'qrcode';
import { DomainError } from '../platform/errors.js';
import { Me, SignedIn } from '../platform/http/access.js';
import { ListQuery, type Page } from '../platform/http/list.dto.js';
import type { Principal } from '../platform/http/principal.js';
import { localeOf } from '../platform/locale/request-locale.js';
import { wordsIn, type Words } from '../platform/locale/words.js';
import type { Explanation } from './explain/explain.js';
import { Explanations } from './explain/explanations.js';
import { Invites } from './invites/invites.js';
import type { InviteView } from './invites/invite-row.js';
import { ReferralOverviews, type ReferralOverview } from './invites/referral-overview.js';

@ApiTags('referral')
@Controller('api/v1/referral')
@SignedIn()
export class ReferralController {
  constructor(
    private readonly overviews: ReferralOverviews,
    private readonly invites: Invites,
    private readonly explanations: Explanations,
  ) {}

  /** My code, my link, and what they have brought me. The first call makes the code. */
  @Get()
  show(@Me() me: Principal): Promise<ReferralOverview> {
    return this.overviews.of(me.userId);
  }

  /** The people I brought, newest first. */
  @Get('invites')
  list(
    @Me() me: Principal,
    @Query() query: ListQuery,
    @Req() request: FastifyRequest,
  ): Promise<Page<InviteView>> {
    return this.invites.page(me.userId, query, wordsFor(request));
  }

  /** Why one invite has, or has not yet, brought me credit: every rule, what is missing, by when, what happens next. */
  @Get('invites/:id/explain')
  explain(
    @Me() me: Principal,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
  ): Promise<Explanation> {
    return this.explanations.ofInvite(me.userId, id, wordsFor(request));
  }

  /** The same for the invitation that I came with. Errors: `request.not_found` for somebody who came by themselves. */
  @Get('invitation/explain')
  async explainInvitation(@Me() me: Principal, @Req() request: FastifyRequest): Promise<Explanation> {
    const explanation = await this.explanations.ofInvitation(me.userId, wordsFor(request));
    if (explanation === null) throw new DomainError('request.not_found');
    return explanation;
  }

  /** My link as a QR code. */
  @Get('qr.svg')
  @Header('content-type', 'image/svg+xml')
  @Header('cache-control', 'private, max-age=300')
  async qr(@Me() me: Principal): Promise<string> {
    const { link } = await this.overviews.of(me.userId);
    return QRCode.toString(link, { type: 'svg', margin: 2 });
  }
}

function wordsFor(request: FastifyRequest): Words {
  return wordsIn(localeOf(request));
}
