import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { textField, type FormFields } from '../../platform/http/form-fields.js';
import { CurrentUser, Roles } from '../../platform/security/auth.decorators.js';
import type { Principal } from '../../platform/security/principal.js';
import { AdminForms } from '../admin-forms.js';
import { sendPage } from '../../platform/http/send-page.js';
import { SearchService } from '../search/search.service.js';
import { searchPage } from '../search/search-page.js';
import { InstallationChecks } from '../installation/installation-checks.js';
import { OverviewLoader } from './overview-loader.js';
import { overviewPage } from './pages/overview-page.js';

/** The console's first page, and the search. They change nothing. */
@ApiExcludeController()
@Controller('admin')
@Roles('admin', 'support')
export class OverviewPagesController {
  constructor(
    private readonly overview: OverviewLoader,
    private readonly search: SearchService,
    private readonly forms: AdminForms,
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
