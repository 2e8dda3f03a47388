import { Controller, Get, Header, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import QRCode from 'qrcode';
import { Me, SignedIn } from '../platform/http/access.js';
import { ListQuery, type Page } from '../platform/http/list.dto.js';
import type { Principal } from '../platform/http/principal.js';
import { explain, type Explanation } from './invites/explain.js';
import { Invites, type InviteView } from './invites/invites.js';
import { ReferralOverviews, type ReferralOverview } from './invites/referral-overview.js';

@ApiTags('referral')
@Controller('api/v1/referral')
@SignedIn()
export class ReferralController {
  constructor(
    private readonly overviews: ReferralOverviews,
    private readonly invites: Invites,
  ) {}

  /** My code, my link, and what they have brought me. The first call makes the code. */
  @Get()
  show(@Me() me: Principal): Promise<ReferralOverview> {
    return this.overviews.of(me.userId);
  }

  /** The people I brought, newest first. */
  @Get('invites')
  list(@Me() me: Principal, @Query() query: ListQuery): Promise<Page<InviteView>> {
    return this.invites.page(me.userId, query);
  }

  /** Why one invite has, or has not yet, brought me credit. */
  @Get('invites/:id/explain')
  async explain(@Me() me: Principal, @Param('id') id: string): Promise<Explanation> {
    return explain(await this.invites.one(me.userId, id));
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
