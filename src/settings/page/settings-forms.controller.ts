import { Body, Controller, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { requesterOf, TrustedDevices } from '../../auth/index.js';
import { Database } from '../../platform/database/database.js';
import { DomainError } from '../../platform/errors.js';
import { CurrentUser, Authenticated } from '../../platform/security/auth.decorators.js';
import type { Principal } from '../../platform/security/principal.js';
import { codeFields, textField, type FormFields } from '../../platform/http/form-fields.js';
import { FormActions } from './form-actions.js';
import { redirectTo, sendPage } from '../page-response.js';
import type { SectionId } from './settings-page-model.js';
import { settingsPage } from './settings-page.js';
import { SettingsPageLoader, type PageState } from './settings-page-loader.js';

/** The forms of the settings page. What will not do is reported beside the form, with everything else as it was. */
@ApiExcludeController()
@Controller('settings')
@Authenticated()
export class SettingsFormsController {
  constructor(
    private readonly settingsPageLoader: SettingsPageLoader,
    private readonly actions: FormActions,
    private readonly devices: TrustedDevices,
    private readonly database: Database,
  ) {}

  @Post('profile')
  updateProfile(
    @CurrentUser() me: Principal,
    @Body() fields: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.runForm(me, reply, 'profile', async () => {
      const { profileService } = this.actions;
      const changes = profileService.parseForm({
        displayName: textField(fields, 'displayName'),
        locale: textField(fields, 'locale'),
        timeZone: textField(fields, 'timeZone'),
      });
      await this.database.transaction((tx) => profileService.update(tx, me.userId, changes));
      redirectTo(reply, '/settings?saved=profile#profile');
    });
  }

  @Post('backup/restore')
  restoreBackup(
    @CurrentUser() me: Principal,
    @Body() fields: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.runForm(me, reply, 'backup', async () => {
      const revision = Number(textField(fields, 'revision'));
      if (!Number.isInteger(revision) || revision < 1 || revision > 1e9)
        throw new DomainError('settings.no_backup');
      await this.database.transaction((tx) =>
        this.actions.backupService.restore(tx, me.userId, revision, null),
      );
      redirectTo(reply, '/settings?saved=backup#backup');
    });
  }

  @Post('email')
  requestEmailChange(
    @CurrentUser() me: Principal,
    @Body() fields: FormFields,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.runForm(me, reply, 'email', async () => {
      const emailChange = await this.actions.requestEmailChange(
        me,
        textField(fields, 'email'),
        requesterOf(request),
      );
      await this.showPage(me, reply, 200, { emailChange });
    });
  }

  @Post('email/confirm')
  confirmEmailChange(
    @CurrentUser() me: Principal,
    @Body() fields: FormFields,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const currentChallengeId = textField(fields, 'currentChallengeId') || null;
    const emailChange = {
      newEmail: 'the new address',
      challengeId: textField(fields, 'challengeId'),
      currentChallengeId,
    };
    return this.runForm(
      me,
      reply,
      'email',
      async () => {
        const next = codeFields(fields);
        const current =
          currentChallengeId === null ? null : codeFields(fields, 'currentChallengeId', 'currentCode');
        const email = await this.actions.emailChangeService.change(
          me,
          { newAddress: next, currentAddress: current },
          requesterOf(request),
        );
        this.devices.trust(request, reply, email);
        redirectTo(reply, '/settings?saved=email#email');
      },
      { emailChange },
    );
  }

  @Post('erase')
  requestErasure(
    @CurrentUser() me: Principal,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.runForm(me, reply, 'erase', async () => {
      const { challengeId } = await this.actions.challengeService.requestCode({
        email: me.email,
        referralCode: null,
        requester: requesterOf(request),
        locale: me.locale,
      });
      await this.showPage(me, reply, 200, { erasure: { challengeId } });
    });
  }

  @Post('erase/confirm')
  confirmErasure(
    @CurrentUser() me: Principal,
    @Body() fields: FormFields,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.runForm(
      me,
      reply,
      'erase',
      async () => {
        await this.actions.erasure.eraseOwn(me, codeFields(fields), requesterOf(request));
        void reply.clearCookie('tf_session', { path: '/' });
        redirectTo(reply, '/');
      },
      { erasure: { challengeId: textField(fields, 'challengeId') } },
    );
  }

  /** Runs `work`; what will not do is shown beside its form, on the page as `occasion` has it. */
  private async runForm(
    me: Principal,
    reply: FastifyReply,
    section: SectionId,
    work: () => Promise<void>,
    pageState: PageState = {},
  ): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof DomainError) || error.status >= 500) throw error;
      if (error.options.retryAfterSeconds !== undefined)
        void reply.header('retry-after', error.options.retryAfterSeconds);
      const shownState = error.code === 'auth.code_expired' ? {} : pageState;
      await this.showPage(me, reply, error.status === 401 ? 422 : error.status, {
        ...shownState,
        problem: { section, message: error.message },
      });
    }
  }

  private async showPage(
    me: Principal,
    reply: FastifyReply,
    status: number,
    pageState: PageState,
  ): Promise<void> {
    sendPage(reply, settingsPage(await this.settingsPageLoader.load(me, pageState), me.locale), status);
  }
}
