import { Body, Controller, Get, Inject, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AccountEmails, capturedMailOf } from '../../notifications/index.js';
import { type Config, CONFIG } from '../../platform/config/config.js';
import { hourMs, minuteMs } from '../../platform/durations.js';
import { textField, type FormFields } from '../../platform/http/form-fields.js';
import { invalidField } from '../../platform/http/validation.js';
import { CurrentUser, Roles } from '../../platform/security/auth.decorators.js';
import type { Principal } from '../../platform/security/principal.js';
import { RateLimits } from '../../platform/security/rate-limits.js';
import { AdminForms } from '../admin-forms.js';
import { sendPage } from '../../platform/http/send-page.js';
import { InstallationChecks } from './installation-checks.js';
import { installationPage, type InstallationPageModel } from './pages/installation-page.js';
import { stripeEndpointPage } from './pages/stripe-endpoint-page.js';
import { StripeEndpoint } from './stripe-endpoint.js';

/** The console's page of the installation: what the checks found, and what mends it. */
@ApiExcludeController()
@Controller('admin/installation')
@Roles('admin')
export class InstallationPagesController {
  // eslint-disable-next-line max-params -- each of them is one thing that an admin does here
  constructor(
    private readonly checks: InstallationChecks,
    private readonly endpoint: StripeEndpoint,
    private readonly accountEmails: AccountEmails,
    private readonly rateLimits: RateLimits,
    private readonly forms: AdminForms,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get()
  @Roles('admin', 'support')
  async show(
    @CurrentUser() me: Principal,
    @Query('done') done: unknown,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const notice = (['checked', 'emailed'] as const).find((own) => own === done) ?? null;
    sendPage(reply, installationPage(await this.pageModel(me, { notice })));
  }

  @Post('check')
  check(@CurrentUser() me: Principal, @Res() reply: FastifyReply): Promise<void> {
    return this.submit(me, reply, 'checked', async () => {
      await this.rateLimits.hit([{ key: 'installation-check', hits: 3, windowMs: minuteMs }]);
      await this.checks.run();
    });
  }

  @Post('test-email')
  sendTestEmail(@CurrentUser() me: Principal, @Res() reply: FastifyReply): Promise<void> {
    return this.submit(me, reply, 'emailed', async () => {
      if (this.config.emails === 'off') throw invalidField('email', 'installation.problem.emailsOff');
      await this.rateLimits.hit([{ key: `test-email:${me.userId}`, hits: 10, windowMs: hourMs }]);
      try {
        await this.accountEmails.sendTestEmail(me);
      } catch (error) {
        // its message holds codes of SMTP only
        const reason = error instanceof Error ? error.message : String(error);
        throw invalidField('email', 'installation.problem.mail', { reason });
      }
    });
  }

  @Get('stripe-endpoint')
  async showEndpoint(@CurrentUser() me: Principal, @Res() reply: FastifyReply): Promise<void> {
    const plan = await this.endpoint.plan();
    sendPage(
      reply,
      stripeEndpointPage({ viewer: await this.forms.viewerFor(me), setup: plan, isPlan: true }),
    );
  }

  @Post('stripe-endpoint')
  async setUpEndpoint(
    @CurrentUser() me: Principal,
    @Body() fields: FormFields | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const setup = await this.endpoint.setUp(me.userId, textField(fields, 'planned'));
    void reply.header('cache-control', 'no-store');
    sendPage(reply, stripeEndpointPage({ viewer: await this.forms.viewerFor(me), setup, isPlan: false }));
  }

  private submit(
    me: Principal,
    reply: FastifyReply,
    done: 'checked' | 'emailed',
    run: () => Promise<void>,
  ): Promise<void> {
    return this.forms.submit({
      ...{ me, reply, run },
      redirectTo: `/admin/installation?done=${done}`,
      renderWithProblem: async (problem) => installationPage(await this.pageModel(me, { problem })),
    });
  }

  private async pageModel(
    me: Principal,
    more: Partial<InstallationPageModel>,
  ): Promise<InstallationPageModel> {
    return {
      viewer: await this.forms.viewerFor(me),
      mayChange: me.role === 'admin',
      report: await this.checks.latest(),
      hasEndpoint: this.endpoint.isNeeded,
      capturedMail: capturedMailOf(this.config),
      email: me.email,
      ...{ notice: null, problem: null },
      ...more,
    };
  }
}
