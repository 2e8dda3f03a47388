import { Controller, Get, Param, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { EntryExplanations, type EntryExplanation } from '../../credit/index.js';
import { DomainError } from '../../platform/errors.js';
import { OnlyFor } from '../../platform/http/access.js';
import { IdPipe } from '../../platform/http/id.pipe.js';
import { localeOf } from '../../platform/locale/request-locale.js';
import { wordsIn } from '../../platform/locale/words.js';
import { Explanations, type Explanation } from '../../referral/index.js';

/** Why something came, waits, or does not come, with what only staff may know. */
@ApiTags('admin')
@Controller('api/v1/admin')
@OnlyFor('admin', 'support')
export class ExplainController {
  constructor(
    private readonly referrals: Explanations,
    private readonly entries: EntryExplanations,
  ) {}

  /** A referral: every rule with its inputs, what the programme's rules found, what is missing, by when, what happens next. */
  @Get('referrals/:id/explain')
  ofReferral(@Param('id', IdPipe) id: string, @Req() request: FastifyRequest): Promise<Explanation> {
    return this.referrals.ofReferral(id, wordsIn(localeOf(request)));
  }

  /** A line of somebody's credit: where it came from, and what became of it. */
  @Get('credit/:entryId/explain')
  async ofEntry(
    @Param('entryId', IdPipe) entryId: string,
    @Req() request: FastifyRequest,
  ): Promise<EntryExplanation> {
    const userId = await this.entries.ownerOf(entryId);
    if (userId === null) throw new DomainError('request.not_found', { detail: 'No such credit entry.' });
    return this.entries.of(userId, entryId, wordsIn(localeOf(request)));
  }
}
