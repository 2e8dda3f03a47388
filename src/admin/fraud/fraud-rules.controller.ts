import { Body, Controller, Get, HttpCode, Param, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AuditLog } from '../../platform/audit-log.js';
import { Database } from '../../platform/database/database.js';
import { DomainError } from '../../platform/errors.js';
import { CurrentUser, Roles } from '../../platform/security/auth.decorators.js';
import { PageQuery, paginate } from '../../platform/http/page.dto.js';
import { adminActor, type Principal } from '../../platform/security/principal.js';
import { FraudRules, FraudRuleDto, FraudRulePageDto } from '../../referral/index.js';
import { UpdateFraudRuleDto } from '../admin.dto.js';

/** The programme's fraud rules: what each may do, and how well it does. */
@ApiTags('admin')
@Controller('api/v1/admin/fraud/rules')
@Roles('admin')
export class FraudRulesController {
  constructor(
    private readonly rules: FraudRules,
    private readonly auditLog: AuditLog,
    private readonly database: Database,
  ) {}

  /**
   * Every rule with its mode, its weight, its hits, and the precision that reviews have given it.
   */
  @Get()
  @Roles('admin', 'support')
  async listFraudRules(@Query() query: PageQuery): Promise<FraudRulePageDto> {
    return paginate(await this.rules.listWithStats(), query);
  }

  /** One rule. */
  @Get(':name')
  @Roles('admin', 'support')
  async getFraudRule(@Param('name') name: string): Promise<FraudRuleDto> {
    const rule = (await this.rules.listWithStats()).find((own) => own.name === name);
    if (rule === undefined)
      throw new DomainError('request.not_found', { detail: `Rule ${name} does not exist.` });
    return rule;
  }

  /** Sets what a rule may do from now on. What it found before stays as it is. */
  @Put(':name')
  @HttpCode(200)
  async updateFraudRule(
    @CurrentUser() me: Principal,
    @Param('name') name: string,
    @Body() { mode, weight, reason }: UpdateFraudRuleDto,
  ): Promise<FraudRulePageDto> {
    await this.database.transaction(async (tx) => {
      const noteId = await this.auditLog.addNote(tx, reason, null);
      const actor = adminActor(me);
      await this.rules.updateRule(tx, { name, mode, weight }, { actor, noteId });
    });
    return { items: await this.rules.listWithStats(), nextCursor: null };
  }
}
