import { Controller, Get, Headers, Param, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { minuteMs } from '../../../platform/durations.js';
import { DomainError } from '../../../platform/errors.js';
import { hasETag } from '../../../platform/http/etag.js';
import { requestLocale } from '../../../platform/i18n/request-locale.js';
import { getTranslator, translations } from '../../../platform/i18n/translations.js';
import { RateLimits } from '../../../platform/security/rate-limits.js';
import { assetUrls } from '../../../platform/ui/assets.js';
import { ipPrefix } from '../../sign-in/requester.js';
import { InvitationService } from '../invitation.service.js';
import { shortenCode } from '../referral-parameters.js';
import { pictureOf } from './invitation-preview.js';
import { InvitationPictures, pictureHash } from './invitation-pictures.js';
import type { PictureContent } from './picture-worker.js';

/**
 * Those that are kept in memory do not count. A messenger asks from few networks, for all its
 * people.
 */
const picturesPerNetworkPerTenMinutes = 300;

/** The picture that messengers show beside a shared link. */
@ApiExcludeController()
@Controller('r')
export class InvitationPictureController {
  constructor(
    private readonly invitationService: InvitationService,
    private readonly pictures: InvitationPictures,
    private readonly rates: RateLimits,
  ) {}

  /**
   * The picture of a code's invitation, 1200 × 630; while too many are drawn, and for a network
   * that had too many drawn, one without words.
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
    const png = this.pictures.findKept(content) ?? (await this.draw(content, request.ip));
    if (png === null)
      return void reply
        .removeHeader('etag')
        .header('cache-control', 'no-store')
        .redirect(assetUrls.invitation, 302);
    void reply.type('image/png').send(png);
  }

  private async draw(content: PictureContent, ip: string): Promise<Buffer | null> {
    try {
      const key = `invitation-picture:network:${ipPrefix(ip)}`;
      await this.rates.hit([{ key, hits: picturesPerNetworkPerTenMinutes, windowMs: 10 * minuteMs }]);
    } catch (error) {
      if (error instanceof DomainError && error.code === 'auth.too_many') return null;
      throw error;
    }
    return this.pictures.find(content);
  }
}
