import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
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
