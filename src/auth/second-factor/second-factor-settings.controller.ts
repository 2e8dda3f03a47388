import { Body, Controller, Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import QRCode from 'qrcode';
import { type Config, CONFIG } from '../../platform/config/config.js';
import { deviceName } from '../../platform/device-name.js';
import { DomainError, errorText } from '../../platform/errors.js';
import { IdPipe } from '../../platform/http/id.pipe.js';
import { textField, type FormFields } from '../../platform/http/form-fields.js';
import { invalidField, isPlainText } from '../../platform/http/validation.js';
import { getTranslator } from '../../platform/i18n/translations.js';
import { Authenticated, CurrentUser, RecentProof } from '../../platform/security/auth.decorators.js';
import { CsrfProtection } from '../../platform/security/csrf-protection.js';
import type { Principal } from '../../platform/security/principal.js';
import type { Viewer } from '../../platform/ui/layout.js';
import { Cookies } from '../sessions/cookies.js';
import { authenticatorUri } from './authenticator-codes.js';
import { Passkeys } from './passkeys.js';
import { SecondFactorEnrolment, type AddedFactor, type PendingApp } from './second-factor-enrolment.js';
import {
  newAppPage,
  newPasskeyPage,
  recoveryCodesPage,
  secondFactorSettingsPage,
} from './second-factor-settings-pages.js';
import { viewerOf } from '../sign-in/viewer.js';
import { sendPage } from '../../platform/http/send-page.js';

/** A person who changes how they sign in has just proven who they are. */
const recentMinutes = 10;

/** A person's second factors: the pages that list, add and remove them. */
@ApiExcludeController()
@Controller('settings/second-factor')
@Authenticated()
export class SecondFactorSettingsController {
  constructor(
    private readonly enrolment: SecondFactorEnrolment,
    private readonly passkeys: Passkeys,
    private readonly cookies: Cookies,
    private readonly csrfProtection: CsrfProtection,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get()
  async show(@CurrentUser() me: Principal, @Res() reply: FastifyReply): Promise<void> {
    await this.sendSettings(me, reply, 200, null);
  }

  @Post('app/new')
  @RecentProof(recentMinutes)
  startApp(@CurrentUser() me: Principal, @Res() reply: FastifyReply): Promise<void> {
    return this.run(me, reply, async () =>
      this.sendNewApp(me, reply, await this.enrolment.startApp(me), null),
    );
  }

  @Post('app')
  @RecentProof(recentMinutes)
  confirmApp(
    @CurrentUser() me: Principal,
    @Body() fields: FormFields | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.run(me, reply, async () => {
      const app = this.enrolment.openPendingApp(me, textField(fields, 'app'));
      try {
        this.sendAdded(me, reply, await this.enrolment.confirmApp(me, app, textField(fields, 'code')));
      } catch (error) {
        if (!(error instanceof DomainError) || error.code !== 'auth.second_factor_wrong') throw error;
        await this.sendNewApp(me, reply, app, errorText(getTranslator(me.locale), error));
      }
    });
  }

  @Post('app/remove')
  @RecentProof(recentMinutes)
  removeApp(@CurrentUser() me: Principal, @Res() reply: FastifyReply): Promise<void> {
    return this.run(me, reply, async () => {
      await this.enrolment.removeApp(me);
      void reply.redirect('/settings/second-factor', 303);
    });
  }

  @Post('passkeys/new')
  @RecentProof(recentMinutes)
  startPasskey(
    @CurrentUser() me: Principal,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.run(me, reply, async () => {
      const options = await this.enrolment.startPasskey(me);
      const name = deviceName(request.headers['user-agent'] ?? '');
      sendOnce(reply, newPasskeyPage({ viewer: this.viewerFor(me), options, name }, me.locale));
    });
  }

  @Post('passkeys')
  @RecentProof(recentMinutes)
  addPasskey(
    @CurrentUser() me: Principal,
    @Body() fields: FormFields | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.run(me, reply, async () => {
      const passkey = { name: parseName(fields), answer: textField(fields, 'answer') };
      this.sendAdded(me, reply, await this.enrolment.addPasskey(me, passkey));
    });
  }

  @Post('passkeys/:id/remove')
  @RecentProof(recentMinutes)
  removePasskey(
    @CurrentUser() me: Principal,
    @Param('id', IdPipe) id: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.run(me, reply, async () => {
      await this.enrolment.removePasskey(me, id);
      void reply.redirect('/settings/second-factor', 303);
    });
  }

  @Post('recovery-codes')
  @RecentProof(recentMinutes)
  renewRecoveryCodes(@CurrentUser() me: Principal, @Res() reply: FastifyReply): Promise<void> {
    return this.run(me, reply, async () =>
      this.sendRecoveryCodes(me, reply, await this.enrolment.renewRecoveryCodes(me)),
    );
  }

  /** Runs `work`; what is refused is said on the page that lists the factors. */
  private async run(me: Principal, reply: FastifyReply, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof DomainError) || error.status >= 500 || error.code === 'auth.required')
        throw error;
      if (error.options.retryAfterSeconds !== undefined)
        void reply.header('retry-after', error.options.retryAfterSeconds);
      const status = error.status === 401 ? 422 : error.status;
      await this.sendSettings(me, reply, status, errorText(getTranslator(me.locale), error));
    }
  }

  private async sendSettings(
    me: Principal,
    reply: FastifyReply,
    status: number,
    problem: string | null,
  ): Promise<void> {
    const isStaff = me.role !== 'user';
    const page = secondFactorSettingsPage({
      viewer: this.viewerFor(me),
      readerSettings: { locale: me.locale, timeZone: me.timeZone },
      factors: await this.enrolment.find(me),
      mayAdd: isStaff,
      mustHave: isStaff && this.config.staffSecondFactor === 'required',
      passkeysAvailable: this.passkeys.areAvailable,
      problem,
    });
    sendPage(reply, page, status);
  }

  private async sendNewApp(
    me: Principal,
    reply: FastifyReply,
    app: PendingApp,
    problem: string | null,
  ): Promise<void> {
    const uri = authenticatorUri(app.secret, { issuer: this.config.productName, label: me.email });
    const qrCode = await QRCode.toDataURL(uri, { margin: 2, width: 440 });
    const page = newAppPage({ viewer: this.viewerFor(me), app, qrCode, problem }, me.locale);
    sendOnce(reply, page, problem === null ? 200 : 422);
  }

  private sendAdded(me: Principal, reply: FastifyReply, { token, recoveryCodes }: AddedFactor): void {
    this.cookies.writeSession(reply, token);
    if (recoveryCodes === null) void reply.redirect('/settings/second-factor', 303);
    else this.sendRecoveryCodes(me, reply, recoveryCodes);
  }

  private sendRecoveryCodes(me: Principal, reply: FastifyReply, codes: string[]): void {
    sendOnce(reply, recoveryCodesPage({ viewer: this.viewerFor(me), codes }, me.locale));
  }

  private viewerFor(me: Principal): Viewer {
    return viewerOf(me, this.csrfProtection);
  }
}

/** Answers with a page that shows a secret: no browser keeps it. */
function sendOnce(reply: FastifyReply, page: string, status = 200): void {
  sendPage(reply.header('cache-control', 'no-store'), page, status);
}

/** Errors: `request.invalid` for a name that is too long or cannot be stored. */
function parseName(fields: FormFields | undefined): string {
  const name = textField(fields, 'name').trim() || 'Passkey';
  if (name.length > 80 || !isPlainText(name)) throw invalidField('name', 'secondFactor.problem.name');
  return name;
}
