import { Controller, Get, Param, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Me, SignedIn } from '../platform/http/access.js';
import type { Principal } from '../platform/http/principal.js';
import { localeOf } from '../platform/locale/request-locale.js';
import { wordsIn } from '../platform/locale/words.js';
import { EntryExplanations, type EntryExplanation } from './entry-explanations.js';
import { CreditStatements, type Statement } from './credit-statement.js';

@ApiTags('credit')
@Controller('api/v1/credit')
@SignedIn()
export class CreditController {
  constructor(
    private readonly statements: CreditStatements,
    private readonly explanations: EntryExplanations,
  ) {}

  /** My credit: until when it reaches, and every line that made it so. */
  @Get()
  show(@Me() me: Principal): Promise<Statement> {
    return this.statements.of(me.userId);
  }

  /** Where one line of my credit came from, what became of it, and what happens next. */
  @Get('entries/:id/explain')
  explain(
    @Me() me: Principal,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
  ): Promise<EntryExplanation> {
    return this.explanations.of(me.userId, id, wordsIn(localeOf(request)));
  }
}
