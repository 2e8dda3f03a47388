import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { DomainError } from '../../platform/errors.js';
import { Me, OnlyFor } from '../../platform/http/access.js';
import type { Fields } from '../../platform/http/form-fields.js';
import type { Principal } from '../../platform/http/principal.js';
import { wordsIn } from '../../platform/locale/words.js';
import { TermsPublishing, WrongTerms } from '../../referral/index.js';
import { ConsoleDesk, reasonIn, sendPage } from '../console-desk.js';
import { termsDiffPage } from './pages/terms-diff-page.js';
import { termsEditorPage } from './pages/terms-editor-page.js';
import { termsListPage } from './pages/terms-list-page.js';
import { termsPage } from './pages/terms-page.js';
import { termsPreviewPage } from './pages/terms-preview-page.js';
import { givenBy, textsIn } from './terms-form.js';
import { TermsModels } from './terms-models.js';
import { versionIn, VersionPipe } from './version.js';

/** The console's pages about terms: first they are written, then they are looked at, then they are published. */
@ApiExcludeController()
@Controller('admin/programme')
@OnlyFor('admin')
export class ConsoleTermsController {
  constructor(
    private readonly models: TermsModels,
    private readonly publishing: TermsPublishing,
    private readonly desk: ConsoleDesk,
  ) {}

  @Get()
  @OnlyFor('admin', 'support')
  async list(@Me() me: Principal, @Res() reply: FastifyReply): Promise<void> {
    sendPage(reply, termsListPage(await this.models.list(me), me.locale));
  }

  @Get('new')
  async fresh(@Me() me: Principal, @Res() reply: FastifyReply): Promise<void> {
    sendPage(reply, termsEditorPage(await this.models.fresh(me), me.locale));
  }

  @Get('diff')
  @OnlyFor('admin', 'support')
  async diff(@Me() me: Principal, @Query() query: Fields, @Res() reply: FastifyReply): Promise<void> {
    sendPage(reply, termsDiffPage(await this.models.diff(me, query), me.locale));
  }

  @Get(':version')
  @OnlyFor('admin', 'support')
  async show(
    @Me() me: Principal,
    @Param('version', VersionPipe) version: number,
    @Query('done') done: unknown,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    sendPage(reply, termsPage(await this.models.one(me, version, done), me.locale));
  }

  @Post('edit')
  async edit(@Me() me: Principal, @Body() fields: Fields, @Res() reply: FastifyReply): Promise<void> {
    sendPage(reply, termsEditorPage(await this.models.again(me, fields), me.locale));
  }

  @Post('preview')
  async preview(@Me() me: Principal, @Body() fields: Fields, @Res() reply: FastifyReply): Promise<void> {
    await this.orEditor(me, fields, reply, async () =>
      sendPage(reply, termsPreviewPage(await this.models.preview(me, fields), me.locale)),
    );
  }

  @Post()
  async publish(@Me() me: Principal, @Body() fields: Fields, @Res() reply: FastifyReply): Promise<void> {
    await this.orEditor(me, fields, reply, async () => {
      try {
        const version = await this.publishOnce(me, fields);
        void reply.redirect(
          version === null ? '/admin/programme' : `/admin/programme/${version}?done=published`,
          303,
        );
      } catch (error) {
        if (!(error instanceof DomainError) || error instanceof WrongTerms || error.status >= 500)
          throw error;
        const page = await this.models.preview(me, fields, problemOf(error, me.locale));
        sendPage(reply, termsPreviewPage(page, me.locale), error.status);
      }
    });
  }

  /** The number of the new version; null where this form has published it already. */
  private async publishOnce(me: Principal, fields: Fields): Promise<number | null> {
    const publication = {
      given: givenBy(textsIn(fields)),
      reason: reasonIn(fields),
      basedOn: versionIn(fields, 'basedOn'),
      actor: { kind: 'admin' as const, id: me.userId },
    };
    let version: number | null = null;
    await this.desk.once(me, fields, async (tx) => {
      version = (await this.publishing.publish(tx, publication)).version;
    });
    return version;
  }

  /** Terms that are not right go back to the editor, each problem beside its field. */
  private async orEditor(
    me: Principal,
    fields: Fields,
    reply: FastifyReply,
    work: () => Promise<unknown>,
  ): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof WrongTerms)) throw error;
      const page = await this.models.again(me, fields, error.problems);
      sendPage(reply, termsEditorPage(page, me.locale), error.status);
    }
  }
}

function problemOf(error: DomainError, locale: string): string {
  const t = wordsIn(locale);
  if (error.code === 'terms.published_meanwhile') return t('terms.preview.meanwhile');
  return error.options.errors?.some(({ path }) => path === 'reason') === true
    ? t('terms.problem.reason')
    : error.message;
}
