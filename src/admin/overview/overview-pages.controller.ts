import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Database } from '../../platform/database/database.js';
import { textField, type FormFields } from '../../platform/http/form-fields.js';
import { findFailedJobs } from '../../platform/jobs/failed-jobs.js';
import { CurrentUser, Roles } from '../../platform/security/auth.decorators.js';
import type { Principal } from '../../platform/security/principal.js';
import { AdminForms } from '../admin-forms.js';
import { sendPage } from '../../platform/http/send-page.js';
import { SearchService } from '../search/search.service.js';
import { searchPage } from '../search/search-page.js';
import { InstallationChecks } from '../installation/installation-checks.js';
import { OverviewLoader } from './overview-loader.js';
import { OverviewRepository } from './overview.repository.js';
import { failuresPage } from './pages/failures-page.js';
import { overviewPage } from './pages/overview-page.js';

const failuresShown = 25;

/** The console's first page, the list of what failed, and the search. They change nothing. */
@ApiExcludeController()
@Controller('admin')
@Roles('admin', 'support')
export class OverviewPagesController {
  // eslint-disable-next-line max-params -- three pages: overview, failures and search
  constructor(
    private readonly overview: OverviewLoader,
    private readonly repository: OverviewRepository,
    private readonly search: SearchService,
    private readonly forms: AdminForms,
    private readonly database: Database,
    private readonly installation: InstallationChecks,
  ) {}

  @Get()
  async show(@CurrentUser() me: Principal, @Res() reply: FastifyReply): Promise<void> {
    const model = {
      viewer: await this.forms.viewerFor(me),
      installation: await this.installation.latest(),
      ...(await this.overview.load()),
    };
    sendPage(reply, overviewPage(model));
  }

  @Get('failures')
  async showFailures(@CurrentUser() me: Principal, @Res() reply: FastifyReply): Promise<void> {
    const [jobs, endpoints, deliveries] = await Promise.all([
      findFailedJobs(this.database, failuresShown),
      this.repository.brokenEndpoints(failuresShown),
      this.repository.deadDeliveries(failuresShown),
    ]);
    const model = { viewer: await this.forms.viewerFor(me), jobs, endpoints, deliveries };
    sendPage(reply, failuresPage(model));
  }

  @Get('search')
  async find(
    @CurrentUser() me: Principal,
    @Query() fields: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const query = textField(fields, 'q').trim().slice(0, 200);
    const found = query === '' ? null : await this.search.find(query);
    if (found !== null && found.href !== null) void reply.redirect(found.href, 303);
    else sendPage(reply, searchPage({ viewer: await this.forms.viewerFor(me), query, found }));
  }
}
