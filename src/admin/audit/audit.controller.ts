import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { StoredAuditEntry } from '../../platform/audit-log.js';
import { Roles } from '../../platform/security/auth.decorators.js';
import type { Page } from '../../platform/http/page.dto.js';
import { AuditQuery } from '../admin.dto.js';
import { AuditQueries } from './audit-queries.js';

@ApiTags('admin')
@Controller('api/v1/admin/audit')
@Roles('admin', 'support')
export class AuditController {
  constructor(private readonly auditQueries: AuditQueries) {}

  /** What was done, to whom and by whom, newest first. */
  @Get()
  list(@Query() query: AuditQuery): Promise<Page<StoredAuditEntry>> {
    return this.auditQueries.list(query);
  }
}
