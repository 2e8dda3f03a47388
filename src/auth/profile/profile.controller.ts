import { Body, Controller, HttpCode, Post, Put, Req, Res } from '@nestjs/common';
import { ApiTags, ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Database } from '../../platform/database/database.js';
import { dayMs } from '../../platform/durations.js';
import { textField, type FormFields } from '../../platform/http/form-fields.js';
import { Problems } from '../../platform/http/openapi/problems.decorator.js';
import { translations } from '../../platform/i18n/translations.js';
import { CurrentUser, Authenticated, OptionalUser } from '../../platform/security/auth.decorators.js';
import type { Principal } from '../../platform/security/principal.js';
import { Cookies } from '../sessions/cookies.js';
import { codeProblems } from '../sign-in/code-verification.js';
import { requesterOf } from '../sign-in/requester.js';
import { safeRedirect } from '../sign-in/safe-redirect.js';
import { TrustedDevices } from '../sign-in/trusted-devices.js';
import { toUserDto, UserDto } from '../users/user.dto.js';
import { EmailChangeService } from './email-change.service.js';
import { ChangeEmailDto, UpdateProfileDto } from './profile.dto.js';
import { ProfileService } from './profile.service.js';

@ApiTags('me')
@Controller('api/v1/me')
@Authenticated()
export class ProfileController {
  constructor(
    private readonly profileService: ProfileService,
    private readonly emailChangeService: EmailChangeService,
    private readonly devices: TrustedDevices,
    private readonly database: Database,
  ) {}

  /** Changes how I am named and addressed. */
  @Put()
  @Problems('request.not_found')
  async updateMe(@CurrentUser() me: Principal, @Body() body: UpdateProfileDto): Promise<UserDto> {
    return toUserDto(
      await this.database.transaction((tx) => this.profileService.update(tx, me.userId, body)),
    );
  }

  /** Moves my account to another address. */
  @Post('email')
  @Problems('request.not_found', ...codeProblems, 'auth.fresh_sign_in_needed', 'auth.email_taken')
  @HttpCode(200)
  async changeEmail(
    @CurrentUser() me: Principal,
    @Body() body: ChangeEmailDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<UserDto> {
    const { challengeId, code, currentChallengeId, currentCode } = body;
    const currentAddress =
      currentChallengeId === undefined || currentCode === undefined
        ? null
        : { challengeId: currentChallengeId, code: currentCode };
    const codes = { newAddress: { challengeId, code }, currentAddress };
    this.devices.trust(request, reply, await this.emailChangeService.change(me, codes, requesterOf(request)));
    return toUserDto(await this.profileService.findUser(me.userId));
  }
}

/**
 * The language switch at the foot of every page: kept in the browser, and in the account of a
 * person who is signed in.
 */
@ApiExcludeController()
@Controller('language')
export class LanguageController {
  constructor(
    private readonly cookies: Cookies,
    private readonly profileService: ProfileService,
    private readonly database: Database,
  ) {}

  @Post()
  async changeLanguage(
    @OptionalUser() visitor: Principal | null,
    @Body() fields: FormFields | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const locale = translations.supportedLocale(textField(fields, 'locale'));
    if (locale !== null) {
      this.cookies.set(reply, 'tf_lang', locale, 400 * dayMs);
      if (visitor !== null)
        await this.database.transaction((tx) => this.profileService.update(tx, visitor.userId, { locale }));
    }
    void reply.redirect(safeRedirect(textField(fields, 'next')) ?? refererPath(request), 303);
  }
}

/** The page with the form, if it is a page of this site. */
function refererPath({ headers }: FastifyRequest): string {
  const { referer } = headers;
  if (referer === undefined || !URL.canParse(referer)) return '/';
  const { pathname, search } = new URL(referer);
  return safeRedirect(`${pathname}${search}`) ?? '/';
}
