import { Body, Controller, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Database } from '../../platform/database/database.js';
import { OptionalUser } from '../../platform/security/auth.decorators.js';
import { textField, type FormFields } from '../../platform/http/form-fields.js';
import type { Principal } from '../../platform/security/principal.js';
import { translations } from '../../platform/i18n/translations.js';
import { dayMs } from '../../platform/durations.js';
import { Cookies } from '../sessions/cookies.js';
import { safeRedirect } from '../sign-in/safe-redirect.js';
import { ProfileService } from './profile.service.js';

/** The language switch at the foot of every page: kept in the browser, and in the account of a person who is signed in. */
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
    void reply.redirect(refererPath(request), 303);
  }
}

/** The page that the form stood on, as far as it is a page of this site. */
function refererPath({ headers }: FastifyRequest): string {
  const { referer } = headers;
  if (referer === undefined || !URL.canParse(referer)) return '/';
  const { pathname, search } = new URL(referer);
  return safeRedirect(`${pathname}${search}`) ?? '/';
}
