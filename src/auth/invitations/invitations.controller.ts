import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { InvitationService } from './invitation.service.js';

/**
 * What a code promises to a person who uses it now: who invites, and the days of paid access that come with the first payment.
 * While the programme is paused codes stay valid, and bring 0 days.
 */
interface InvitationDto {
  valid: boolean;
  code: string;
  invitedBy: { label: string } | null;
  creditDays: number;
}

@ApiTags('referral')
@Controller('api/v1/referral/codes')
export class InvitationsController {
  constructor(private readonly invitationService: InvitationService) {}

  /** Whose code this is; lower case, spaces and dashes are fine. `code` is the usual spelling of a valid one. */
  @Get(':code')
  async show(@Param('code') code: string): Promise<InvitationDto> {
    const [invitation, creditDays] = await Promise.all([
      this.invitationService.findByCode(code),
      this.invitationService.newUserCreditDays(),
    ]);
    return {
      valid: invitation !== null,
      code: invitation?.code ?? code,
      invitedBy: invitation && { label: invitation.label },
      creditDays,
    };
  }
}
