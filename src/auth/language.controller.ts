import { Body, Controller, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Database } from '../platform/database/database.js';
import { Visitor } from '../platform/http/access.js';
import { textOf, type Fields } from '../platform/http/form-fields.js';
import type { Principal } from '../platform/http/principal.js';
import { wordBook } from '../platform/locale/words.js';
import { dayMs } from '../platform/durations.js';
import { Cookies } from './cookies.js';
import { localPath } from './local-path.js';
import { Profiles } from './profile.js';

/** The language switch at the foot of every page: kept in the browser, and in the account of whoever is signed in. */
@ApiExcludeController()
@Controller('language')
export class LanguageController {
  constructor(
    private readonly cookies: Cookies,
    private readonly profiles: Profiles,
    private readonly database: Database,
  ) {}

  @Post()
  async choose(
    @Visitor() visitor: Principal | null,
    @Body() fields: Fields | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const locale = wordBook.knownOf(textOf(fields, 'locale'));
    if (locale !== null) {
      this.cookies.set(reply, 'tf_lang', locale, 400 * dayMs);
      if (visitor !== null)
        await this.database.transaction((tx) => this.profiles.update(tx, visitor.userId, { locale }));
    }
    void reply.redirect(cameFrom(request), 303);
  }
}

/** The page that the form stood on, as far as it is one of ours. */
function cameFrom({ headers }: FastifyRequest): string {
  const { referer } = headers;
  if (referer === undefined || !URL.canParse(referer)) return '/';
  const { pathname, search } = new URL(referer);
  return localPath(`${pathname}${search}`) ?? '/';
}
