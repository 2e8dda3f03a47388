import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import {
  EndpointTests,
  RedeliveryService,
  WebhookEndpointsService,
  type EndpointWithSecretDto,
  type TestResultDto,
} from '../../outgoing-webhooks/index.js';
import type { Tx } from '../../platform/database/tx.js';
import type { FormFields } from '../../platform/http/form-fields.js';
import { IdPipe } from '../../platform/http/id.pipe.js';
import { CurrentUser, Roles } from '../../platform/security/auth.decorators.js';
import { adminActor, type Principal } from '../../platform/security/principal.js';
import { AdminForms } from '../admin-forms.js';
import { sendPage } from '../../platform/http/send-page.js';
import { parseEndpoint } from './webhook-form.js';
import { deliveriesPage } from './pages/deliveries-page.js';
import { endpointNotices, endpointPage } from './pages/endpoint-page.js';
import { endpointsPage } from './pages/endpoints-page.js';
import { WebhookPageLoader } from './webhook-page-loader.js';

/** The console's pages of outgoing webhooks: support looks, admins act. A secret is shown once. */
@ApiExcludeController()
@Controller('admin/webhooks')
@Roles('admin')
export class WebhookPagesController {
  constructor(
    private readonly endpoints: WebhookEndpointsService,
    private readonly redelivery: RedeliveryService,
    private readonly tests: EndpointTests,
    private readonly pages: WebhookPageLoader,
    private readonly forms: AdminForms,
  ) {}

  @Get()
  @Roles('admin', 'support')
  async list(
    @CurrentUser() me: Principal,
    @Query('done') done: unknown,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const notice = done === 'deleted' || done === 'repeated' ? done : null;
    sendPage(reply, endpointsPage(await this.pages.listPage(me, { notice })));
  }

  @Post()
  create(
    @CurrentUser() me: Principal,
    @Body() fields: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const created: EndpointWithSecretDto[] = [];
    return this.forms.submit({
      ...{ me, reply },
      redirectTo: '/admin/webhooks?done=repeated',
      run: () =>
        this.forms.runOnce(me, fields, async (tx) =>
          created.push(await this.endpoints.create(tx, parseEndpoint(fields), adminActor(me))),
        ),
      renderResult: () => this.showSecret(me, created),
      renderWithProblem: async (problem) => endpointsPage(await this.pages.listPage(me, { problem, fields })),
    });
  }

  @Get('deliveries')
  @Roles('admin', 'support')
  async listDeliveries(
    @CurrentUser() me: Principal,
    @Query() query: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    sendPage(reply, deliveriesPage(await this.pages.deliveriesPage(me, query)));
  }

  @Get(':id')
  @Roles('admin', 'support')
  async show(
    @CurrentUser() me: Principal,
    @Param('id', IdPipe) id: string,
    @Query() query: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const notice = endpointNotices.find((own) => own === query.done) ?? null;
    sendPage(reply, endpointPage(await this.pages.endpointPage(me, id, { notice }, query)));
  }

  @Post(':id/change')
  change(
    @CurrentUser() me: Principal,
    @Param('id', IdPipe) id: string,
    @Body() fields: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.act({ me, reply, id, done: 'changed', fields }, (tx) =>
      this.endpoints.change(tx, id, parseEndpoint(fields), adminActor(me)),
    );
  }

  @Post(':id/enable')
  enable(
    @CurrentUser() me: Principal,
    @Param('id', IdPipe) id: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.act({ me, reply, id, done: 'enabled' }, (tx) =>
      this.endpoints.change(tx, id, { enabled: true }, adminActor(me)),
    );
  }

  @Post(':id/disable')
  disable(
    @CurrentUser() me: Principal,
    @Param('id', IdPipe) id: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.act({ me, reply, id, done: 'disabled' }, (tx) =>
      this.endpoints.change(tx, id, { enabled: false }, adminActor(me)),
    );
  }

  @Post(':id/rotate-secret')
  rotateSecret(
    @CurrentUser() me: Principal,
    @Param('id', IdPipe) id: string,
    @Body() fields: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const rotated: EndpointWithSecretDto[] = [];
    return this.forms.submit({
      ...{ me, reply },
      redirectTo: `/admin/webhooks/${id}?done=repeated`,
      run: () =>
        this.forms.runOnce(me, fields, async (tx) =>
          rotated.push(await this.endpoints.rotateSecret(tx, id, adminActor(me))),
        ),
      renderResult: () => this.showSecret(me, rotated),
      renderWithProblem: async (problem) => endpointPage(await this.pages.endpointPage(me, id, { problem })),
    });
  }

  @Post(':id/delete')
  delete(
    @CurrentUser() me: Principal,
    @Param('id', IdPipe) id: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.forms.submit({
      ...{ me, reply },
      redirectTo: '/admin/webhooks?done=deleted',
      run: () => this.forms.inTransaction((tx) => this.endpoints.delete(tx, id, adminActor(me))),
      renderWithProblem: async (problem) => endpointsPage(await this.pages.listPage(me, { problem })),
    });
  }

  /** Sends `webhook.test` and shows what the receiver answered. */
  @Post(':id/test')
  test(
    @CurrentUser() me: Principal,
    @Param('id', IdPipe) id: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const results: TestResultDto[] = [];
    return this.forms.submit({
      ...{ me, reply },
      redirectTo: `/admin/webhooks/${id}`,
      run: async () => results.push(await this.tests.run(id)),
      renderResult: async () =>
        endpointPage(await this.pages.endpointPage(me, id, { testResult: results[0] ?? null })),
      renderWithProblem: async (problem) => endpointsPage(await this.pages.listPage(me, { problem })),
    });
  }

  @Post(':id/deliveries/:delivery/redeliver')
  redeliver(
    @CurrentUser() me: Principal,
    @Param('id', IdPipe) id: string,
    @Param('delivery', IdPipe) delivery: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.act({ me, reply, id, done: 'redelivered' }, (tx) =>
      this.redelivery.redeliver(tx, delivery, adminActor(me)),
    );
  }

  private act(
    {
      me,
      reply,
      id,
      done,
      fields = null,
    }: {
      me: Principal;
      reply: FastifyReply;
      id: string;
      done: (typeof endpointNotices)[number];
      fields?: FormFields | null;
    },
    run: (tx: Tx) => Promise<unknown>,
  ): Promise<void> {
    return this.forms.submit({
      ...{ me, reply },
      redirectTo: `/admin/webhooks/${id}?done=${done}`,
      run: () => this.forms.inTransaction(run),
      renderWithProblem: async (problem) =>
        endpointPage(await this.pages.endpointPage(me, id, { problem, fields })),
    });
  }

  /** The answer to the form has the secret: no page can show it later. Null for a repeated form. */
  private async showSecret(me: Principal, made: EndpointWithSecretDto[]): Promise<string | null> {
    const [endpoint] = made;
    if (endpoint === undefined) return null;
    return endpointPage(await this.pages.endpointPage(me, endpoint.id, { secret: endpoint.secret }));
  }
}
