import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AuthService } from '../auth/index.js';
import {
  CreditEntryDto,
  CreditService,
  CreditStatementDto,
  CreditStatementService,
  toNewEntryDto,
} from '../credit/index.js';
import { ApiIdempotencyKey, Idempotency, requireIdempotencyKey } from '../platform/http/idempotency.js';
import { Problems } from '../platform/http/openapi/problems.decorator.js';
import { PageQuery } from '../platform/http/page.dto.js';
import { requestLocale } from '../platform/i18n/request-locale.js';
import { getTranslator } from '../platform/i18n/translations.js';
import { keyActor, type ApiKeyPrincipal } from '../platform/security/api-key.js';
import { CurrentKey, Scopes } from '../platform/security/auth.decorators.js';
import {
  InvitePageDto,
  InviteQueries,
  ReferralOverviewDto,
  ReferralOverviewService,
} from '../referral/index.js';
import { ExternalIdPipe } from './external-id.pipe.js';
import { PeopleReader } from './people-reader.js';
import { GiveCreditDto } from './person.dto.js';

/** The referrals of another product's people. */
@ApiTags('people')
@Controller('api/v1/people/:externalId')
@Scopes('people:read')
export class PersonReferralController {
  constructor(
    private readonly reader: PeopleReader,
    private readonly overviews: ReferralOverviewService,
    private readonly inviteQueries: InviteQueries,
  ) {}

  /** A person's code and link, and what they have earned. */
  @Get('referral')
  @Problems('referral.user_gone')
  async getPersonReferral(
    @Param('externalId', ExternalIdPipe) externalId: string,
    @Req() request: FastifyRequest,
  ): Promise<ReferralOverviewDto> {
    const userId = await this.reader.requireUserId(externalId);
    return this.overviews.getForUser(userId, { t: getTranslator(requestLocale(request)) });
  }

  /** The people whom a person referred, newest first. */
  @Get('invites')
  async listPersonInvites(
    @Param('externalId', ExternalIdPipe) externalId: string,
    @Query() query: PageQuery,
    @Req() request: FastifyRequest,
  ): Promise<InvitePageDto> {
    const userId = await this.reader.requireUserId(externalId);
    return this.inviteQueries.list(userId, query, { t: getTranslator(requestLocale(request)) });
  }
}

/** The credit of another product's people. */
@ApiTags('people')
@Controller('api/v1/people/:externalId/credit')
export class PersonCreditController {
  constructor(
    private readonly reader: PeopleReader,
    private readonly statements: CreditStatementService,
    private readonly credit: CreditService,
    private readonly auth: AuthService,
    private readonly idempotency: Idempotency,
  ) {}

  /** A person's credit: when it ends, and every entry of its ledger. */
  @Get()
  @Scopes('people:read')
  async getPersonCredit(
    @Param('externalId', ExternalIdPipe) externalId: string,
  ): Promise<CreditStatementDto> {
    return this.statements.getForUser(await this.reader.requireUserId(externalId));
  }

  /** Gives a person days of access, once for each `Idempotency-Key`. */
  @Post()
  @Scopes('credit:write')
  @ApiIdempotencyKey({ required: true })
  async giveCredit(
    @CurrentKey() key: ApiKeyPrincipal,
    @Param('externalId', ExternalIdPipe) externalId: string,
    @Body() { days, reason }: GiveCreditDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CreditEntryDto> {
    requireIdempotencyKey(request);
    const userId = await this.reader.requireUserId(externalId);
    return this.idempotency.runOnce(request, reply, 201, async (tx) => {
      await this.auth.requireActiveUser(tx, userId);
      const grant = await this.credit.grantManually(tx, { userId, days }, { reason, actor: keyActor(key) });
      return toNewEntryDto(grant, reason);
    });
  }
}
