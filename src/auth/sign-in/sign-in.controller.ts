import { Body, Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problems } from '../../platform/http/openapi/problems.decorator.js';
import { requestLocale } from '../../platform/i18n/request-locale.js';
import { getTranslator } from '../../platform/i18n/translations.js';
import { inviterLabel } from '../../referral/index.js';
import { ReferralLinkCookie } from '../invitations/referral-link-cookie.js';
import { Cookies } from '../sessions/cookies.js';
import { toUserDto } from '../users/user.dto.js';
import { ChallengeService } from './challenge.service.js';
import { codeProblems } from './code-verification.js';
import { requesterOf } from './requester.js';
import { ChallengeDto, RequestCodeDto, SignedInDto, SubmittedCodeDto } from './sign-in.dto.js';
import { SignInService } from './sign-in.service.js';
import { TrustedDevices } from './trusted-devices.js';

const sessionCookie = {
  'set-cookie': { description: 'The session cookie `tf_session`.', schema: { type: 'string' as const } },
};

@ApiTags('auth')
@Controller('api/v1/auth')
export class SignInController {
  constructor(
    private readonly challengeService: ChallengeService,
    private readonly signInService: SignInService,
    private readonly trustedDevices: TrustedDevices,
    private readonly cookies: Cookies,
    private readonly linkCookie: ReferralLinkCookie,
  ) {}

  /** Mails a code to an address. The same answer whether or not the address is known. */
  @Post('challenges')
  @HttpCode(202)
  @Problems('auth.too_many')
  async requestCode(@Body() body: RequestCodeDto, @Req() request: FastifyRequest): Promise<ChallengeDto> {
    const link = await this.linkCookie.read(request);
    const ref = body.ref || (link?.code ?? null);
    const locale = requestLocale(request);
    const challenge = await this.challengeService.requestCode({
      email: body.email,
      referralCode: ref,
      requester: requesterOf(request),
      locale,
      campaign: link?.campaign ?? null,
    });
    return {
      challengeId: challenge.challengeId,
      expiresAt: challenge.expiresAt,
      invitedBy: challenge.invitedBy && {
        label: inviterLabel(getTranslator(locale), challenge.invitedBy.name),
      },
    };
  }

  /** Signs in with a code. */
  @Post('sessions')
  @Problems(...codeProblems)
  @ApiCreatedResponse({ type: SignedInDto, headers: sessionCookie })
  async signIn(
    @Body() body: SubmittedCodeDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SignedInDto> {
    const [requester, client] = [requesterOf(request), this.cookies.clientInfoOf(request, reply)];
    const { token, expiresAt, user } = await this.signInService.signIn(body, client, requester);
    this.cookies.writeSession(reply, token);
    this.trustedDevices.trust(request, reply, user.email, client.device);
    return { token, expiresAt, user: toUserDto(user) };
  }
}
