import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Roles } from '../../platform/security/auth.decorators.js';
import { AuditQuery } from '../admin.dto.js';
import { AuditPageDto } from './audit.dto.js';
import { AuditQueries } from './audit-queries.js';

@ApiTags('admin')
@Controller('api/v1/admin/audit')
@Roles('admin', 'support')
export class AuditController {
  constructor(private readonly auditQueries: AuditQueries) {}

  /** What was done, to whom and by whom, newest first. */
  @Get()
  listAuditEntries(@Query() query: AuditQuery): Promise<AuditPageDto> {
    return this.auditQueries.list(query);
  }
}
