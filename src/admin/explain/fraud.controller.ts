import { Body, Controller, Get, HttpCode, Param, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Audit } from '../../platform/audit.js';
import { Database } from '../../platform/database/database.js';
import { DomainError } from '../../platform/errors.js';
import { Me, OnlyFor } from '../../platform/http/access.js';
import { ListQuery, pageOfAll, type Page } from '../../platform/http/list.dto.js';
import type { Principal } from '../../platform/http/principal.js';
import { RuleBook, type RuleView } from '../../referral/index.js';
import { RuleBody } from './rule.dto.js';

/** The programme's fraud rules: what each may do, and how well it does. */
@ApiTags('admin')
@Controller('api/v1/admin/fraud/rules')
@OnlyFor('admin')
export class FraudController {
  constructor(
    private readonly rules: RuleBook,
    private readonly audit: Audit,
    private readonly database: Database,
  ) {}

  /** Every rule with its mode, its weight, its hits, and the precision that reviews have given it. */
  @Get()
  @OnlyFor('admin', 'support')
  async list(@Query() query: ListQuery): Promise<Page<RuleView>> {
    return pageOfAll(await this.rules.list(), query);
  }

  /** One rule. */
  @Get(':name')
  @OnlyFor('admin', 'support')
  async one(@Param('name') name: string): Promise<RuleView> {
    const rule = (await this.rules.list()).find((own) => own.name === name);
    if (rule === undefined)
      throw new DomainError('request.not_found', { detail: `There is no rule ${name}.` });
    return rule;
  }

  /** Sets what a rule may do from now on. What it found before stays as it is. */
  @Put(':name')
  @HttpCode(200)
  async set(
    @Me() me: Principal,
    @Param('name') name: string,
    @Body() { mode, weight, reason }: RuleBody,
  ): Promise<Page<RuleView>> {
    await this.database.transaction(async (tx) => {
      const noteId = await this.audit.note(tx, reason, null);
      const actor = { kind: 'admin' as const, id: me.userId };
      await this.rules.set(tx, { name, mode, weight }, { actor, noteId });
    });
    return { items: await this.rules.list(), nextCursor: null };
  }
}
