import { Controller, Get, Param, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { CurrentPerson, CurrentUser, Authenticated } from '../platform/security/auth.decorators.js';
import type { Principal } from '../platform/security/principal.js';
import { requestLocale } from '../platform/i18n/request-locale.js';
import { getTranslator } from '../platform/i18n/translations.js';
import { IdPipe } from '../platform/http/id.pipe.js';
import { CreditEntryExplanationDto, CreditStatementDto } from './credit.dto.js';
import { EntryExplanationService } from './entry-explanation.service.js';
import { CreditStatementService } from './credit-statement.service.js';

@ApiTags('credit')
@Controller('api/v1/credit')
@Authenticated()
export class CreditController {
  constructor(
    private readonly statements: CreditStatementService,
    private readonly explanations: EntryExplanationService,
  ) {}

  /** My credit: when it ends, and every entry of its ledger. */
  @Get()
  getCredit(@CurrentPerson() me: { userId: string }): Promise<CreditStatementDto> {
    return this.statements.getForUser(me.userId);
  }

  /** Where one entry of my credit came from, what happened to it, and what happens next. */
  @Get('entries/:id/explain')
  explainCreditEntry(
    @CurrentUser() me: Principal,
    @Param('id', IdPipe) id: string,
    @Req() request: FastifyRequest,
  ): Promise<CreditEntryExplanationDto> {
    return this.explanations.explain(me.userId, id, { t: getTranslator(requestLocale(request)) });
  }
}
