import { Controller, Get, Param, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { EntryExplanationService, CreditEntryExplanationDto } from '../../credit/index.js';
import { DomainError } from '../../platform/errors.js';
import { Roles } from '../../platform/security/auth.decorators.js';
import { IdPipe } from '../../platform/http/id.pipe.js';
import { requestLocale } from '../../platform/i18n/request-locale.js';
import { getTranslator } from '../../platform/i18n/translations.js';
import { InviteExplanationService, ReferralExplanationDto } from '../../referral/index.js';

/** Why something came, waits, or does not come, with what only staff may know. */
@ApiTags('admin')
@Controller('api/v1/admin')
@Roles('admin', 'support')
export class ExplainController {
  constructor(
    private readonly referrals: InviteExplanationService,
    private readonly entries: EntryExplanationService,
  ) {}

  /**
   * A referral: every rule with its inputs, what the programme's rules found, what is missing, by
   * when, what happens next.
   */
  @Get('referrals/:id/explain')
  explainReferral(
    @Param('id', IdPipe) id: string,
    @Req() request: FastifyRequest,
  ): Promise<ReferralExplanationDto> {
    return this.referrals.explainReferral(id, { t: getTranslator(requestLocale(request)) });
  }

  /** An entry of a user's credit: where it came from, and what happened to it. */
  @Get('credit/:entryId/explain')
  async explainUserCreditEntry(
    @Param('entryId', IdPipe) entryId: string,
    @Req() request: FastifyRequest,
  ): Promise<CreditEntryExplanationDto> {
    const userId = await this.entries.findOwnerId(entryId);
    if (userId === null) throw new DomainError('request.not_found', { detail: 'No such credit entry.' });
    return this.entries.explain(userId, entryId, { t: getTranslator(requestLocale(request)) });
  }
}
