import { Body, Controller, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AccountErasure } from '../../accounts/index.js';
import {
  ChallengeService,
  EmailChangeService,
  ProfileService,
  requesterOf,
  TrustedDevices,
  type Requester,
} from '../../auth/index.js';
import { Database } from '../../platform/database/database.js';
import { parseEmail } from '../../platform/email-address.js';
import { DomainError, errorText } from '../../platform/errors.js';
import { getTranslator } from '../../platform/i18n/translations.js';
import { codeFields, textField, type FormFields } from '../../platform/http/form-fields.js';
import { invalidField } from '../../platform/http/validation.js';
import { CurrentUser, Authenticated } from '../../platform/security/auth.decorators.js';
import type { Principal } from '../../platform/security/principal.js';
import { BackupService } from '../backup/backup.service.js';
import { redirectTo } from '../page-context.js';
import { sendPage } from '../../platform/http/send-page.js';
import { SettingsPageLoader, type PageState } from './settings-page-loader.js';
import type { PendingEmailChangeModel, SectionId } from './settings-page-model.js';
import { settingsPage } from './settings-page.js';

/**
 * The forms about one's profile and backup. What will not do is reported beside the form, with
 * everything else as it was.
 */
@ApiExcludeController()
@Controller('settings')
@Authenticated()
export class SettingsFormsController {
  constructor(
    private readonly profileService: ProfileService,
    private readonly backupService: BackupService,
    private readonly settingsPageLoader: SettingsPageLoader,
    private readonly database: Database,
  ) {}

  @Post('profile')
  updateProfile(
    @CurrentUser() me: Principal,
    @Body() fields: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return runForm(this.settingsPageLoader, { me, reply, section: 'profile' }, async () => {
      const changes = this.profileService.parseForm({
        displayName: textField(fields, 'displayName'),
        locale: textField(fields, 'locale'),
        timeZone: textField(fields, 'timeZone'),
      });
      await this.database.transaction((tx) => this.profileService.update(tx, me.userId, changes));
      redirectTo(reply, '/settings?saved=profile#profile');
    });
  }

  /** The browser of a person who is new says where they are; what they have chosen stays. */
  @Post('time-zone')
  async fillTimeZone(
    @CurrentUser() me: Principal,
    @Body() fields: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const said = { locale: null, timeZone: textField(fields, 'timeZone') };
    await this.database.transaction((tx) => this.profileService.fill(tx, me.userId, said));
    redirectTo(reply, '/settings');
  }

  @Post('backup/restore')
  restoreBackup(
    @CurrentUser() me: Principal,
    @Body() fields: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return runForm(this.settingsPageLoader, { me, reply, section: 'backup' }, async () => {
      const revision = Number(textField(fields, 'revision'));
      if (!Number.isInteger(revision) || revision < 1 || revision > 1e9)
        throw new DomainError('settings.no_backup');
      await this.database.transaction((tx) => this.backupService.restore(tx, me.userId, revision, null));
      redirectTo(reply, '/settings?saved=backup#backup');
    });
  }
}

/**
 * The forms that move an account to another address, and that end it: what a code of the owner must
 * prove.
 */
@ApiExcludeController()
@Controller('settings')
@Authenticated()
export class AccountFormsController {
  constructor(
    private readonly challengeService: ChallengeService,
    private readonly emailChangeService: EmailChangeService,
    private readonly erasure: AccountErasure,
    private readonly devices: TrustedDevices,
    private readonly settingsPageLoader: SettingsPageLoader,
  ) {}

  @Post('email')
  requestEmailChange(
    @CurrentUser() me: Principal,
    @Body() fields: FormFields,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return runForm(this.settingsPageLoader, { me, reply, section: 'email' }, async () => {
      const emailChange = await this.sendEmailChangeCodes(me, fields, requesterOf(request));
      await showPage(this.settingsPageLoader, { me, reply }, 200, { emailChange });
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
      newEmail: getTranslator(me.locale)('emailChange.newAddressName'),
      challengeId: textField(fields, 'challengeId'),
      currentChallengeId,
    };
    return runForm(
      this.settingsPageLoader,
      { me, reply, section: 'email', pageState: { emailChange } },
      async () => {
        const next = codeFields(fields);
        const current =
          currentChallengeId === null ? null : codeFields(fields, 'currentChallengeId', 'currentCode');
        const email = await this.emailChangeService.change(
          me,
          { newAddress: next, currentAddress: current },
          requesterOf(request),
        );
        this.devices.trust(request, reply, email);
        redirectTo(reply, '/settings?saved=email#email');
      },
    );
  }

  @Post('erase')
  requestErasure(
    @CurrentUser() me: Principal,
    @Body() fields: FormFields | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return runForm(this.settingsPageLoader, { me, reply, section: 'erase' }, async () => {
      const { challengeId } = await this.challengeService.requestCode({
        email: me.email,
        referralCode: null,
        requester: requesterOf(request),
        locale: me.locale,
        formId: textField(fields, 'formId'),
      });
      await showPage(this.settingsPageLoader, { me, reply }, 200, { erasure: { challengeId } });
    });
  }

  @Post('erase/confirm')
  confirmErasure(
    @CurrentUser() me: Principal,
    @Body() fields: FormFields,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return runForm(
      this.settingsPageLoader,
      {
        me,
        reply,
        section: 'erase',
        pageState: { erasure: { challengeId: textField(fields, 'challengeId') } },
      },
      async () => {
        await this.erasure.eraseOwn(me, codeFields(fields), requesterOf(request));
        void reply.clearCookie('tf_session', { path: '/' });
        redirectTo(reply, '/');
      },
    );
  }

  /**
   * Sends a code to the new address and, where the session is not recent, one to the present
   * address.
   * Errors: `request.invalid` for what is no address; `auth.too_many`.
   */
  private async sendEmailChangeCodes(
    me: Principal,
    fields: FormFields,
    requester: Requester,
  ): Promise<PendingEmailChangeModel> {
    const newEmail = parseEmail(textField(fields, 'email'));
    if (newEmail === null || newEmail === me.email)
      throw invalidField('email', 'emailChange.problem.address');
    const { locale } = me;
    const isRecent = await this.emailChangeService.isRecentSignIn(me);
    const { challengeId } = await this.challengeService.requestCode({
      email: newEmail,
      ...{ referralCode: null, requester, locale, formId: textField(fields, 'formId') },
    });
    const current = isRecent
      ? null
      : await this.challengeService.requestCode({
          email: me.email,
          ...{ referralCode: null, requester, locale, formId: textField(fields, 'ownFormId') },
        });
    return { newEmail, challengeId, currentChallengeId: current?.challengeId ?? null };
  }
}

/**
 * A form of the settings page that was sent. `pageState` is what the page shows again when it will
 * not do.
 */
interface SubmittedForm {
  me: Principal;
  reply: FastifyReply;
  section: SectionId;
  pageState?: PageState;
}

/** Runs `work`; what will not do is shown beside its form. */
async function runForm(
  loader: SettingsPageLoader,
  { me, reply, section, pageState = {} }: SubmittedForm,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof DomainError) || error.status >= 500) throw error;
    if (error.options.retryAfterSeconds !== undefined)
      void reply.header('retry-after', error.options.retryAfterSeconds);
    const shownState = error.code === 'auth.code_expired' ? {} : pageState;
    await showPage(loader, { me, reply }, error.status === 401 ? 422 : error.status, {
      ...shownState,
      problem: { section, message: errorText(getTranslator(me.locale), error) },
    });
  }
}

async function showPage(
  loader: SettingsPageLoader,
  { me, reply }: Pick<SubmittedForm, 'me' | 'reply'>,
  status: number,
  pageState: PageState,
): Promise<void> {
  sendPage(reply, settingsPage(await loader.load(me, pageState), me.locale), status);
}
