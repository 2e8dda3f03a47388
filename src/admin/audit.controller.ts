import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { RecordedLine } from '../platform/audit.js';
import { OnlyFor } from '../platform/http/access.js';
import type { Page } from '../platform/http/list.dto.js';
import { AuditQuery } from './admin.dto.js';
import { AuditTrail } from './audit-trail.js';

@ApiTags('admin')
@Controller('api/v1/admin/audit')
@OnlyFor('admin', 'support')
export class AuditController {
  constructor(private readonly trail: AuditTrail) {}

  /** What was done, to whom and by whom, newest first. */
  @Get()
  list(@Query() query: AuditQuery): Promise<Page<RecordedLine>> {
    return this.trail.page(query);
  }
}
