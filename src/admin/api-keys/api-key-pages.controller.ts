import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ApiKeys, type CreatedApiKey } from '../../auth/index.js';
import type { Tx } from '../../platform/database/tx.js';
import { textField, type FormFields } from '../../platform/http/form-fields.js';
import { IdPipe } from '../../platform/http/id.pipe.js';
import { CurrentUser, Roles } from '../../platform/security/auth.decorators.js';
import { adminActor, type Principal } from '../../platform/security/principal.js';
import { AdminForms } from '../admin-forms.js';
import { sendPage } from '../../platform/http/send-page.js';
import { loadList } from '../lists/list-view.js';
import { apiKeySource } from './api-key-source.js';
import { parseNewApiKey, parseOverlapHours } from './api-key-form.js';
import { apiKeysPage, type ApiKeysPageModel } from './pages/api-keys-page.js';

/** The console's page of API keys: support looks, admins act. A token is shown once. */
@ApiExcludeController()
@Controller('admin/api-keys')
@Roles('admin')
export class ApiKeyPagesController {
  constructor(
    private readonly keys: ApiKeys,
    private readonly forms: AdminForms,
  ) {}

  @Get()
  @Roles('admin', 'support')
  async list(
    @CurrentUser() me: Principal,
    @Query() query: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const done = textField(query, 'done');
    const notice = done === 'revoked' || done === 'repeated' ? done : null;
    const list = await loadList(apiKeySource(this.keys), query, me);
    sendPage(reply, apiKeysPage(await this.pageModel(me, { notice, list })));
  }

  @Post()
  create(
    @CurrentUser() me: Principal,
    @Body() fields: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.showCreated(me, fields, reply, (tx) =>
      this.keys.create(tx, parseNewApiKey(fields), adminActor(me)),
    );
  }

  @Post(':id/rotate')
  rotate(
    @CurrentUser() me: Principal,
    @Param('id', IdPipe) id: string,
    @Body() fields: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.showCreated(me, fields, reply, (tx) =>
      this.keys.rotate(tx, id, parseOverlapHours(fields), adminActor(me)),
    );
  }

  @Post(':id/revoke')
  revoke(
    @CurrentUser() me: Principal,
    @Param('id', IdPipe) id: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.forms.submit({
      ...{ me, reply },
      redirectTo: '/admin/api-keys?done=revoked',
      run: () => this.forms.inTransaction((tx) => this.keys.revoke(tx, id, adminActor(me))),
      renderWithProblem: async (problem) => apiKeysPage(await this.pageModel(me, { problem })),
    });
  }

  /** The answer to the form has the token: nothing stores it, so no page can show it later. */
  private showCreated(
    me: Principal,
    fields: FormFields,
    reply: FastifyReply,
    create: (tx: Tx) => Promise<CreatedApiKey>,
  ): Promise<void> {
    const results: CreatedApiKey[] = [];
    return this.forms.submit({
      ...{ me, reply },
      redirectTo: '/admin/api-keys?done=repeated',
      run: () => this.forms.runOnce(me, fields, async (tx) => results.push(await create(tx))),
      renderResult: async () => {
        const [created] = results;
        return created === undefined ? null : apiKeysPage(await this.pageModel(me, { created }));
      },
      renderWithProblem: async (problem) => apiKeysPage(await this.pageModel(me, { problem, fields })),
    });
  }

  private async pageModel(me: Principal, more: Partial<ApiKeysPageModel>): Promise<ApiKeysPageModel> {
    return {
      viewer: await this.forms.viewerFor(me),
      mayChange: me.role === 'admin',
      idempotencyKey: this.forms.newIdempotencyKey(),
      list: more.list ?? (await loadList(apiKeySource(this.keys), {}, me)),
      ...{ created: null, notice: null, problem: null, fields: {} },
      ...more,
    };
  }
}
