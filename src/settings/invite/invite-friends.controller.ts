import { Body, Controller, Get, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ProfileService } from '../../auth/index.js';
import { Database } from '../../platform/database/database.js';
import { DomainError, errorText } from '../../platform/errors.js';
import { textField, type FormFields } from '../../platform/http/form-fields.js';
import { IdPipe } from '../../platform/http/id.pipe.js';
import { invalidField } from '../../platform/http/validation.js';
import { getTranslator } from '../../platform/i18n/translations.js';
import { Authenticated, CurrentUser } from '../../platform/security/auth.decorators.js';
import type { Principal } from '../../platform/security/principal.js';
import { CodeChanges, InviteNames, LateClaims, maxNoteLength } from '../../referral/index.js';
import { redirectTo } from '../page-context.js';
import { sendPage } from '../../platform/http/send-page.js';
import { InviteFriendsLoader } from './invite-friends-loader.js';
import { inviteForms, type InviteForm } from './invite-friends-model.js';
import { inviteFriendsPage } from './invite-friends-page.js';

/** The page where people share their link, and see what became of it. */
@ApiExcludeController()
@Controller('invite')
@Authenticated()
export class InviteFriendsController {
  constructor(private readonly loader: InviteFriendsLoader) {}

  @Get()
  async show(
    @CurrentUser() me: Principal,
    @Query() query: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const saved = textField(query, 'saved');
    const model = await this.loader.load(me, {
      cursor: textField(query, 'invites'),
      notice: inviteForms.find((form) => form === saved) ?? null,
    });
    sendPage(reply, inviteFriendsPage(model, me.locale));
  }
}

/** Its forms. What will not do is reported beside the form, with everything else as it was. */
@ApiExcludeController()
@Controller('invite')
@Authenticated()
export class InviteFriendsFormsController {
  // eslint-disable-next-line max-params -- one for each form, and what shows them
  constructor(
    private readonly loader: InviteFriendsLoader,
    private readonly profileService: ProfileService,
    private readonly inviteNames: InviteNames,
    private readonly codes: CodeChanges,
    private readonly claims: LateClaims,
    private readonly database: Database,
  ) {}

  /** An empty name changes nothing: a name is asked for, not demanded. */
  @Post('name')
  saveName(
    @CurrentUser() me: Principal,
    @Body() fields: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.runForm(me, reply, 'name', async () => {
      const displayName = this.profileService.parseName(textField(fields, 'displayName'));
      if (displayName !== null)
        await this.database.transaction((tx) => this.profileService.update(tx, me.userId, { displayName }));
      return '/invite?saved=name';
    });
  }

  @Post('note')
  saveNote(
    @CurrentUser() me: Principal,
    @Body() fields: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.runForm(me, reply, 'note', async () => {
      const id = new IdPipe().transform(textField(fields, 'id'));
      const note = textField(fields, 'note').trim().normalize('NFC');
      if ([...note].length > maxNoteLength || /\p{C}/u.test(note))
        throw invalidField('note', 'inviteFriends.note.problem', { max: maxNoteLength });
      await this.database.transaction((tx) => this.inviteNames.saveNote(tx, me.userId, id, note));
      const query = new URLSearchParams({ saved: 'note', invites: textField(fields, 'invites') });
      return `/invite?${query.toString()}#invite-${id}`;
    });
  }

  @Post('code')
  changeCode(
    @CurrentUser() me: Principal,
    @Body() fields: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.runForm(me, reply, 'code', async () => {
      const wanted = textField(fields, 'code').trim() || null;
      await this.database.transaction((tx) => this.codes.changeCode(tx, me.userId, wanted));
      return '/invite?saved=code';
    });
  }

  @Post('claim')
  claim(@CurrentUser() me: Principal, @Body() fields: FormFields, @Res() reply: FastifyReply): Promise<void> {
    return this.runForm(me, reply, 'claim', async () => {
      const code = textField(fields, 'claimed').trim();
      await this.database.transaction((tx) => this.claims.claim(tx, me.userId, { code }));
      return '/invite?saved=claim';
    });
  }

  /** Runs `work`, and leads to where it says. */
  private async runForm(
    me: Principal,
    reply: FastifyReply,
    form: InviteForm,
    work: () => Promise<string>,
  ): Promise<void> {
    try {
      redirectTo(reply, await work());
    } catch (error) {
      if (!(error instanceof DomainError) || error.status >= 500) throw error;
      const message = problemText(me.locale, form, error);
      sendPage(
        reply,
        inviteFriendsPage(await this.loader.load(me, { problem: { form, message } }), me.locale),
        error.status,
      );
    }
  }
}

/** The forms about codes say more than the error does. */
function problemText(locale: string, form: InviteForm, error: DomainError): string {
  const t = getTranslator(locale);
  if (form === 'name' || form === 'note') return errorText(t, error);
  const key = `codes.problem.${error.code.replace('.', '_')}`;
  const translated = t(key);
  return translated === key ? errorText(t, error) : translated;
}
