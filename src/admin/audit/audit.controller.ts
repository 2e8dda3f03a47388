import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AuditList } from '../../platform/audit-list.js';
import { toPageDto } from '../../platform/lists/keyset-list.js';
import { Roles } from '../../platform/security/auth.decorators.js';
import { AuditQuery } from '../admin.dto.js';
import { AuditPageDto } from './audit.dto.js';

@ApiTags('admin')
@Controller('api/v1/admin/audit')
@Roles('admin', 'support')
export class AuditController {
  constructor(private readonly auditList: AuditList) {}

  /** What was done, to whom and by whom, newest first. */
  @Get()
  async listAuditEntries(@Query() { limit, cursor, ...filter }: AuditQuery): Promise<AuditPageDto> {
    const position = {
      isAscending: false,
      cursor: cursor === undefined ? null : { key: cursor, isBackwards: false },
    };
    return toPageDto(await this.auditList.listPage(filter, position, limit));
  }
}
