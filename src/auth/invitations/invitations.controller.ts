import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiTags, ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { InvitationDto } from './invitation.dto.js';
import { InvitationService } from './invitation.service.js';
import { referralParameters } from './referral-parameters.js';

@ApiTags('referral')
@Controller('api/v1/referral/codes')
export class InvitationsController {
  constructor(private readonly invitationService: InvitationService) {}

  /**
   * Whose code this is; lower case, spaces and dashes are fine. `code` is the usual spelling of a
   * valid one.
   */
  @Get(':code')
  async getInvitation(@Param('code') code: string): Promise<InvitationDto> {
    const invitation = await this.invitationService.findByCode(code);
    const { referredDays, holdDays } = await this.invitationService.findOffer(invitation);
    return {
      valid: invitation !== null,
      code: invitation?.code ?? code,
      invitedBy: invitation && { label: invitation.label },
      creditDays: referredDays,
      holdDays,
    };
  }
}

/** A link short enough to dictate. */
@ApiExcludeController()
@Controller('r')
export class ShortLinkController {
  /** On to the sign-in page with the code; what a campaign added to the link goes along. */
  @Get(':code')
  redirectToLogin(
    @Param('code') code: string,
    @Query() query: Record<string, unknown>,
    @Res() reply: FastifyReply,
  ): void {
    const given = Object.entries(query).filter(
      (pair): pair is [string, string] => typeof pair[1] === 'string',
    );
    const isCode = (name: string) => referralParameters.some((parameter) => parameter === name);
    const parameters = new URLSearchParams([...given.filter(([name]) => !isCode(name)), ['ref', code]]);
    void reply.redirect(`/login?${parameters.toString()}`, 302);
  }
}
