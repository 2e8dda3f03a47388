import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { DomainError, errorText } from '../../platform/errors.js';
import { CurrentUser, Roles } from '../../platform/security/auth.decorators.js';
import { textField, type FormFields } from '../../platform/http/form-fields.js';
import { adminActor, type Principal } from '../../platform/security/principal.js';
import { getTranslator } from '../../platform/i18n/translations.js';
import { TermsPublisher, InvalidTermsError } from '../../referral/index.js';
import { AdminForms, parseReason } from '../admin-forms.js';
import { sendPage } from '../../platform/http/send-page.js';
import { termsDiffPage } from './pages/terms-diff-page.js';
import { termsEditorPage } from './pages/terms-editor-page.js';
import { termsListPage } from './pages/terms-list-page.js';
import { termsPage } from './pages/terms-page.js';
import { termsPreviewPage } from './pages/terms-preview-page.js';
import { draftAddress, readFormValues, toTermsInput } from './terms-form.js';
import { TermsPageLoader } from './terms-page-loader.js';
import { parseVersion, VersionPipe } from './version.pipe.js';

/**
 * The console's pages about terms: first they are written, then they are checked, then they are
 * published.
 */
@ApiExcludeController()
@Controller('admin/programme')
@Roles('admin')
export class TermsPagesController {
  constructor(
    private readonly pages: TermsPageLoader,
    private readonly publisher: TermsPublisher,
    private readonly forms: AdminForms,
  ) {}

  @Get()
  @Roles('admin', 'support')
  async list(@CurrentUser() me: Principal, @Res() reply: FastifyReply): Promise<void> {
    sendPage(reply, termsListPage(await this.pages.listPage(me)));
  }

  @Get('new')
  async newEditor(@CurrentUser() me: Principal, @Res() reply: FastifyReply): Promise<void> {
    sendPage(reply, termsEditorPage(await this.pages.newEditorPage(me)));
  }

  @Get('diff')
  @Roles('admin', 'support')
  async diff(
    @CurrentUser() me: Principal,
    @Query() query: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    sendPage(reply, termsDiffPage(await this.pages.diffPage(me, query)));
  }

  @Get('edit')
  async showEditor(
    @CurrentUser() me: Principal,
    @Query() draft: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    sendPage(reply, termsEditorPage(await this.pages.editorPageWithProblems(me, draft)));
  }

  @Get('preview')
  async showPreview(
    @CurrentUser() me: Principal,
    @Query() draft: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.renderEditorOnError(me, draft, reply, async () =>
      sendPage(reply, termsPreviewPage(await this.pages.previewPage(me, draft))),
    );
  }

  @Get(':version')
  @Roles('admin', 'support')
  async show(
    @CurrentUser() me: Principal,
    @Param('version', VersionPipe) version: number,
    @Query('done') done: unknown,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    sendPage(reply, termsPage(await this.pages.versionPage(me, version, done)));
  }

  @Post('edit')
  async edit(
    @CurrentUser() me: Principal,
    @Body() fields: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const address = draftAddress('edit', readFormValues(fields));
    if (address === null) await this.showEditor(me, fields, reply);
    else void reply.redirect(address, 303);
  }

  @Post('preview')
  async preview(
    @CurrentUser() me: Principal,
    @Body() fields: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const isAdding = textField(fields, 'addCurrency') !== '';
    const address = draftAddress(isAdding ? 'edit' : 'preview', readFormValues(fields));
    if (address !== null) void reply.redirect(isAdding ? `${address}#newMinimum` : address, 303);
    else if (isAdding) await this.showEditor(me, fields, reply);
    else await this.showPreview(me, fields, reply);
  }

  @Post()
  async publish(
    @CurrentUser() me: Principal,
    @Body() fields: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.renderEditorOnError(me, fields, reply, async () => {
      try {
        const version = await this.publishOnce(me, fields);
        void reply.redirect(
          version === null ? '/admin/programme' : `/admin/programme/${version}?done=published`,
          303,
        );
      } catch (error) {
        if (!(error instanceof DomainError) || error instanceof InvalidTermsError || error.status >= 500)
          throw error;
        const page = await this.pages.previewPage(me, fields, problemText(error, me.locale));
        sendPage(reply, termsPreviewPage(page), error.status);
      }
    });
  }

  /** The number of the new version; null where this form has published it already. */
  private async publishOnce(me: Principal, fields: FormFields): Promise<number | null> {
    const publication = {
      input: toTermsInput(readFormValues(fields)),
      reason: parseReason(fields),
      basedOn: parseVersion(fields, 'basedOn'),
      actor: adminActor(me),
    };
    let version: number | null = null;
    await this.forms.runOnce(me, fields, async (tx) => {
      version = (await this.publisher.publish(tx, publication)).version;
    });
    return version;
  }

  /** Terms that are not right go back to the editor, each problem beside its field. */
  private async renderEditorOnError(
    me: Principal,
    fields: FormFields,
    reply: FastifyReply,
    work: () => Promise<unknown>,
  ): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof InvalidTermsError)) throw error;
      const page = await this.pages.editorPageWithProblems(me, fields, error.problems);
      sendPage(reply, termsEditorPage(page), error.status);
    }
  }
}

function problemText(error: DomainError, locale: string): string {
  const t = getTranslator(locale);
  if (error.code === 'terms.published_meanwhile') return t('terms.preview.changedMeanwhile');
  return errorText(t, error);
}
