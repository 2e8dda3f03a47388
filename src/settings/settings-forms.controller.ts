import { Body, Controller, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { askerOf, ProvenDevices } from '../auth/index.js';
import { Database } from '../platform/database/database.js';
import { DomainError } from '../platform/errors.js';
import { Me, SignedIn } from '../platform/http/access.js';
import type { Principal } from '../platform/http/principal.js';
import { codeOf, textOf, type Fields } from '../platform/http/form-fields.js';
import { FormActions } from './form-actions.js';
import { goTo, sendPage } from './html.js';
import type { SectionId } from './pages/settings-model.js';
import { settingsPage } from './pages/settings-page.js';
import { SettingsModels, type Occasion } from './settings-models.js';

/** The forms of the settings page. What will not do is told beside the form, with everything else as it was. */
@ApiExcludeController()
@Controller('settings')
@SignedIn()
export class SettingsFormsController {
  constructor(
    private readonly models: SettingsModels,
    private readonly actions: FormActions,
    private readonly devices: ProvenDevices,
    private readonly database: Database,
  ) {}

  @Post('profile')
  profile(@Me() me: Principal, @Body() fields: Fields, @Res() reply: FastifyReply): Promise<void> {
    return this.attempt(me, reply, 'profile', async () => {
      const { profiles } = this.actions;
      const changes = profiles.fromForm({
        displayName: textOf(fields, 'displayName'),
        locale: textOf(fields, 'locale'),
        timeZone: textOf(fields, 'timeZone'),
      });
      await this.database.transaction((tx) => profiles.update(tx, me.userId, changes));
      goTo(reply, '/settings?saved=profile#profile');
    });
  }

  @Post('backup/restore')
  restore(@Me() me: Principal, @Body() fields: Fields, @Res() reply: FastifyReply): Promise<void> {
    return this.attempt(me, reply, 'backup', async () => {
      const revision = Number(textOf(fields, 'revision'));
      if (!Number.isInteger(revision) || revision < 1 || revision > 1e9)
        throw new DomainError('settings.no_backup');
      await this.database.transaction((tx) => this.actions.backups.restore(tx, me.userId, revision, null));
      goTo(reply, '/settings?saved=backup#backup');
    });
  }

  @Post('email')
  askForEmail(
    @Me() me: Principal,
    @Body() fields: Fields,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.attempt(me, reply, 'email', async () => {
      const emailChange = await this.actions.beginEmailChange(me, textOf(fields, 'email'), askerOf(request));
      await this.show(me, reply, 200, { emailChange });
    });
  }

  @Post('email/confirm')
  changeEmail(
    @Me() me: Principal,
    @Body() fields: Fields,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const currentChallengeId = textOf(fields, 'currentChallengeId') || null;
    const emailChange = {
      newEmail: 'the new address',
      challengeId: textOf(fields, 'challengeId'),
      currentChallengeId,
    };
    return this.attempt(
      me,
      reply,
      'email',
      async () => {
        const next = codeOf(fields);
        const current =
          currentChallengeId === null ? null : codeOf(fields, 'currentChallengeId', 'currentCode');
        const email = await this.actions.emailChange.change(me, { next, current }, askerOf(request));
        this.devices.remember(request, reply, email);
        goTo(reply, '/settings?saved=email#email');
      },
      { emailChange },
    );
  }

  @Post('erase')
  askForErasure(
    @Me() me: Principal,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.attempt(me, reply, 'erase', async () => {
      const { challengeId } = await this.actions.challenges.request({
        email: me.email,
        ref: null,
        asker: askerOf(request),
        locale: me.locale,
      });
      await this.show(me, reply, 200, { erasure: { challengeId } });
    });
  }

  @Post('erase/confirm')
  erase(
    @Me() me: Principal,
    @Body() fields: Fields,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.attempt(
      me,
      reply,
      'erase',
      async () => {
        await this.actions.end.erase(me, codeOf(fields), askerOf(request));
        void reply.clearCookie('tf_session', { path: '/' });
        goTo(reply, '/');
      },
      { erasure: { challengeId: textOf(fields, 'challengeId') } },
    );
  }

  /** Runs `work`; what will not do is shown beside its form, on the page as `occasion` has it. */
  private async attempt(
    me: Principal,
    reply: FastifyReply,
    section: SectionId,
    work: () => Promise<void>,
    occasion: Occasion = {},
  ): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof DomainError) || error.status >= 500) throw error;
      if (error.options.retryAfterSeconds !== undefined)
        void reply.header('retry-after', error.options.retryAfterSeconds);
      const open = error.code === 'auth.code_expired' ? {} : occasion;
      await this.show(me, reply, error.status === 401 ? 422 : error.status, {
        ...open,
        problem: { section, message: error.message },
      });
    }
  }

  private async show(me: Principal, reply: FastifyReply, status: number, occasion: Occasion): Promise<void> {
    sendPage(reply, settingsPage(await this.models.of(me, occasion), me.locale), status);
  }
}
