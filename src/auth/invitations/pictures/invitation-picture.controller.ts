import { Controller, Get, Headers, Param, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '../../../platform/errors.js';
import { hasETag } from '../../../platform/http/etag.js';
import { requestLocale } from '../../../platform/i18n/request-locale.js';
import { getTranslator, translations } from '../../../platform/i18n/translations.js';
import { assetUrls } from '../../../platform/ui/assets.js';
import { InvitationService } from '../invitation.service.js';
import { shortenCode } from '../referral-parameters.js';
import { pictureOf } from './invitation-preview.js';
import { InvitationPictures, pictureHash } from './invitation-pictures.js';

/** The picture that messengers show beside a shared link. */
@ApiExcludeController()
@Controller('r')
export class InvitationPictureController {
  constructor(
    private readonly invitationService: InvitationService,
    private readonly pictures: InvitationPictures,
  ) {}

  /**
   * The picture of a code's invitation, 1200 × 630; while too many are drawn, one without words.
   * Errors: `request.not_found` for a code that no user has.
   */
  @Get(':code/picture.png')
  async sendPicture(
    @Param('code') code: string,
    @Query('lang') lang: unknown,
    @Headers('if-none-match') ifNoneMatch: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const invitation = await this.invitationService.findByCode(shortenCode(code));
    if (invitation === null) throw new DomainError('request.not_found');
    const known = typeof lang === 'string' ? translations.supportedLocale(lang) : null;
    const t = getTranslator(known ?? requestLocale(request));
    const content = pictureOf(t, invitation, await this.invitationService.findOffer(invitation));
    const etag = `"${pictureHash(content)}"`;
    void reply.headers({
      etag,
      'cache-control': 'public, max-age=3600',
      'cross-origin-resource-policy': 'cross-origin',
      vary: 'Accept-Language, Cookie',
    });
    if (hasETag(ifNoneMatch, etag)) return void reply.status(304).send();
    const png = await this.pictures.find(content);
    if (png === null)
      return void reply
        .removeHeader('etag')
        .header('cache-control', 'no-store')
        .redirect(assetUrls.invitation, 302);
    void reply.type('image/png').send(png);
  }
}
