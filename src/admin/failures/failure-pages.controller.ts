import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { EndpointReader } from '../../outgoing-webhooks/index.js';
import type { FormFields } from '../../platform/http/form-fields.js';
import { sendPage } from '../../platform/http/send-page.js';
import { FailedJobs } from '../../platform/jobs/failed-jobs.js';
import { CurrentUser, Roles } from '../../platform/security/auth.decorators.js';
import type { Principal } from '../../platform/security/principal.js';
import { AdminForms } from '../admin-forms.js';
import { loadList } from '../lists/list-view.js';
import { failureSource } from './failure-source.js';
import { failuresPage } from './pages/failures-page.js';

/** The console's page of what failed for good. It changes nothing. */
@ApiExcludeController()
@Controller('admin/failures')
@Roles('admin', 'support')
export class FailurePagesController {
  constructor(
    private readonly jobs: FailedJobs,
    private readonly endpoints: EndpointReader,
    private readonly forms: AdminForms,
  ) {}

  @Get()
  async show(
    @CurrentUser() me: Principal,
    @Query() query: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const [viewer, jobs, endpoints] = await Promise.all([
      this.forms.viewerFor(me),
      loadList(failureSource(this.jobs), query, me),
      this.endpoints.list(),
    ]);
    const broken = endpoints.filter(({ disabledAt, failingSince }) => disabledAt ?? failingSince);
    sendPage(reply, failuresPage({ viewer, jobs, endpoints: broken }));
  }
}
