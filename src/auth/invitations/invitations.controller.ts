import { Controller, Get, Param, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { requestLocale } from '../../platform/i18n/request-locale.js';
import { getTranslator } from '../../platform/i18n/translations.js';
import { friendSentence, inviterLabel } from '../../referral/index.js';
import { InvitationDto } from './invitation.dto.js';
import { InvitationService } from './invitation.service.js';

@ApiTags('referral')
@Controller('api/v1/referral/codes')
export class InvitationsController {
  constructor(private readonly invitationService: InvitationService) {}

  /**
   * Whose code this is; lower case, spaces and dashes are fine. `code` is the usual spelling of a
   * valid one.
   */
  @Get(':code')
  async getInvitation(@Param('code') code: string, @Req() request: FastifyRequest): Promise<InvitationDto> {
    const invitation = await this.invitationService.findByCode(code);
    const t = getTranslator(requestLocale(request));
    const offer = await this.invitationService.findOffer(invitation);
    return {
      valid: invitation !== null,
      code: invitation?.code ?? code,
      invitedBy: invitation && { label: inviterLabel(t, invitation.name) },
      creditDays: offer.referredDays,
      holdDays: offer.holdDays,
      minimumAmounts: offer.minimumAmounts,
      qualifyingPrices: [...offer.qualifyingPrices],
      reward: friendSentence(t, offer) || null,
    };
  }
}
